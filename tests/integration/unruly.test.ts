import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { Follower, TestServer } from '../support/testServer.ts'

/** Cells that misbehave, in one user's notebook, while another user works. */

let server: TestServer
let bystander: { client: Client; follower: Follower; notebookId: string; cellId: string }
beforeAll(async () => {
  server = await TestServer.start({ KERNEL_HEAP_MB: '64', KERNEL_RSS_MB: '512' })
  const { token } = await server.guest()
  const client = server.http(token)
  const { id: notebookId } = await client.createNotebook.mutate({})
  const { cellId } = await client.insertCell.mutate({ notebookId, language: 'typescript', source: '1 + 1' })
  const follower = new Follower(server.ws(token).client, notebookId)
  await follower.snapshot()
  bystander = { client, follower, notebookId, cellId }
})
afterAll(() => server.close())

/** The other user runs a cell and gets its value. */
async function othersGoOn(): Promise<void> {
  const { client, follower, ...inCell } = bystander
  const { runId } = await client.runCell.mutate(inCell)
  expect(await follower.finished(runId)).toMatchObject({ result: { kind: 'ok' } })
}

interface Unruly {
  source: string
  /** Stopped by its user; otherwise it ends by itself. */
  stopped?: true
  result: object
}

const died = (message: RegExp) => ({ kind: 'error', error: { kind: 'kernel-died', message: expect.stringMatching(message) } })

const cells: Record<string, Unruly> = {
  exits: { source: 'globalThis.Deno?.exit(3); throw new Error("still here")', result: { kind: 'error' } },
  'fills the heap': { source: 'const all = []; for (;;) all.push(new Array(1e5).fill(all.length))', result: died(/memory/i) },
  'fills memory outside the heap': {
    source: 'const all = []; for (;;) { all.push(new Uint8Array(3e7).fill(1)); await new Promise((go) => setTimeout(go, 1)) }',
    result: died(/memory|MB/i),
  },
  'prints 100 MB': {
    source: 'const line = "x".repeat(99_999); for (let n = 0; n < 1_000; n += 1) console.log(line)',
    result: { kind: 'ok' },
  },
  'loops for ever': { source: 'for (;;) {}', stopped: true, result: { kind: 'interrupted' } },
  'loops for ever after waiting': {
    source: 'await new Promise((go) => setTimeout(go, 1)); while (true) {}',
    stopped: true,
    result: { kind: 'interrupted' },
  },
}

test.each(Object.entries(cells))(
  'a cell that %s: it says so, what was there stays, others go on, and the next run works',
  async (_, unruly) => {
    const { token } = await server.guest()
    const client = server.http(token)
    const { id: notebookId } = await client.createNotebook.mutate({ title: 'Unruly' })
    const follower = new Follower(server.ws(token).client, notebookId)
    await follower.snapshot()
    const good = { language: 'typescript' as const, source: 'const good = 40 + 2; good' }
    const ran = await client.applyEdits.mutate({ notebookId, edits: [{ insert: good }], run: true })
    await follower.finished(ran.runIds[0] ?? '')

    const { cellIds, runIds } = await client.applyEdits.mutate({
      notebookId,
      edits: [{ insert: { language: 'typescript', source: unruly.source } }],
      run: true,
    })
    const runId = runIds[0] ?? ''
    await follower.started(runId)
    await othersGoOn()
    if (unruly.stopped) await client.interrupt.mutate({ notebookId })
    expect(await follower.finished(runId)).toMatchObject({ result: unruly.result })
    await othersGoOn()

    await client.deleteCell.mutate({ notebookId, cellId: cellIds[0] ?? '' })
    const again = await client.runAll.mutate({ notebookId })
    for (const id of again.runIds) await follower.finished(id)
    const stored = await client.getNotebook.query({ id: notebookId })
    expect(stored.cells).toMatchObject([
      { source: good.source, result: { kind: 'ok' }, outputs: [{ data: { 'application/json': 42 } }] },
    ])
    expect(follower.state()).toEqual(stored)
    follower.stop()
  },
)

test('[C6] 100 MB of output are kept to the limit, in few decisions, the end of it told', async () => {
  const { token } = await server.guest()
  const client = server.http(token)
  const follower = new Follower(server.ws(token).client, 'blank')
  await follower.snapshot()
  const { runIds, cellIds } = await client.applyEdits.mutate({
    notebookId: 'blank',
    edits: [{ insert: { language: 'typescript', source: cells['prints 100 MB']?.source ?? '' } }],
    run: true,
  })
  await follower.finished(runIds[0] ?? '')
  const printed = follower.state().cells.find((cell) => cell.id === cellIds[0])?.outputs ?? []
  const kept = printed.reduce((sum, output) => sum + (output.kind === 'stream' ? output.text.length : 0), 0)
  expect(kept).toBeGreaterThan(1_000_000)
  expect(kept).toBeLessThanOrEqual(5 * 1024 * 1024)
  expect(printed.reduce((sum, output) => sum + (output.truncated?.bytes ?? 0), 0)).toBeGreaterThan(90_000_000)
  expect(follower.revs.length).toBeLessThan(200)
  follower.stop()
})
