import { rm } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type Database, quote } from './database.ts'
import { Failure } from './failures.ts'
import { fileFailure } from './fileFailures.ts'
import type { FileFacts, ToInside, WireFile } from './protocol.ts'
import { writeLines } from './workbook.ts'

type Load = Extract<ToInside, { kind: 'file' }>

/** An order to end is given again until it is obeyed. */
const INSIST_MS = 20

/** Files as tables: read once, and there for every run that names them. */
export class Files {
  readonly #database: Database
  readonly #tables = new Map<string, string>()
  readonly #loading = new Map<string, { connection: DuckDBConnection; cancelled?: NodeJS.Timeout }>()
  #numbers = 0

  constructor(database: Database) {
    this.#database = database
  }

  /** Throws `Failure` for what cannot be read; then nothing has changed. */
  async load({ run, name, file }: Load): Promise<FileFacts> {
    this.#numbers += 1
    const table = `${this.#database.schema}.file_${this.#numbers}`
    const connection = await this.#database.connect()
    this.#loading.set(run, { connection })
    try {
      const sheets = await read(connection, table, file)
      if (file.format !== 'parquet') await narrow(connection, table)
      const facts = await factsOf(connection, table)
      await this.drop(name)
      this.#tables.set(name, table)
      return { ...facts, ...(sheets !== undefined && { sheets }) }
    } finally {
      clearInterval(this.#loading.get(run)?.cancelled)
      this.#loading.delete(run)
      connection.closeSync()
    }
  }

  cancel(run: string): void {
    const loading = this.#loading.get(run)
    if (loading) loading.cancelled ??= setInterval(() => loading.connection.interrupt(), INSIST_MS)
  }

  /** Quoted, and with its schema. */
  table(name: string): string {
    const table = this.#tables.get(name)
    if (!table) throw new Failure('lost', `The file “${name}” is not there any more.`)
    return table
  }

  async drop(name: string): Promise<void> {
    const table = this.#tables.get(name)
    if (!table) return
    this.#tables.delete(name)
    await this.#database.own.run(`drop table ${table}`)
  }
}

/** Its rows become lines of JSON beside it, of types that are known. Answers how many sheets it has. */
async function readWorkbook(connection: DuckDBConnection, table: string, path: string): Promise<number> {
  const lines = `${path}.lines`
  try {
    const { columns, sheets } = await writeLines(path, lines)
    const types = columns.map(({ key, type }) => `${text(key)}: ${text(type)}`).join(', ')
    const names = columns.map(({ key, name }) => `${quote(key)} as ${quote(name)}`).join(', ')
    const reader = `read_json(${text(lines)}, format = 'newline_delimited', columns = {${types}})`
    await connection.run(`create table ${table} as select ${names} from ${reader}`)
    return sheets
  } finally {
    await rm(lines, { force: true })
  }
}

/** Answers how many sheets there are, where there are sheets. */
async function read(connection: DuckDBConnection, table: string, file: WireFile): Promise<number | undefined> {
  try {
    const { format, path, delimiter } = file
    if (format === 'xlsx') return await readWorkbook(connection, table, path)
    await connection.run(`create table ${table} as from ${readerOf(format, { path, delimiter })}`)
    return undefined
  } catch (error) {
    throw fileFailure((await wrongLine(connection, file, error)) ?? error, file.format)
  }
}

/** All of it is looked at before the types of its columns are chosen. */
function readerOf(
  format: Exclude<WireFile['format'], 'xlsx'>,
  { path, delimiter }: Pick<WireFile, 'path' | 'delimiter'>,
): string {
  switch (format) {
    case 'csv':
    case 'tsv':
      return `read_csv(${text(path)}, sample_size = -1, ${fieldsBy(delimiter)})`
    case 'parquet':
      return `read_parquet(${text(path)})`
    case 'json':
      return `read_json(${text(path)}, sample_size = -1)`
    case 'ndjson':
      return `read_json(${text(path)}, sample_size = -1, format = 'newline_delimited')`
  }
}

/** Left to itself the engine finds a reading for any text, and skips the lines that do not fit. */
const fieldsBy = (delimiter: string) => `delim = ${text(delimiter)}, quote = '"', escape = '"', comment = '', skip = 0`

/** Where a text has other fields than its first line: while it looks for types the engine does not say. */
async function wrongLine(connection: DuckDBConnection, { path, format, delimiter, fields }: WireFile, error: unknown) {
  const isSniffing = error instanceof Error && error.message.includes('Error when sniffing')
  if ((format !== 'csv' && format !== 'tsv') || !isSniffing) return undefined
  const columns = Array.from({ length: fields }, (_, n) => `'c${n}': 'VARCHAR'`).join(', ')
  const plain = `auto_detect = false, header = false, columns = {${columns}}`
  try {
    await connection.run(`select count(*) from read_csv(${text(path)}, ${plain}, ${fieldsBy(delimiter)})`)
    return undefined
  } catch (found) {
    return found
  }
}

/** Whole numbers that fit are integers, as those of values are: code gets them as numbers. Texts say nothing about their types, so that all become 64 bits wide. */
async function narrow(connection: DuckDBConnection, table: string): Promise<void> {
  const wide = (await factsOf(connection, table)).columns.filter(({ type }) => type === 'BIGINT').map(({ name }) => quote(name))
  if (wide.length === 0) return
  const fits = wide.map((column) => `coalesce(min(${column}) >= -2147483648 and max(${column}) <= 2147483647, true)`)
  const reader = await connection.runAndReadAll(`select ${fits.join(', ')} from ${table}`)
  const [found = []] = reader.getRows()
  for (const [n, column] of wide.entries())
    if (found[n] === true) await connection.run(`alter table ${table} alter ${column} type integer`)
}

async function factsOf(connection: DuckDBConnection, table: string): Promise<FileFacts> {
  const prepared = await connection.prepare(`from ${table}`)
  const columns = Array.from({ length: prepared.columnCount }, (_, n) => {
    const type = prepared.columnType(n)
    return { name: prepared.columnName(n), type: type.alias ?? String(type) }
  })
  const reader = await connection.runAndReadAll(`select count(*) from ${table}`)
  return { columns, rows: Number(reader.getRows()[0]?.[0]) }
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`

export function viewOf(name: string, table: string): string {
  return `create temp view ${quote(name)} as from ${table}`
}
