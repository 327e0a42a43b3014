import { join } from 'node:path'
import { openDatabase } from '@rivulet/db/client'
import { LIMITS } from '@rivulet/server/notebook/model'
import { expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { Follower, problemOf, TestServer } from '../support/testServer.ts'

/** How much text one notebook and its bin hold. */

const LONGEST = 'é'.repeat(LIMITS.sourceBytes / 2)
const CELLS = LIMITS.notebookBytes / LIMITS.sourceBytes
const insert = { insert: { language: 'markdown' as const, source: LONGEST } }
const tooLong = { kind: 'too-large', what: 'text', limit: LIMITS.notebookBytes, actual: expect.any(Number) }

/** As full as it may be; a message holds three of its cells. */
async function fullNotebook(client: Client) {
  const { id } = await client.createNotebook.mutate({})
  const cellIds: string[] = []
  while (cellIds.length < CELLS) {
    const edits = Array.from({ length: Math.min(3, CELLS - cellIds.length) }, () => insert)
    cellIds.push(...(await client.applyEdits.mutate({ notebookId: id, edits })).cellIds)
  }
  return { id, notebookId: id, cellIds, cellId: cellIds[0] ?? '' }
}

const edit = (notebookId: string, cellId: string, baseVersion: number, source: string) => ({
  ...{ notebookId, cellId, baseVersion, source },
})

test('[C9] sixteen MiB and not a byte more, whoever brings it; its bin holds as much, and the oldest go', async () => {
  const { server, client } = await TestServer.withGuest()
  const { id, notebookId, cellIds, cellId } = await fullNotebook(client)
  const short = { notebookId, language: 'markdown' as const, source: 'x' }
  await expect(client.insertCell.mutate(short)).rejects.toMatchObject({
    message: expect.stringContaining('at most 16 MB'),
    data: { code: 'PAYLOAD_TOO_LARGE', problem: tooLong },
  })
  await client.deleteCell.mutate({ notebookId, cellId })
  const half = { insert: { ...insert.insert, source: LONGEST.slice(LONGEST.length / 2) } }
  const [other = '', another = ''] = (await client.applyEdits.mutate({ notebookId, edits: [half, half] })).cellIds
  const { entries } = await client.getHistory.query({ notebookId })
  const entryId = entries.find(({ changes }) => changes.some(({ kind }) => kind === 'deleted'))?.id ?? 0
  const refused = [
    client.editCell.mutate(edit(notebookId, other, 1, `${half.insert.source}x`)),
    client.editCell.mutate({ notebookId, cellId: other, baseVersion: 1, changes: [half.insert.source.length, [0, 'x']] }),
    client.restoreCell.mutate({ notebookId, cellId }),
    client.restoreVersion.mutate({ notebookId, entryId, side: 'before', cellId }),
    client.applyEdits.mutate({ notebookId, edits: [insert] }),
    client.plan.query({ notebookId, edits: [{ insert: { language: 'markdown', source: 'x' } }] }),
  ]
  expect(await Promise.all(refused.map(problemOf))).toEqual(Array(6).fill(tooLong))
  expect((await client.duplicateNotebook.mutate({ id })).rev).toBe(0)
  // All of the page, and what was deleted before: more than the bin holds.
  const { cells } = await client.getNotebook.query({ id })
  await client.applyEdits.mutate({ notebookId, edits: cells.map((cell) => ({ delete: cell.id })) })
  const binned = (await client.getDeletedCells.query({ notebookId })).map((cell) => cell.id)
  expect(new Set(binned)).toEqual(new Set([other, another, ...cellIds].filter((each) => each !== cellId)))
  await server.close()
}, 120_000)

test('[C9] a notebook of before the limit can be read and made shorter; nothing of it can be copied or made longer', async () => {
  const { server, client, token } = await TestServer.withGuest()
  const { id, notebookId, cellId } = await fullNotebook(client)
  await server.stop()
  const database = openDatabase(join(server.dataDir, 'rivulet.db'))
  database.sqlite.prepare('update cells set source = source || source where notebook_id = ?').run(id)
  database.close()
  const again = await TestServer.start({}, { dataDir: server.dataDir })
  const mine = again.http(token)
  expect((await mine.getNotebook.query({ id })).cells).toHaveLength(CELLS)
  const longer = mine.insertCell.mutate({ notebookId, language: 'markdown', source: 'x' })
  expect([await problemOf(longer), await problemOf(mine.duplicateNotebook.mutate({ id }))]).toEqual([tooLong, tooLong])
  expect(await mine.editCell.mutate(edit(notebookId, cellId, 1, LONGEST))).toMatchObject({ version: 2 })
  expect(await mine.deleteCell.mutate({ notebookId, cellId })).toMatchObject({ rev: expect.any(Number) })
  await again.stop()
  await server.close()
}, 120_000)

test('[C9] of a deleted cell the bin keeps the text, and nothing that it showed', async () => {
  const { server, client, token } = await TestServer.withGuest()
  const { id: notebookId } = await client.createNotebook.mutate({})
  const { cellId } = await client.insertCell.mutate({ notebookId, language: 'typescript', source: '"x".repeat(1_000)' })
  const follower = new Follower(server.ws(token).client, notebookId)
  const { runId } = await client.runCells.mutate({ notebookId, cellIds: [cellId] })
  await follower.finished(runId)
  const shown = () => {
    const { sqlite } = openDatabase(join(server.dataDir, 'rivulet.db'))
    const count = sqlite.prepare('select count(*) from outputs where cell_id = ?').pluck().get(cellId)
    sqlite.close()
    return count
  }
  expect(shown()).toBe(1)
  await client.deleteCell.mutate({ notebookId, cellId })
  expect(shown()).toBe(0)
  expect((await client.getDeletedCells.query({ notebookId })).map(({ id }) => id)).toEqual([cellId])
  await server.close()
}, 60_000)
