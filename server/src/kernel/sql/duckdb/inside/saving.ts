import type { DuckDBConnection } from '@duckdb/node-api'
import { choiceOf } from './choice.ts'
import { csvOf } from './csv.ts'
import { Failure, failureOf } from './failures.ts'
import { parquetOf } from './parquet.ts'
import type { SaveQuery } from './protocol.ts'
import type { Pieces } from './reader.ts'
import type { Result } from './results.ts'

/** How long somebody waits for a file to begin, in milliseconds: sorting comes before its first row. */
const PATIENCE_MS = 300_000

/** A file of a result; `folder` is the one that the engine may write to. */
export async function fileOf(
  connection: DuckDBConnection,
  result: Result,
  { query: { format, ...query }, folder }: { query: SaveQuery; folder: string },
): Promise<Pieces> {
  const choice = choiceOf(result.columns, query)
  const timer = setTimeout(() => connection.interrupt(), PATIENCE_MS)
  try {
    return format === 'csv' ? await csvOf(connection, result, choice) : await parquetOf(connection, result, { choice, folder })
  } catch (error) {
    throw refusalOf(error)
  } finally {
    clearTimeout(timer)
  }
}

/** The engine's words for what the disk refuses name the folder. */
function refusalOf(error: unknown): Failure {
  const failure = failureOf(error)
  if (failure.kind === 'cancelled') return new Failure('database', `The file took longer than ${PATIENCE_MS / 1_000} s to begin.`)
  return failure.code === 'IO' ? new Failure('database', NO_ROOM, { code: 'IO' }) : failure
}

const NO_ROOM =
  'The file could not be written: it is larger than the SQL engine may write to disk (SQL_TEMP_MB), or the disk is full. A CSV file that is not sorted needs no room there.'
