import type { DuckDBConnection, DuckDBMaterializedResult, DuckDBPreparedStatement } from '@duckdb/node-api'
import { KEPT, type KeptColumn, keptColumn } from './cells.ts'
import { type Database, quote } from './database.ts'
import { failureOf } from './failures.ts'
import { runPivot, type Values } from './pivot.ts'
import type { WireStatement } from './protocol.ts'
import type { Result, Results } from './results.ts'

interface Where {
  connection: DuckDBConnection
  database: Database
  results: Results
  cell: string
}

interface Source extends Values {
  /** It has a PIVOT in it. */
  isPivot: boolean
  /** The statement alone: it knows how the user calls the columns. */
  names?: DuckDBPreparedStatement
  /** What it has answered already, where it cannot be run into a table. */
  answer?: DuckDBMaterializedResult
}

/** Runs a statement into a table of its own, within the transaction of its connection. */
export async function keep(where: Where, statement: WireStatement, source: Source): Promise<Result> {
  const { id, table } = where.results.nextName()
  const total = source.answer ? await append(where, table, source.answer) : await createAs(where, table, statement, source)
  const columns = await columnsOf(where.connection, table, statement, source)
  return {
    id,
    cell: where.cell,
    table,
    columns,
    total,
    isPlan: source.answer?.columnNames()[1] === 'explain_value',
    orders: new Map(),
  }
}

async function createAs({ connection, database }: Where, table: string, { text, rows }: WireStatement, source: Source) {
  const prefix = `create table ${table} as ${rows === 'query' ? 'from (' : ''}`
  // The text may end in a comment.
  const sql = `${prefix}${text}${rows === 'query' ? '\n)' : ''}`
  try {
    const answer = source.isPivot
      ? await runPivot(connection, sql, source)
      : await connection.run(sql, source.values, source.types)
    const [count] = (await answer?.getRows())?.[0] ?? []
    if (typeof count === 'bigint') return Number(count)
  } catch (error) {
    throw failureOf(error, { prefix: Buffer.byteLength(prefix), schema: database.schema })
  }
  const reader = await connection.runAndReadAll(`select count(*) from ${table}`)
  return Number(reader.getRows()[0]?.[0])
}

async function append({ connection, database }: Where, table: string, answer: DuckDBMaterializedResult): Promise<number> {
  const names = uniqueNames(answer.columnNames())
  const types = answer.columnTypes()
  await connection.run(
    `create table ${table} (${names.map((name, n) => `${quote(name)} ${types[n]?.alias ?? types[n]}`).join(', ')})`,
  )
  const appender = await connection.createAppender(table.split('.')[1] ?? '', database.schema.slice(1, -1))
  try {
    for (let n = 0; n < answer.chunkCount; n += 1) appender.appendDataChunk(answer.getChunk(n))
  } finally {
    appender.closeSync()
  }
  return answer.rowCount
}

/** As the engine itself makes them unique when it creates a table from a query. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let unique = name
    for (let n = 1; taken.has(unique.toLowerCase()); n += 1) unique = `${name}_${n}`
    taken.add(unique.toLowerCase())
    return unique
  })
}

async function columnsOf(
  connection: DuckDBConnection,
  table: string,
  statement: WireStatement,
  { names, answer }: Source,
): Promise<KeptColumn[]> {
  const kept = await connection.prepare(`from ${table} as ${KEPT}`)
  const keys = namesIn(kept)
  const shown = answer?.columnNames() ?? (await shownNames(connection, keys, statement, names))
  const columns: KeptColumn[] = []
  for (const [n, key] of keys.entries()) {
    const column = await freeOfRowid(connection, table, key, keys)
    columns.push(keptColumn(shown[n] ?? key, { key, column }, kept.columnType(n)))
  }
  return columns
}

function namesIn(prepared: DuckDBPreparedStatement): string[] {
  return Array.from({ length: prepared.columnCount }, (_, n) => prepared.columnName(n))
}

/** A column of this name would hide the numbers of the rows. */
async function freeOfRowid(connection: DuckDBConnection, table: string, key: string, keys: readonly string[]): Promise<string> {
  if (key.toLowerCase() !== 'rowid') return key
  let free = `${key}_`
  while (keys.some((each) => each.toLowerCase() === free.toLowerCase())) free += '_'
  await connection.run(`alter table ${table} rename column ${quote(key)} to ${quote(free)}`)
  return free
}

/** How the user called the columns: the same name twice is another one in the table. */
async function shownNames(
  connection: DuckDBConnection,
  keys: readonly string[],
  { text, unbound }: WireStatement,
  prepared: DuckDBPreparedStatement | undefined,
): Promise<string[]> {
  if (!keys.some((key) => isRenamed(key, keys))) return [...keys]
  // With parameters nothing is known of the columns before they are bound; what cannot be prepared without them shows its unique names.
  const names = unbound === undefined ? prepared : await connection.prepare(unbound).catch(() => undefined)
  const known = names ? namesIn(names) : []
  if (known.length !== keys.length || text === '') return [...keys]
  return keys.map((key, n) => {
    const name = known[n] ?? key
    return key === name || (key.startsWith(`${name}_`) && isRenamed(key, keys)) ? name : key
  })
}

function isRenamed(key: string, keys: readonly string[]): boolean {
  const base = /^(.*)_\d+$/s.exec(key)?.[1]?.toLowerCase()
  return base !== undefined && keys.some((each) => each.toLowerCase() === base)
}
