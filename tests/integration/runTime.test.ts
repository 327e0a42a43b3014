import { afterAll, beforeAll, expect, test } from 'vitest'
import { Follower, TestServer } from '../support/testServer.ts'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ KERNEL_RUN_SECONDS: '2' })
})
afterAll(() => server.close())

/** A notebook of `kept`, a cell that never ends, and one that reads from it, run as one. */
async function notebookWith(endless: string) {
  const { token } = await server.guest()
  const client = server.http(token)
  const { id: notebookId } = await client.createNotebook.mutate({})
  const follower = new Follower(server.ws(token).client, notebookId)
  await follower.snapshot()
  const typescript = (source: string) => ({ insert: { language: 'typescript' as const, source } })
  const edits = [typescript('const kept = { n: 42 }; kept.n'), typescript(endless), typescript('slow + 1')]
  const { cellIds, runIds } = await client.applyEdits.mutate({ notebookId, edits, run: true })
  for (const runId of runIds) await follower.finished(runId)
  const [kept, slow, reader] = cellIds.map(String)
  const cells = async () => {
    const notebook = await client.getNotebook.query({ id: notebookId })
    return cellIds.map((id) => notebook.cells.find((cell) => cell.id === id))
  }
  return { client, follower, notebookId, cells, kept: kept ?? '', slow: slow ?? '', reader: reader ?? '' }
}

const timeout = (message: RegExp) => ({ kind: 'error', error: { kind: 'timeout', message: expect.stringMatching(message) } })

test('[S22] a cell that runs for too long is in error, what reads it is blocked by it, and the rest stays', async () => {
  const { client, follower, notebookId, cells, kept, slow, reader } = await notebookWith(
    'await new Promise(() => {}); const slow = 1',
  )
  const [keptCell, slowCell, readerCell] = await cells()
  expect(keptCell?.result.kind).toBe('ok')
  expect(slowCell).toMatchObject({
    status: 'idle',
    result: timeout(/^The run took longer than 2 s, the limit of this server\.$/),
  })
  expect(readerCell).toMatchObject({ status: 'idle', result: { kind: 'blocked', because: 'failed', culprit: slow } })

  const edit = { notebookId, edits: [{ cellId: slow, source: 'const slow = kept.n' }], run: true }
  const { runIds } = await client.applyEdits.mutate(edit)
  for (const runId of runIds) await follower.finished(runId)
  const healed = await cells()
  expect(healed.map((cell) => [cell?.id, cell?.result.kind])).toEqual([kept, slow, reader].map((id) => [id, 'ok']))
  expect(healed[2]?.outputs).toMatchObject([{ data: { 'application/json': 43 } }])
  // The value was still there: its cell had not to run again.
  expect(healed[0]?.runId).toBe(keptCell?.runId)
})

test('[S22] where its kernel had to be ended, the cell says so, and values are made again when needed', async () => {
  const stuck = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); const slow = 1'
  const { client, follower, notebookId, cells, slow } = await notebookWith(stuck)
  const [, slowCell, readerCell] = await cells()
  expect(slowCell?.result).toMatchObject(timeout(/took longer than 2 s.* its kernel was ended\. Values are made again/))
  expect(readerCell?.result).toMatchObject({ kind: 'blocked', because: 'failed', culprit: slow })

  const edit = { notebookId, edits: [{ cellId: slow, source: 'const slow = kept.n' }], run: true }
  const { runIds } = await client.applyEdits.mutate(edit)
  for (const runId of runIds) await follower.finished(runId)
  expect((await cells()).map((cell) => cell?.result)).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }, { kind: 'ok' }])
})
