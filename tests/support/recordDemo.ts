import type { CellResult, Output } from '@rivulet/server/notebook/model'
import { DEMO_SOURCES } from '@rivulet/server/src/demo/sources.ts'
import { Follower, TestServer } from './testServer.ts'

const TABLE = 'application/vnd.table+json'

export interface Recorded {
  result: CellResult
  outputs: Output[]
}

/** Moments and run ids differ each time; what was made does not. */
const RECORDED_AT = '2026-01-01T00:00:00.000Z'

/** Runs the demo's cells in a real kernel of a real server: how each ended, and what it showed. */
export async function recordDemo(): Promise<Recorded[]> {
  const server = await TestServer.start()
  try {
    const { token } = await server.guest()
    const client = server.http(token)
    const { id } = await client.createNotebook.mutate({ from: 'demo' })
    const follower = new Follower(server.ws(token).client, id)
    // With the demo's files; and without what was recorded before, of which inputs would keep their values.
    const { cells: before } = await follower.snapshot()
    const edits = [...before.map((cell) => ({ delete: cell.id })), ...DEMO_SOURCES.map((insert) => ({ insert }))]
    await client.applyEdits.mutate({ notebookId: id, edits })
    // The second time nothing has to start: that is how long it takes.
    for (const _ of ['cold', 'warm']) {
      const { runIds } = await client.runAll.mutate({ notebookId: id })
      for (const runId of runIds) await follower.finished(runId)
    }
    const { cells } = await client.getNotebook.query({ id })
    return cells.map(({ result, outputs }, cell) => ({
      result: 'finishedAt' in result ? { ...result, finishedAt: RECORDED_AT } : result,
      outputs: outputs.map((output, n) => ({ ...withoutKept(output), id: `demo-${cell + 1}-${n + 1}` })),
    }))
  } finally {
    await server.close()
  }
}

/** What the engine keeps goes with its process: all rows of these tables are in them. */
function withoutKept(output: Output): Output {
  if (output.kind === 'stream') return output
  const { [TABLE]: table, ...others } = output.data
  const { handle: _, ...lasting } = (table ?? {}) as { handle?: string }
  return table === undefined ? output : { ...output, data: { ...others, [TABLE]: lasting } }
}
