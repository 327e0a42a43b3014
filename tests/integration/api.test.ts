import { describe, expect, test } from 'vitest'
import { useSignedIn } from '../support/signedIn.ts'
import { codeOf, Follower } from '../support/testServer.ts'

const shared = useSignedIn()

async function notebookWith(...sources: string[]): Promise<{ notebookId: string; cellIds: string[] }> {
  const { id } = await shared.client.createNotebook.mutate({ title: 'Test' })
  const edits = sources.map((source) => ({ insert: { language: 'typescript' as const, source } }))
  const { cellIds } = await shared.client.applyEdits.mutate({ notebookId: id, edits })
  return { notebookId: id, cellIds }
}

describe('notebooks', () => {
  test('whoami names the guest', async () => {
    const me = await shared.client.whoami.query()
    expect(me).toMatchObject({ kind: 'guest', name: 'Guest' })
    expect(Date.parse(me.expiresAt)).toBeGreaterThan(Date.now())
  })

  test('create, rename, duplicate, bin, restore', async () => {
    const { id } = await shared.client.createNotebook.mutate({ title: 'First' })
    await shared.client.renameNotebook.mutate({ id, title: 'Second' })
    const copy = await shared.client.duplicateNotebook.mutate({ id })
    expect((await shared.client.getNotebook.query({ id: copy.id })).title).toBe('Second (copy)')
    await shared.client.deleteNotebook.mutate({ id })
    expect(await codeOf(shared.client.getNotebook.query({ id }))).toBe('NOT_FOUND')
    expect((await shared.client.listNotebooks.query({ deleted: true })).map((row) => row.id)).toContain(id)
    await shared.client.restoreNotebook.mutate({ id })
    expect((await shared.client.getNotebook.query({ id })).title).toBe('Second')
  })

  test('a follower of a notebook that is binned is told', async () => {
    const { id } = await shared.client.createNotebook.mutate({})
    const follower = new Follower(shared.server.ws(shared.token).client, id)
    await follower.snapshot()
    await shared.client.deleteNotebook.mutate({ id })
    expect(await codeOf(follower.until(() => undefined))).toBe('NOT_FOUND')
  })

  test('notebookList yields the list, and again when it changes', async () => {
    const lists: string[][] = []
    let wake: () => void = () => undefined
    const subscription = shared.server.ws(shared.token).client.notebookList.subscribe(undefined, {
      onData: ({ data }) => {
        lists.push(data.map((row) => row.title))
        wake()
      },
    })
    const until = async (title: string) => {
      while (!lists.at(-1)?.includes(title)) await new Promise<void>((resolve) => (wake = resolve))
    }
    await until('Demo notebook')
    await shared.client.createNotebook.mutate({ title: 'Fresh' })
    await until('Fresh')
    subscription.unsubscribe()
  })
})

describe('cells', () => {
  test('insert first, last and between; move; delete; restore', async () => {
    const { notebookId, cellIds } = await notebookWith('const a = 1', 'const b = 2')
    const { cellId } = await shared.client.insertCell.mutate({ notebookId, language: 'markdown', source: '# x', after: null })
    await shared.client.moveCell.mutate({ notebookId, cellId, after: cellIds[0] })
    const order = async () => (await shared.client.getNotebook.query({ id: notebookId })).cells.map((cell) => cell.id)
    expect(await order()).toEqual([cellIds[0], cellId, cellIds[1]])
    await shared.client.deleteCell.mutate({ notebookId, cellId })
    expect(await order()).toEqual(cellIds)
    await shared.client.restoreCell.mutate({ notebookId, cellId })
    expect(await order()).toEqual([cellIds[0], cellId, cellIds[1]])
  })

  test('an edit names its base; a late one gets the current source', async () => {
    const {
      notebookId,
      cellIds: [cellId = ''],
    } = await notebookWith('const a = 1')
    const { version } = await shared.client.editCell.mutate({ notebookId, cellId, baseVersion: 1, source: 'const a = 2' })
    expect(version).toBe(2)
    const late = shared.client.editCell.mutate({ notebookId, cellId, baseVersion: 1, source: 'const a = 3' })
    await expect(late).rejects.toMatchObject({
      data: { code: 'CONFLICT', problem: { kind: 'version-conflict', cellId, version: 2, source: 'const a = 2' } },
    })
  })

  test('[S3] a batch is all or nothing', async () => {
    const {
      notebookId,
      cellIds: [cellId = ''],
    } = await notebookWith('const a = 1')
    const edits = [{ cellId, source: 'const a = 2' }, { delete: 'nobody' }]
    expect(await codeOf(shared.client.applyEdits.mutate({ notebookId, edits }))).toBe('NOT_FOUND')
    expect((await shared.client.getNotebook.query({ id: notebookId })).cells[0]?.source).toBe('const a = 1')
  })

  test('[S3] a batch inserts cells with their settings', async () => {
    const { notebookId } = await notebookWith('const a = 1')
    const insert = { language: 'sql' as const, source: 'select 1', after: null, resultName: 'one', disabled: true, hidden: true }
    await shared.client.applyEdits.mutate({ notebookId, edits: [{ insert }] })
    const { after, ...kept } = insert
    expect((await shared.client.getNotebook.query({ id: notebookId })).cells[0]).toMatchObject({ ...kept, defines: ['one'] })
    const edits = [{ insert: { language: 'sql' as const, connectionId: 'pg-nothing' } }]
    expect(await codeOf(shared.client.applyEdits.mutate({ notebookId, edits }))).toBe('NOT_FOUND')
  })

  test('[C5] the same opId has one effect and one answer, for every kind of mutation', async () => {
    const { notebookId } = await notebookWith()
    const insert = { notebookId, language: 'typescript' as const, source: 'const z = 1', opId: crypto.randomUUID() }
    const first = await shared.client.insertCell.mutate(insert)
    expect(await shared.client.insertCell.mutate(insert)).toEqual(first)
    expect((await shared.client.getNotebook.query({ id: notebookId })).cells).toHaveLength(1)
    const create = { title: 'Once', opId: crypto.randomUUID() }
    expect(await shared.client.createNotebook.mutate(create)).toEqual(await shared.client.createNotebook.mutate(create))
    const run = { notebookId, cellId: first.cellId, opId: crypto.randomUUID() }
    expect(await shared.client.runCell.mutate(run)).toEqual(await shared.client.runCell.mutate(run))
    expect(await codeOf(shared.client.runAll.mutate({ notebookId, opId: run.opId }))).toBe('BAD_REQUEST')
  })

  test('plan says what would happen and does nothing', async () => {
    const { notebookId, cellIds } = await notebookWith('const a = 1', 'const b = a', 'const c = b')
    const before = await shared.client.getNotebook.query({ id: notebookId })
    const planned = await shared.client.plan.query({
      notebookId,
      edits: [{ cellId: cellIds[1] ?? '', source: 'const a = 2' }],
      run: [cellIds[2] ?? ''],
    })
    expect(planned.errors.map((error) => error.cellId)).toEqual([cellIds[0], cellIds[1]])
    expect(await shared.client.getNotebook.query({ id: notebookId })).toEqual(before)
    const runs = await shared.client.plan.query({ notebookId, run: [cellIds[2] ?? ''] })
    const { cellIds: order } = await shared.client.runCell.mutate({ notebookId, cellId: cellIds[2] ?? '' })
    expect(runs.runs.map((run) => run.cellId)).toEqual(order)
  })
})

