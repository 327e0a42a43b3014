import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { heldAnswer } from '../support/heldAnswer.ts'
import { descendantsOf, stillRunning } from '../support/processes.ts'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { Follower, problemOf } from '../support/testServer.ts'

/** SIGTERM, sent to the program in a process of its own while cells run. */

const data = temporaryFolder()
afterAll(() => data.remove())

test('[D5] what runs may end within the grace, while new work is refused; the rest is interrupted, everything is saved, and nothing is left behind', async () => {
  const held = await heldAnswer()
  const env = { DATA_DIR: data.path, CELL_NETWORK: 'any' }
  const first = await ServerProcess.start({ ...env, STOP_GRACE_SECONDS: '60' })
  const { token, cookie } = await first.guest()
  const client = first.http(token)
  const { id } = await client.createNotebook.mutate({ title: 'Stopping' })
  await client.setNotebook.mutate({ notebookId: id, network: [held.host] })
  const told: unknown[] = []
  const { client: live } = first.ws(token, { onClose: (cause) => told.push(cause?.code), retryDelayMs: () => 60_000 })
  const follower = new Follower(live, id)
  await follower.snapshot()
  const source = `await (await fetch('http://${held.host}')).text()`
  const insert = { language: 'typescript' as const, source }
  const { runIds, cellIds } = await client.applyEdits.mutate({ notebookId: id, edits: [{ insert }], run: true })
  await held.wasAsked
  const ended = first.kill('SIGTERM')
  await expect
    .poll(() => problemOf(client.renameNotebook.mutate({ id, title: 'Too late' })), { timeout: 60_000 })
    .toEqual({ kind: 'unavailable', reason: 'shutting-down' })
  expect((await fetch(`${first.url}/readyz`)).status).toBe(503)
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200)
  // Reading goes on.
  expect((await client.getNotebook.query({ id })).cells[0]?.status).toBe('running')
  held.answer()
  expect(await follower.finished(runIds[0] ?? '')).toMatchObject({ result: { kind: 'ok' } })
  expect(await ended).toBe(0)
  expect(told).toContain(1012)
  follower.stop()
  await first.closeSockets()
  held.close()

  const second = await ServerProcess.start({ ...env, STOP_GRACE_SECONDS: '0.2' })
  const again = second.http(await second.token(cookie))
  const kept = await again.getNotebook.query({ id })
  expect(kept.cells.find((cell) => cell.id === cellIds[0])?.result).toMatchObject({ kind: 'ok' })
  expect(JSON.stringify(kept.cells[0]?.outputs)).toContain('the answer')
  const watch = new Follower(second.ws(await second.token(cookie)).client, id)
  const endless = { insert: { language: 'typescript' as const, source: 'for (;;) {}' } }
  const { runIds: more } = await again.applyEdits.mutate({ notebookId: id, edits: [endless], run: true })
  await watch.started(more[0] ?? '')
  const kernels = descendantsOf(second.pid)
  expect(kernels.length).toBeGreaterThan(0)
  watch.stop()
  expect(await second.kill('SIGTERM')).toBe(0)
  await second.closeSockets()
  await expect.poll(() => stillRunning(kernels), { timeout: 30_000 }).toEqual([])
  // Nothing waits in a log: the file alone is the database.
  expect(existsSync(join(data.path, 'rivulet.db-wal'))).toBe(false)
}, 180_000)

test('[D5] the same signal twice in a moment, as from a terminal and a watcher, is one: what ran is interrupted and everything is saved', async () => {
  const folder = temporaryFolder()
  const server = await ServerProcess.start({ DATA_DIR: folder.path })
  const { token } = await server.guest()
  const client = server.http(token)
  const { id: notebookId } = await client.createNotebook.mutate({})
  const edits = [{ insert: { language: 'typescript' as const, source: 'await new Promise(() => {})' } }]
  await client.applyEdits.mutate({ notebookId, edits, run: true })
  const ended = server.kill('SIGTERM')
  await new Promise((resolve) => setTimeout(resolve, 20))
  server.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(existsSync(join(folder.path, 'rivulet.db-wal'))).toBe(false)
  const sqlite = new Sqlite(join(folder.path, 'rivulet.db'), { readonly: true })
  const rows = sqlite.prepare('select status, result from cells where notebook_id = ?').all(notebookId)
  sqlite.close()
  expect(rows).toMatchObject([{ status: 'idle', result: expect.stringContaining('interrupted') }])
  folder.remove()
})
