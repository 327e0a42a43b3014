import { describe, expect, test } from 'vitest'
import { RawSocket } from '../support/rawSocket.ts'
import { useSignedIn } from '../support/signedIn.ts'
import { codeOf, Follower } from '../support/testServer.ts'

/** What clients rely on: names, shapes and order of what is answered. */

const shared = useSignedIn()

const ts = (source: string) => ({ insert: { language: 'typescript' as const, source } })

async function notebookWith(...sources: string[]): Promise<{ notebookId: string; cellIds: string[] }> {
  const { id } = await shared.client.createNotebook.mutate({})
  const { cellIds } = await shared.client.applyEdits.mutate({ notebookId: id, edits: sources.map(ts) })
  return { notebookId: id, cellIds }
}

const read = (id: string) => shared.client.getNotebook.query({ id })

describe('answers', () => {
  test('every mutation of a notebook answers with its new rev, one more each time', async () => {
    const { id } = await shared.client.createNotebook.mutate({ title: 'T' })
    const inNotebook = { notebookId: id }
    const first = await shared.client.insertCell.mutate({ ...inNotebook, language: 'typescript', source: 'const a = 1' })
    expect(first).toEqual({ cellId: expect.any(String), rev: 1 })
    const inCell = { ...inNotebook, cellId: first.cellId }
    expect(await shared.client.editCell.mutate({ ...inCell, baseVersion: 1, source: 'const a = 2' })).toEqual({
      version: 2,
      rev: 2,
    })
    const second = await shared.client.applyEdits.mutate({ ...inNotebook, edits: [ts('a')] })
    expect(second).toEqual({ cellIds: [expect.any(String)], runIds: [], rev: 3 })
    expect(await shared.client.moveCell.mutate({ ...inCell, after: 'end' })).toEqual({ rev: 4 })
    expect(await shared.client.setCell.mutate({ ...inCell, hidden: true })).toEqual({ rev: 5 })
    expect(await shared.client.setNotebook.mutate({ ...inNotebook, mode: 'lazy', cutoff: true })).toEqual({ rev: 6 })
    expect(await shared.client.renameNotebook.mutate({ id, title: 'U' })).toEqual({ rev: 7 })
    expect(await shared.client.deleteCell.mutate(inCell)).toEqual({ rev: 8 })
    expect(await shared.client.restoreCell.mutate(inCell)).toEqual({ rev: 9 })
    const copy = await shared.client.duplicateNotebook.mutate({ id })
    expect(copy).toEqual({ id: expect.any(String), rev: 0 })
    expect(await read(copy.id)).toMatchObject({
      ...{ title: 'U (copy)', mode: 'lazy', cutoff: true },
      cells: [{ source: 'a' }, { source: 'const a = 2', hidden: true }],
    })
    expect(await shared.client.deleteNotebook.mutate({ id })).toEqual({ rev: 9 })
    expect(await shared.client.restoreNotebook.mutate({ id })).toEqual({ rev: 9 })
    expect(await shared.client.restoreNotebook.mutate({ id })).toEqual({ rev: 9 })
    expect(await read(id)).toMatchObject({
      ...{ id, title: 'U', kind: 'user', role: 'owner', rev: 9, mode: 'lazy', cutoff: true },
      cells: [
        { id: second.cellIds[0], source: 'a', version: 1 },
        { id: first.cellId, source: 'const a = 2', version: 2, hidden: true, defines: ['a'], uses: [], status: 'idle' },
      ],
    })
  })

  test('insertCell: null is first, absent and "end" last, an id behind that cell', async () => {
    const { notebookId, cellIds } = await notebookWith('1')
    const insert = async (place: { after?: string | null }) =>
      (await shared.client.insertCell.mutate({ notebookId, language: 'typescript', ...place })).cellId
    const last = await insert({})
    const first = await insert({ after: null })
    const end = await insert({ after: 'end' })
    const behind = await insert({ after: cellIds[0] ?? '' })
    const { cells } = await read(notebookId)
    expect(cells.map((cell) => cell.id)).toEqual([first, cellIds[0], behind, last, end])
    expect(cells[0]).toMatchObject({ source: '', version: 1, stale: false, result: { kind: 'none' }, outputs: [] })
  })

  test('a deleted cell comes back as it was, behind the nearest cell before it that is still there', async () => {
    const { notebookId, cellIds } = await notebookWith('const a = 1', 'const b = 2', 'const c = 3', 'const d = 4')
    const [a = '', b = '', c = '', d = ''] = cellIds
    await shared.client.setCell.mutate({ notebookId, cellId: c, disabled: true, hidden: true })
    for (const cellId of [c, b]) await shared.client.deleteCell.mutate({ notebookId, cellId })
    await shared.client.restoreCell.mutate({ notebookId, cellId: c })
    const { cells, rev } = await read(notebookId)
    expect(cells.map((cell) => cell.id)).toEqual([a, c, d])
    expect(cells[1]).toMatchObject({ source: 'const c = 3', version: 1, disabled: true, hidden: true })
    await shared.client.restoreCell.mutate({ notebookId, cellId: b })
    expect((await read(notebookId)).cells.map((cell) => cell.id)).toEqual([a, b, c, d])
    expect(await shared.client.restoreCell.mutate({ notebookId, cellId: b })).toEqual({ rev: rev + 1 })
    expect(await codeOf(shared.client.restoreCell.mutate({ notebookId, cellId: 'x' }))).toBe('NOT_FOUND')
  })

  test('[S3] applyEdits: insert, delete, move and edit in one transaction, one message, one run', async () => {
    const { notebookId, cellIds } = await notebookWith('const a = 1', 'const b = a', 'gone')
    const [a = '', b = '', gone = ''] = cellIds
    const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
    const { rev } = await follower.snapshot()
    const done = await shared.client.applyEdits.mutate({
      notebookId,
      baseRev: rev,
      edits: [
        { cellId: a, source: 'const a = 5', baseVersion: 1 },
        { move: { cellId: b, after: null } },
        { delete: gone },
        { insert: { language: 'typescript', source: 'const c = b + 1\nc', after: a } },
      ],
      run: true,
    })
    expect(done.cellIds).toHaveLength(1)
    expect(done.runIds).toHaveLength(3)
    for (const runId of done.runIds) await follower.finished(runId)
    expect(follower.revs[0]).toBe(rev + 1)
    const { cells } = await read(notebookId)
    expect(cells.map((cell) => cell.id)).toEqual([b, a, done.cellIds[0]])
    expect(cells[2]?.outputs).toMatchObject([{ kind: 'value', data: { 'text/plain': '6' } }])
    const late = shared.client.applyEdits.mutate({ notebookId, baseRev: rev, edits: [{ delete: a }] })
    await expect(late).rejects.toMatchObject({
      data: { code: 'CONFLICT', problem: { kind: 'rev-conflict', rev: expect.any(Number), epoch: follower.state().epoch } },
    })
    follower.stop()
  })

  test('runAll runs every enabled cell, also fresh ones; runStale what is out of date; runCells those named', async () => {
    const { notebookId, cellIds } = await notebookWith('const a = 1', 'const b = a', 'const c = 1', 'const d = 1')
    const [a = '', b = '', c = '', d = ''] = cellIds
    const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
    await follower.snapshot()
    const finish = async ({ cellIds: order, runIds }: { cellIds: string[]; runIds: string[] }) => {
      for (const runId of runIds) await follower.finished(runId)
      return order
    }
    await shared.client.setCell.mutate({ notebookId, cellId: d, disabled: true })
    expect(await finish(await shared.client.runAll.mutate({ notebookId }))).toEqual([a, b, c])
    expect(await finish(await shared.client.runAll.mutate({ notebookId }))).toEqual([a, b, c])
    expect(await finish(await shared.client.runStale.mutate({ notebookId }))).toEqual([])
    await shared.client.editCell.mutate({ notebookId, cellId: a, baseVersion: 1, source: 'const a = 2' })
    expect(await finish(await shared.client.runStale.mutate({ notebookId }))).toEqual([a, b])
    expect(await finish(await shared.client.runCells.mutate({ notebookId, cellIds: [c, a] }))).toEqual([a, b, c])
    follower.stop()
  })

  test('getOutput gives an output in full; unknown ones are NOT_FOUND', async () => {
    const { id } = await shared.client.createNotebook.mutate({ from: 'demo' })
    const cell = (await read(id)).cells.find(({ outputs }) => outputs.length > 0)
    const [output] = cell?.outputs ?? []
    const inCell = { notebookId: id, cellId: cell?.id ?? '' }
    expect(await shared.client.getOutput.query({ ...inCell, outputId: output?.id ?? '' })).toEqual(output)
    expect(await codeOf(shared.client.getOutput.query({ ...inCell, outputId: 'x' }))).toBe('NOT_FOUND')
    expect(await codeOf(shared.client.getOutput.query({ ...inCell, cellId: 'x', outputId: output?.id ?? '' }))).toBe('NOT_FOUND')
  })

  test('a query too long for a URL can be posted', async () => {
    const { notebookId } = await notebookWith()
    const body = JSON.stringify({ notebookId, edits: [ts(`"${'x'.repeat(100_000)}"`)] })
    const headers = { authorization: `Bearer ${shared.token}`, 'content-type': 'application/json' }
    const response = await fetch(`${shared.server.url}/trpc/plan`, { method: 'POST', headers, body })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ result: { data: { runs: [{ cause: 'requested' }] } } })
  })

  test('several calls in one HTTP request are answered each on its own', async () => {
    const input = encodeURIComponent(JSON.stringify({ 1: { id: 'nowhere' }, 2: { id: 'blank' } }))
    const url = `${shared.server.url}/trpc/whoami,getNotebook,getNotebook?batch=1&input=${input}`
    const response = await fetch(url, { headers: { authorization: `Bearer ${shared.token}` } })
    expect(response.status).toBe(207)
    expect(await response.json()).toMatchObject([
      { result: { data: { kind: 'guest' } } },
      { error: { data: { code: 'NOT_FOUND', problem: { kind: 'not-found', what: 'notebook', id: 'nowhere' } } } },
      { result: { data: { kind: 'blank' } } },
    ])
  })
})