describe('running', () => {
  test('[S1] a run answers with its order; outputs precede the end; variables can be read', async () => {
    const { notebookId, cellIds } = await notebookWith('const a = 20', 'const b = a + 1; b', 'console.log(b)')
    const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
    await follower.snapshot()
    const { cellIds: order, runIds } = await shared.client.runCell.mutate({ notebookId, cellId: cellIds[0] ?? '' })
    expect(order).toEqual(cellIds)
    for (const runId of runIds) await follower.finished(runId)
    const { cells } = await shared.client.getNotebook.query({ id: notebookId })
    expect(cells.map((cell) => cell.result.kind)).toEqual(['ok', 'ok', 'ok'])
    expect(cells[1]?.outputs).toMatchObject([{ kind: 'value', data: { 'text/plain': '21', 'application/json': 21 } }])
    expect(cells[2]?.outputs).toMatchObject([{ kind: 'stream', name: 'stdout', text: '21\n' }])
    const variables = await shared.client.getVariables.query({ notebookId })
    expect(variables.find((variable) => variable.name === 'b')).toMatchObject({ cellId: cellIds[1], type: 'number', json: 21 })
    follower.stop()
  })

  test('[S13] interrupt stops an endless loop and keeps values; restart forgets them', async () => {
    const {
      notebookId,
      cellIds: [a = '', loop = '', user = ''],
    } = await notebookWith('const a = 1', 'while (true) {}', 'a + 1')
    const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
    await follower.snapshot()
    await follower.finished((await shared.client.runCell.mutate({ notebookId, cellId: a })).runId)
    const { runId } = await shared.client.runCell.mutate({ notebookId, cellId: loop })
    await follower.until((events) =>
      events.some(
        (event) =>
          event.type === 'changes' && event.changes.some((change) => change.type === 'run.started' && change.runId === runId),
      ),
    )
    await shared.client.interrupt.mutate({ notebookId })
    expect(await follower.finished(runId)).toMatchObject({ result: { kind: 'interrupted' } })
    const next = await shared.client.runCell.mutate({ notebookId, cellId: user })
    expect(next.cellIds).toEqual([user])
    await follower.finished(next.runId)
    await shared.client.restartKernel.mutate({ notebookId })
    expect((await shared.client.runCell.mutate({ notebookId, cellId: user })).cellIds).toEqual([a, user])
    follower.stop()
  })

  test('[G11] errors have the user’s own line and column', async () => {
    const { notebookId, cellIds } = await notebookWith(
      'const f = (x: number) => {\n  throw new TypeError("no " + x)\n}',
      'const n: number = 1\n\nf(n)',
    )
    const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
    await follower.snapshot()
    const { runIds } = await shared.client.runAll.mutate({ notebookId })
    for (const runId of runIds) await follower.finished(runId)
    const { cells } = await shared.client.getNotebook.query({ id: notebookId })
    expect(cells[1]?.result).toMatchObject({
      kind: 'error',
      error: {
        kind: 'thrown',
        name: 'TypeError',
        message: 'no 1',
        frames: [
          { cell: cellIds[0], line: 2, column: 9 },
          { cell: cellIds[1], line: 3, column: 1 },
        ],
      },
    })
    follower.stop()
  })
})
