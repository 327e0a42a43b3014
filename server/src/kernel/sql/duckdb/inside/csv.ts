import type { DuckDBConnection } from '@duckdb/node-api'
import bindings from '@duckdb/node-bindings'
import type { KeptColumn } from './cells.ts'
import { type Choice, chosen } from './choice.ts'
import { Sweeper } from './memory.ts'
import type { Pieces } from './reader.ts'
import type { Result } from './results.ts'
import { Texts } from './texts.ts'
import { type Chunks, wholeOf, windowsOf } from './windows.ts'

/** Of one piece. */
const PIECE_BYTES = 1024 * 1024

/** The lines of a CSV file without the names of its columns. The engine writes them: values never become JavaScript's. */
export async function csvOf(connection: DuckDBConnection, { table, columns, total }: Result, choice: Choice): Promise<Pieces> {
  const what = `concat_ws(',', ${columns.map(field).join(', ')}) || chr(13) || chr(10)`
  const sweeper = new Sweeper()
  if (choice.order === undefined) {
    const { where } = choice
    return lines(windowsOf(connection, { what, table, where, total }, sweeper), sweeper)
  }
  const count = choice.where === '' ? total : await countOf(connection, table, choice)
  return lines(wholeOf(await connection.stream(chosen(what, table, choice)), count), sweeper)
}

async function countOf(connection: DuckDBConnection, table: string, { where }: Choice): Promise<number> {
  const reader = await connection.runAndReadAll(chosen('count(*)', table, { where, order: undefined }))
  return Number(reader.getRows()[0]?.[0])
}

async function* lines(chunks: Chunks, sweeper: Sweeper): AsyncGenerator<Uint8Array, void, undefined> {
  const texts = new Texts()
  for await (const chunk of chunks) {
    const before = texts.bytes
    const vector = bindings.data_chunk_get_vector(chunk.chunk, 0)
    texts.add(bindings.vector_get_data(vector, chunk.rowCount * Texts.ENTRY), undefined, 0, chunk.rowCount)
    sweeper.chunkDone(texts.bytes - before)
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
