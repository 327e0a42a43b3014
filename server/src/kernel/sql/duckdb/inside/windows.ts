import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api'
import { KEPT } from './cells.ts'
import { Failure } from './failures.ts'
import type { Sweeper } from './memory.ts'

/** Rows of one window: of the first, and at most; between them as many as make about so many bytes. */
const FIRST_ROWS = 2_048
const MOST_ROWS = 65_536
const WINDOW_BYTES = 8 * 1024 * 1024

export type Chunks = AsyncGenerator<DuckDBDataChunk, void, undefined>

/**
 * All rows of a kept table that pass, in its order, window by window: a stream of all would be computed ahead by other threads, a
 * hundred thousand rows each, in memory that nobody counts. `sweeper` is told of every chunk before the next one is asked for.
 */
export async function* windowsOf(
  connection: DuckDBConnection,
  { what, table, where, total }: { what: string; table: string; where: string; total: number },
  sweeper: Sweeper,
): Chunks {
  let count = FIRST_ROWS
  for (let from = 0; from < total; ) {
    const before = sweeper.bytes
    const window = `${KEPT}.rowid between ${from} and ${from + count - 1}`
    const rows = await connection.run(
      `select ${what} from ${table} as ${KEPT} ${where === '' ? 'where' : `${where} and`} ${window}`,
    )
    for (;;) {
      const chunk = await rows.fetchChunk()
      if (!chunk || chunk.rowCount === 0) break
      yield chunk
    }
    from += count
    const fitting = Math.floor((count * WINDOW_BYTES) / Math.max(1, sweeper.bytes - before))
    count = Math.max(1, Math.min(MOST_ROWS, fitting, count * 4))
  }
}

/** Every chunk of a query that has `total` rows: a stream that fails in the middle only ends, and says nothing. */
export async function* wholeOf(rows: DuckDBResult, total: number): Chunks {
  let left = total
  for (;;) {
    const chunk = await rows.fetchChunk()
    if (!chunk || chunk.rowCount === 0) break
    left -= chunk.rowCount
    yield chunk
  }
  if (left !== 0) throw new Failure('database', CUT_SHORT, { code: 'Out of Memory' })
}

const CUT_SHORT =
  'The rows could not be read to their end: the SQL engine had no memory left. The operator can raise SQL_MEMORY_MB.'