describe('events', () => {
  test('[C3] every event has its position; one decision is one message; what is folded is what is stored', async () => {
    const { notebookId, cellIds } = await notebookWith('console.log("x")', '1 + 1')
    const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
    const { epoch, rev } = await follower.snapshot()
    const { runIds } = await shared.client.runAll.mutate({ notebookId })
    for (const runId of runIds) await follower.finished(runId)
    const { rev: last } = await shared.client.renameNotebook.mutate({ id: notebookId, title: 'Done' })
    await follower.reached(last)
    for (const { id, data } of follower.events) {
      const at = data.type === 'snapshot' ? data.notebook.rev : data.type === 'changes' ? data.rev : undefined
      expect(id).toMatch(new RegExp(`^${epoch}:\\d+$`))
      if (at !== undefined) expect(id).toBe(`${epoch}:${at}`)
    }
    expect(follower.revs).toEqual(Array.from({ length: last - rev }, (_, index) => rev + 1 + index))
    const stored = await read(notebookId)
    expect(follower.state()).toEqual(stored)
    expect(stored.cells.map((cell) => cell.id)).toEqual(cellIds)
    const { userId } = await shared.client.whoami.query()
    const actors = follower.events.flatMap(({ data }) => (data.type === 'changes' ? [data.by] : []))
    expect(actors[0]).toEqual({ userId, name: 'Guest', via: 'api' })
    expect(new Set(actors.map((by) => by.via))).toEqual(new Set(['api', 'system']))
    follower.stop()
  })

  test('who is there is told to those who are there, with a position', async () => {
    const { notebookId } = await notebookWith()
    const first = new Follower(shared.server.ws(shared.token).client, notebookId)
    const peopleOf = (follower: Follower, count: number) =>
      follower.until((events) => events.some((event) => event.type === 'presence' && event.people.length === count))
    await peopleOf(first, 1)
    const second = new Follower(shared.server.ws(shared.token).client, notebookId)
    await Promise.all([peopleOf(first, 2), peopleOf(second, 2)])
    const before = first.events.length
    second.stop()
    await first.until(() => first.events.slice(before).some(({ data }) => data.type === 'presence' && data.people.length === 1))
    expect(first.events.every(({ id }) => id === `${first.state().epoch}:${first.state().rev}`)).toBe(true)
    first.stop()
  })

  test('notebookList is tracked, and says at once what is there', async () => {
    const socket = await RawSocket.open(shared.server.url, { params: { token: shared.token } })
    socket.subscribe(1, 'notebookList')
    const first = await socket.until(({ result }) => result?.type === 'data')
    expect(first.result?.id).toMatch(/^list:\d+$/)
    expect(first.result?.data).toMatchObject({ id: first.result?.id, data: expect.arrayContaining([]) })
    socket.close()
  })

  test('what many sockets get is, byte for byte, what one serialisation gives', async () => {
    const { notebookId, cellIds } = await notebookWith('1')
    const sockets = await Promise.all([1, 2].map(() => RawSocket.open(shared.server.url, { params: { token: shared.token } })))
    const texts: string[][] = sockets.map(() => [])
    for (const [index, { socket }] of sockets.entries())
      socket.on('message', (data: Buffer) => texts[index]?.push(data.toString('utf8')))
    for (const [index, socket] of sockets.entries()) {
      socket.subscribe(7 + index, 'notebook', { id: notebookId })
      await socket.until(({ result }) => result?.type === 'data')
    }
    const source = 'quotes " and \\ and \u2028 and \u0000 and \ud800 end'
    const { rev } = await shared.client.editCell.mutate({ notebookId, cellId: cellIds[0] ?? '', baseVersion: 1, source })
    for (const socket of sockets) await socket.until(({ result }) => result?.id?.endsWith(`:${rev}`) === true)
    const ofEdit = texts.flatMap((list) => list.filter((text) => text.includes('cell.edited')))
    expect(ofEdit).toHaveLength(2)
    for (const text of ofEdit) {
      const message = JSON.parse(text)
      expect(JSON.stringify(message.result.data.data)).toBe(JSON.stringify(JSON.parse(text).result.data.data))
      expect(message.result.data).toMatchObject({
        id: message.result.id,
        data: { type: 'changes', rev, changes: [{ source }, {}] },
      })
    }
    for (const socket of sockets) socket.close()
  })
})
