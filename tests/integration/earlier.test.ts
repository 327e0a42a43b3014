import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { Follower } from '../support/testServer.ts'

/** What a cell showed before a run began, on a real server that is killed in the middle. */

const data = temporaryFolder()
afterAll(() => data.remove())

const PRINTS = `console.log('for', n)\nif (n > 1) await new Promise(() => {})\nconsole.log('done')\nn`
const insert = (source: string) => ({ insert: { language: 'typescript' as const, source } })

test('[S23] [D1] who comes while a run is under way, after it was stopped, and after the server was killed sees what stood there', async () => {
  const server = await ServerProcess.start({ DATA_DIR: data.path })
  const { token, cookie } = await server.guest()
  const client = server.http(token)
  const { id: notebookId } = await client.createNotebook.mutate({})
  const follower = new Follower(server.ws(token).client, notebookId)
  await follower.snapshot()
  const { cellIds, runIds } = await client.applyEdits.mutate({
    notebookId,
    edits: [insert('const n = 1'), insert(PRINTS)],
    run: true,
  })
  for (const runId of runIds) await follower.finished(runId)
  const [numberId = '', cellId = ''] = cellIds
  const texts = (cell: { outputs: unknown[]; earlier?: unknown[] | undefined } | undefined) => [
    JSON.stringify(cell?.outputs.map((output) => Reflect.get(Object(output), 'text') ?? 'value')),
    JSON.stringify(cell?.earlier?.map((output) => Reflect.get(Object(output), 'text') ?? 'value')),
  ]
  const OLD = '["for 1\\ndone\\n","value"]'
  const stored = async (via = client) => (await via.getNotebook.query({ id: notebookId })).cells.find(({ id }) => id === cellId)
  expect(texts(await stored())).toEqual([OLD, undefined])

  const edit = (source: string, baseVersion: number, via = client) =>
    via.applyEdits.mutate({ notebookId, edits: [{ cellId: numberId, source, baseVersion }], run: true })
  await edit('const n = 2', 1)
  const hasPrinted = async () => texts(await stored())
  await expect.poll(hasPrinted).toEqual(['["for 2\\n"]', OLD])
  expect((await stored())?.status).toBe('running')
  const late = new Follower(server.ws(token).client, notebookId)
  expect(texts((await late.snapshot()).cells.find(({ id }) => id === cellId))).toEqual(['["for 2\\n"]', OLD])
  await client.interrupt.mutate({ notebookId })
  await expect.poll(async () => (await stored())?.result.kind).toBe('interrupted')
  const stopped = await client.getNotebook.query({ id: notebookId })
  expect(texts(stopped.cells.find(({ id }) => id === cellId))).toEqual(['["for 2\\n"]', OLD])
  await follower.reached(stopped.rev)
  expect(follower.state()).toEqual(stopped)
  await edit('const n = 3', 2)
  await expect.poll(hasPrinted).toEqual(['["for 3\\n"]', '["for 2\\n","value"]'])
  for (const each of [follower, late]) each.stop()
  await server.kill('SIGKILL')
  await server.closeSockets()

  const again = await ServerProcess.start({ DATA_DIR: data.path })
  const second = again.http(await again.token(cookie))
  expect(await stored(second)).toMatchObject({ status: 'idle', result: { kind: 'interrupted' } })
  expect(texts(await stored(second))).toEqual(['["for 3\\n"]', '["for 2\\n","value"]'])
  // A copy has what was seen.
  const copy = await second.duplicateNotebook.mutate({ id: notebookId })
  const copied = (await second.getNotebook.query({ id: copy.id })).cells[1]
  expect(texts(copied)).toEqual(['["for 3\\n","value"]', undefined])
  await edit('const n = 1', 3, second)
  await expect.poll(async () => texts(await stored(second)), { timeout: 60_000 }).toEqual([OLD, undefined])
  const file = new Sqlite(join(data.path, 'rivulet.db'), { readonly: true })
  expect(file.prepare('select count(*) from outputs where cell_id = ? and earlier').pluck().get(cellId)).toBe(0)
  expect(file.prepare('select count(*) from outputs where cell_id = ?').pluck().get(cellId)).toBe(2)
  file.close()
  await again.kill('SIGTERM')
  await again.closeSockets()
}, 120_000)
