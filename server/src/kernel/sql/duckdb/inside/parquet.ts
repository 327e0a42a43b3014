import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDBConnection, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import type { KeptColumn } from './cells.ts'
import { type Choice, chosen } from './choice.ts'
import { quote } from './database.ts'
import { typeWith } from './nested.ts'
import type { Pieces } from './reader.ts'
import type { Result } from './results.ts'

const PIECE_BYTES = 1024 * 1024

let files = 0

/**
 * A Parquet file. Its end says what is in it, so that it is made whole, in the one folder that the engine may write to; it has no
 * name there any more once it is read.
 */
export async function parquetOf(
  connection: DuckDBConnection,
  { table, columns }: Result,
  { choice, folder }: { choice: Choice; folder: string },
): Promise<Pieces> {
  files += 1
  const path = join(folder, `download-${files}.parquet`)
  try {
    const values = await Promise.all(columns.map((column) => carried(connection, table, column)))
    const rows = chosen(values.join(', '), table, choice)
    await connection.run(`copy (${rows}) to '${path.replaceAll("'", "''")}' (format parquet)`)
    return piecesOf(await open(path))
  } finally {
    await rm(path, { force: true })
  }
}

function piecesOf(file: FileHandle): Pieces {
  return {
    next: async () => {
      const { bytesRead, buffer } = await file.read(new Uint8Array(PIECE_BYTES), 0, PIECE_BYTES)
      return bytesRead > 0 ? { value: buffer.subarray(0, bytesRead), done: false } : { value: undefined, done: true }
    },
    return: async () => {
      await file.close()
      return { value: undefined, done: true }
    },
  }
}

/** A column under the name that is its own, with a type that the file has: it knows no integers of 128 bits, and would round them. */
async function carried(connection: DuckDBConnection, table: string, { column, key, engineType }: KeptColumn): Promise<string> {
  const type = isHuge(engineType) ? await hugeType(connection, table, column) : typeWith(engineType, leafType)
  const value = type === engineType.toString() ? column : `cast(${column} as ${type})`
  return `${value} as ${quote(key)}`
}

function isHuge({ typeId }: DuckDBType): boolean {
  return typeId === DuckDBTypeId.HUGEINT || typeId === DuckDBTypeId.UHUGEINT
}

/** A decimal where it holds all of them, as the sums that such columns mostly are; otherwise their digits. */
async function hugeType(connection: DuckDBConnection, table: string, column: string): Promise<string> {
  const fits = `count(try_cast(${column} as decimal(38, 0))) = count(${column})`
  const reader = await connection.runAndReadAll(`select ${fits} from ${table} as kept`)
  return reader.getRows()[0]?.[0] === true ? 'DECIMAL(38,0)' : 'VARCHAR'
}

const AS_TEXT: ReadonlySet<DuckDBTypeId> = new Set([
  ...[DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT, DuckDBTypeId.UNION, DuckDBTypeId.VARIANT],
])

function leafType(type: DuckDBType): string {
  return AS_TEXT.has(type.typeId) ? 'VARCHAR' : type.toString()
}
