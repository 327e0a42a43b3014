import { afterAll, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { Follower } from '../support/testServer.ts'

/** The program in a process of its own, ended in every way there is. */

const data = temporaryFolder()
afterAll(() => data.remove())

const SECRET = 'the-secret-in-a-cell'
const env = { DATA_DIR: data.path, LOG_LEVEL: 'debug', RATE_LIMIT_PER_MINUTE: '1000000' }

const cell = (source: string) => ({ insert: { language: 'typescript' as const, source } })
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + 1 + index)

/** Types into a cell until the server is gone; what the last acknowledged edit was. */
async function typeUntilGone(client: Client, notebookId: string, cellId: string): Promise<{ version: number; source: string }> {
  let acknowledged = { version: 1, source: '' }
  for (;;) {
    const source = `// ${SECRET} ${acknowledged.version}`
    try {
      const { version } = await client.editCell.mutate({ notebookId, cellId, baseVersion: acknowledged.version, source })
      acknowledged = { version, source }
    } catch {
      return acknowledged
    }
  }
}

test('[C3] [C4] killed during a run and during typing: what was acknowledged is there, the run says that it was interrupted, followers miss nothing', async () => {
  const first = await ServerProcess.start(env)
  const { token, cookie } = await first.guest()
  const client = first.http(token)
  const { id } = await client.createNotebook.mutate({ title: 'Crash' })
  const follower = new Follower(first.ws(token, { retryDelayMs: () => 60_000 }).client, id)
  await follower.snapshot()
  const endless = `let n = 0; for (;;) { console.log('${SECRET}', n++); await new Promise((go) => setTimeout(go, 5)) }`
  const { cellIds, runIds } = await client.applyEdits.mutate({ notebookId: id, edits: [cell(endless)], run: true })
  const { cellId: typed } = await client.insertCell.mutate({ notebookId: id, language: 'typescript' })
  await follower.started(runIds[0] ?? '')
  await follower.until(() => JSON.stringify(follower.state().cells[0]?.outputs).includes(`${SECRET} 20`))
  const typing = typeUntilGone(client, id, typed)
  await follower.until(() => (follower.state().cells[1]?.version ?? 0) > 10)
  expect(await first.kill('SIGKILL')).toBe('SIGKILL')
  const { version, source } = await typing
  const screen = follower.state()
  const position = follower.position ?? ''
  follower.stop()
  await first.closeSockets()

  const second = await ServerProcess.start(env)
  const fresh = second.http(await second.token(cookie))
  const again = new Follower(second.ws(await second.token(cookie)).client, id, position)
  const { rev } = await fresh.renameNotebook.mutate({ id, title: 'Survived' })
  await again.reached(rev)
  const stored = await fresh.getNotebook.query({ id })
  // The answer to one more edit may have been lost on its way.
  expect(stored.cells[1]?.version).toBeGreaterThanOrEqual(version)
  expect(stored.cells[1]?.version).toBeLessThanOrEqual(version + 1)
  if (stored.cells[1]?.version === version) expect(stored.cells[1].source).toBe(source)
  expect(stored.cells[0]).toMatchObject({
    ...{ id: cellIds[0], status: 'idle', stale: true },
    result: { kind: 'interrupted', reason: 'the server was restarted' },
  })
  expect(again.snapshots).toBe(0)
  expect(again.revs).toEqual(upTo(screen.rev, rev))
  expect(again.state(screen)).toEqual(stored)

  // A clean stop, during a run: in time, with code 0, and clients are told to come back.
  const told: unknown[] = []
  const { socket } = second.ws(await second.token(cookie), { onClose: (cause) => told.push(cause?.code) })
  const { runIds: more } = await fresh.runAll.mutate({ notebookId: id })
  await again.started(more[0] ?? '')
  expect(socket.connection?.state).toBe('open')
  expect(await second.kill('SIGTERM')).toBe(0)
  expect(told).toContain(1012)
  again.stop()
  await second.closeSockets()

  const third = await ServerProcess.start(env)
  const last = await third.http(await third.token(cookie)).getNotebook.query({ id })
  expect(last.cells[0]?.result).toMatchObject({ kind: 'interrupted', reason: 'the server was stopped' })
  expect(last.cells[1]).toEqual(stored.cells[1])
  await third.closeSockets()
  expect(await third.kill('SIGTERM')).toBe(0)

  for (const { output } of [first, second, third]) {
    expect(output.stdout).toMatch(/^Rivulet is ready at http:\/\/127\.0\.0\.1:\d+\n$/)
    expect(output.stderr).toContain('"msg":"request"')
    const session = cookie.split('=')[1] ?? ''
    for (const secret of [SECRET, token, session, decodeURIComponent(session)]) expect(output.stderr).not.toContain(secret)
  }
}, 90_000)
