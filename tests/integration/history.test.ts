import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '@rivulet/db/client'
import { describe, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { useSignedIn } from '../support/signedIn.ts'
import { codeOf, Follower, problemOf, TestServer } from '../support/testServer.ts'

const guest = useSignedIn()

async function notebook(client: Client, ...sources: string[]) {
  const { id: notebookId } = await client.createNotebook.mutate({})
  const edits = sources.map((source) => ({ insert: { language: 'typescript' as const, source } }))
  const { cellIds } = await client.applyEdits.mutate({ notebookId, edits })
  const sourcesNow = async () => (await client.getNotebook.query({ id: notebookId })).cells.map(({ source }) => source)
  const entries = async () => (await client.getHistory.query({ notebookId })).entries
  const edit = async (cellId: string, source: string) => {
    const { cells } = await client.getNotebook.query({ id: notebookId })
    const baseVersion = cells.find(({ id }) => id === cellId)?.version ?? 0
    await client.editCell.mutate({ notebookId, cellId, baseVersion, source })
  }
  return { notebookId, cellIds, sourcesNow, entries, edit }
}

describe('the history of a notebook', () => {
  test('[H1] [H2] what was done, by whom and through what; each entry with its texts', async () => {
    const { notebookId, cellIds, entries, edit } = await notebook(guest.client, 'const a = 1', 'a + 1')
    const { userId } = await guest.client.whoami.query()
    await guest.client.deleteCell.mutate({ notebookId, cellId: cellIds[1] ?? '' })
    await edit(cellIds[0] ?? '', 'const a = 2')
    await guest.client.renameNotebook.mutate({ id: notebookId, title: 'Named' })
    const listed = await entries()
    expect(listed.map(({ changes }) => changes.map(({ kind }) => kind))).toEqual([
      ['renamed'],
      ['edited'],
      ['deleted'],
      ['inserted', 'inserted'],
    ])
    expect(listed.every(({ by: [one] }) => one?.userId === userId && one.via === 'api')).toBe(true)
    const full = await guest.client.getHistoryEntry.query({ notebookId, entryId: listed[1]?.id ?? 0 })
    expect(full).toMatchObject({ omitted: 0, steps: [{ kind: 'edited', before: 'const a = 1', after: 'const a = 2' }] })
    const gone = await guest.client.getHistoryEntry.query({ notebookId, entryId: listed[2]?.id ?? 0 })
    expect(gone.steps).toMatchObject([{ kind: 'deleted', index: 1, content: { source: 'a + 1', language: 'typescript' } }])
  })

  test('[H2] counts cells by what was done to them, also beyond those it lists', async () => {
    const { notebookId, cellIds, entries } = await notebook(guest.client, '1', '2', '3')
    const inserts = Array.from({ length: 150 }, () => ({ insert: { language: 'typescript' as const, source: '4' } }))
    const [first = '', second = '', third = ''] = cellIds
    const edits = [...inserts, { cellId: first, source: '11' }, { cellId: second, source: '22' }, { delete: third }]
    await guest.client.applyEdits.mutate({ notebookId, edits: [...edits, { cellId: first, source: '12' }] })
    const [entry] = await entries()
    expect(entry?.cells).toEqual({ inserted: 150, edited: 2, deleted: 1 })
    expect(entry?.changes).toHaveLength(20)
    await guest.client.renameNotebook.mutate({ id: notebookId, title: 'Named' })
    expect((await entries())[0]?.cells).toEqual({})
  })

  test('page by page, the newest first', async () => {
    const { notebookId, cellIds } = await notebook(guest.client, '1')
    for (const hidden of [true, false, true, false])
      await guest.client.setCell.mutate({ notebookId, cellId: cellIds[0] ?? '', hidden })
    const first = await guest.client.getHistory.query({ notebookId, limit: 3 })
    const rest = await guest.client.getHistory.query({ notebookId, limit: 3, before: first.entries.at(-1)?.id ?? 0 })
    expect([first.entries.length, first.more, rest.entries.length, rest.more]).toEqual([3, true, 2, false])
    const ids = [...first.entries, ...rest.entries].map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted((a, b) => b - a))
  })

  test('[H3] a notebook goes back to a point in one transaction, marked stale, with nothing run; again and again', async () => {
    const { notebookId, cellIds, sourcesNow, entries, edit } = await notebook(guest.client, 'const a = 1', 'a * 10', '99')
    const follower = new Follower(guest.server.ws(guest.token).client, notebookId)
    const { runId } = await guest.client.runAll.mutate({ notebookId })
    await follower.finished(runId)
    await follower.until(() => follower.state().cells.every(({ status, result }) => status === 'idle' && result.kind === 'ok'))
    const [a = '', b = '', c = ''] = cellIds
    const point = (await entries())[0]?.id ?? 0
    await edit(a, 'const a = 5')
    await guest.client.moveCell.mutate({ notebookId, cellId: c, after: null })
    await guest.client.deleteCell.mutate({ notebookId, cellId: b })
    expect(await sourcesNow()).toEqual(['99', 'const a = 5'])
    const { rev, changed } = await guest.client.restoreVersion.mutate({ notebookId, entryId: point })
    expect(changed).toBe(true)
    await follower.reached(rev)
    expect(follower.revs.at(-1)).toBe(rev)
    const { cells } = await guest.client.getNotebook.query({ id: notebookId })
    expect(cells.map(({ id, source, status, stale }) => ({ id, source, status, stale }))).toEqual([
      { id: a, source: 'const a = 1', status: 'idle', stale: true },
      { id: b, source: 'a * 10', status: 'idle', stale: true },
      { id: c, source: '99', status: 'idle', stale: false },
    ])
    const [latest] = await entries()
    expect(latest?.restored).toEqual({ at: expect.any(String) })
    await guest.client.restoreVersion.mutate({ notebookId, entryId: latest?.id ?? 0, side: 'before' })
    expect(await sourcesNow()).toEqual(['99', 'const a = 5'])
    expect((await guest.client.restoreVersion.mutate({ notebookId, entryId: (await entries())[0]?.id ?? 0 })).changed).toBe(false)
  })

  test('[H3] one cell goes back alone; one that never was there is not found', async () => {
    const { notebookId, cellIds, sourcesNow, entries, edit } = await notebook(guest.client, 'const a = 1', 'const b = 1')
    const [a = '', b = ''] = cellIds
    const point = (await entries())[0]?.id ?? 0
    await edit(a, 'const a = 2')
    await edit(b, 'const b = 2')
    await guest.client.restoreVersion.mutate({ notebookId, entryId: point, cellId: b })
    expect(await sourcesNow()).toEqual(['const a = 2', 'const b = 1'])
    const missing = guest.client.restoreVersion.mutate({ notebookId, entryId: point, cellId: b, side: 'before' })
    expect(await problemOf(missing)).toEqual({ kind: 'not-found', what: 'cell', id: b })
  })

  test('[C5] the same opId again goes back once', async () => {
    const { notebookId, cellIds, sourcesNow, entries, edit } = await notebook(guest.client, 'const a = 1')
    const point = (await entries())[0]?.id ?? 0
    await edit(cellIds[0] ?? '', 'const a = 2')
    const call = { notebookId, entryId: point, opId: crypto.randomUUID() }
    const first = await guest.client.restoreVersion.mutate(call)
    await edit(cellIds[0] ?? '', 'const a = 3')
    expect(await guest.client.restoreVersion.mutate(call)).toEqual(first)
    expect(await sourcesNow()).toEqual(['const a = 3'])
  })

  test('[C2] another’s history is not found, and neither is an entry of another notebook', async () => {
    const { notebookId, entries } = await notebook(guest.client, '1')
    const entryId = (await entries())[0]?.id ?? 0
    const stranger = guest.server.http((await guest.server.guest()).token)
    const other = await notebook(guest.client, '2')
    const codes = await Promise.all(
      [
        stranger.getHistory.query({ notebookId }),
        stranger.getHistoryEntry.query({ notebookId, entryId }),
        stranger.restoreVersion.mutate({ notebookId, entryId }),
        stranger.getDeletedCells.query({ notebookId }),
        guest.client.getHistoryEntry.query({ notebookId: other.notebookId, entryId }),
        guest.client.restoreVersion.mutate({ notebookId: other.notebookId, entryId }),
        guest.client.restoreVersion.mutate({ notebookId, entryId: 1e9 }),
      ].map(codeOf),
    )
    expect(codes).toEqual(codes.map(() => 'NOT_FOUND'))
    for (const entry of [0, -1, 1.5])
      expect(await codeOf(guest.client.getHistoryEntry.query({ notebookId, entryId: entry }))).toBe('BAD_REQUEST')
    expect(await codeOf(guest.client.getHistory.query({ notebookId, limit: 101 }))).toBe('BAD_REQUEST')
  })

  test('the bin lists what was deleted, until it is put back', async () => {
    const { notebookId, cellIds } = await notebook(guest.client, '1', `// ${'long '.repeat(2_000)}`)
    const deleted = () => guest.client.getDeletedCells.query({ notebookId })
    expect(await deleted()).toEqual([])
    for (const cellId of cellIds) await guest.client.deleteCell.mutate({ notebookId, cellId })
    const [latest, first] = await deleted()
    expect(first).toMatchObject({ id: cellIds[0], source: '1', language: 'typescript', deletedAt: expect.any(String) })
    expect(latest?.source.length).toBe(4_000)
    await guest.client.restoreCell.mutate({ notebookId, cellId: cellIds[0] ?? '' })
    expect((await deleted()).map(({ id }) => id)).toEqual([cellIds[1]])
  })

  test('[H1] is in the rows when the server has ended, and goes with its notebook', async () => {
    const server = await TestServer.start()
    const { token } = await server.guest()
    const { notebookId, entries } = await notebook(server.http(token), 'const a = 1')
    expect(await entries()).toHaveLength(1)
    await server.stop()
    const { sqlite, close } = openDatabase(join(server.dataDir, 'rivulet.db'))
    const count = () => sqlite.prepare('select count(*) from history where notebook_id = ?').pluck().get(notebookId)
    expect(count()).toBe(1)
    sqlite.prepare('delete from notebooks where id = ?').run(notebookId)
    expect(count()).toBe(0)
    close()
    rmSync(server.dataDir, { recursive: true, force: true })
  })

  test('[H1] a decision that cannot be saved leaves no entry', async () => {
    const server = await TestServer.start({ LOG_LEVEL: 'silent' })
    const client = server.http((await server.guest()).token)
    const { notebookId, cellIds, sourcesNow, entries } = await notebook(client, 'const a = 1')
    const { sqlite, close } = openDatabase(join(server.dataDir, 'rivulet.db'))
    // The journal is written last: everything else of the decision has been by then.
    sqlite.exec("create trigger full before insert on journal begin select raise(abort, 'the disk is full'); end")
    const refused = client.editCell.mutate({ notebookId, cellId: cellIds[0] ?? '', baseVersion: 1, source: 'const a = 2' })
    expect(await codeOf(refused)).toBe('SERVICE_UNAVAILABLE')
    sqlite.exec('drop trigger full')
    close()
    expect(await sourcesNow()).toEqual(['const a = 1'])
    expect(await entries()).toMatchObject([{ changes: [{ kind: 'inserted' }] }])
    await server.close()
  })
})
