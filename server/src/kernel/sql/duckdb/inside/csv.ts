import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import bindings from '@duckdb/node-bindings'
import type { KeptColumn } from './cells.ts'
import { type Choice, chosen } from './choice.ts'
import { Sweeper } from './memory.ts'
import type { Pieces } from './reader.ts'
import type { Result } from './results.ts'
import { Texts } from './texts.ts'

/** Of one piece. */
const PIECE_BYTES = 1024 * 1024

/** The lines of a CSV file without the names of its columns. The engine writes them: values never become JavaScript's. */
export async function csvOf(connection: DuckDBConnection, { table, columns }: Result, choice: Choice): Promise<Pieces> {
  const line = `concat_ws(',', ${columns.map(field).join(', ')}) || chr(13) || chr(10)`
  return lines(await connection.stream(chosen(line, table, choice)))
}

async function* lines(rows: DuckDBResult): AsyncGenerator<Uint8Array, void, undefined> {
  const sweeper = new Sweeper()
  const texts = new Texts()
  for (;;) {
    const chunk = await rows.fetchChunk()
    if (!chunk || chunk.rowCount === 0) break
    const vector = bindings.data_chunk_get_vector(chunk.chunk, 0)
    texts.add(bindings.vector_get_data(vector, chunk.rowCount * Texts.ENTRY), undefined, 0, chunk.rowCount)
    sweeper.chunkDone()
    if (texts.bytes >= PIECE_BYTES) yield* cut(texts.flush().values)
  }
  yield* cut(texts.flush().values)
}

/** Rows may be as long as they like, and frames may not. */
function* cut(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES)
}

/** What never has a comma, a quotation mark or a line's end in it, and is no formula. */
const PLAIN: readonly KeptColumn['shown'][] = ['number', 'bigint', 'boolean', 'date']

/**
 * NULL is nothing between the commas, and a blank text is quoted. A text that a spreadsheet would run as a formula is marked as
 * text. The same rules as `toCsv` of the notebook has for rows that never come here.
 */
function field({ column, shown }: KeptColumn): string {
  const text = `cast(${column} as varchar)`
  if (PLAIN.includes(shown)) return `coalesce(${text}, '')`
  // Not `in (…)`: the engine makes a join of a list, and a join loses the order of the rows.
  const safe = `case when contains('=+-@' || chr(9) || chr(13), ${text}[1]) then '''' || ${text} else ${text} end`
  const special = ["','", `'"'`, 'chr(13)', 'chr(10)'].map((each) => `contains(${text}, ${each})`).join(' or ')
  const quoted = `'"' || replace(${safe}, '"', '""') || '"'`
  return `case when ${text} is null then '' when ${text} = '' then '""' when ${special} then ${quoted} else ${safe} end`
}
