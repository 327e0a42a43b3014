import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import bindings from '@duckdb/node-bindings'
import type { SqlType } from '../../../../language/sql/parameterTypes.ts'
import { quote } from './database.ts'
import { Sweeper } from './memory.ts'
import { engineType } from './parameters.ts'
import type { WireChunk } from './protocol.ts'
import { ColumnReader } from './vectors.ts'

/** The engine's appender waits for two hundred thousand rows, in memory that nobody counts: too long for large ones. */
const WAITING_BYTES = 16 * 1024 * 1024

/** Rows that a run reads as a table: temporary, so that they are there for its connection only. */
export class LoadedTable {
  readonly #connection: DuckDBConnection
  readonly #name: string
  #columns: { name: string; type: SqlType }[] | undefined
  #appender: DuckDBAppender | undefined
  readonly #sweeper = new Sweeper()
  /** What the appender holds, bytes. */
  #waiting = 0

  constructor(connection: DuckDBConnection, name: string) {
    this.#connection = connection
    this.#name = name
  }

  /** The types of its columns are those of earlier pieces or wider. */
  async add({ rows, columns }: WireChunk, bytes: Uint8Array): Promise<void> {
    await this.#widen(columns)
    if (rows === 0) return
    this.#appender ??= await this.#connection.createAppender(this.#name, 'main', 'temp')
    const readers: ColumnReader[] = []
    let at = 0
    for (const column of columns) {
      const reader = new ColumnReader(column, rows, bytes, at)
      readers.push(reader)
      at = reader.end
    }
    const types = columns.map(({ type }) => engineType(type === 'null' ? 'integer' : type))
    const size = bindings.vector_size()
    const chunk = DuckDBDataChunk.create(types)
    for (let from = 0; from < rows; from += size) {
      const count = Math.min(size, rows - from)
      chunk.reset()
      chunk.rowCount = count
      for (const [n, reader] of readers.entries()) reader.writeTo(bindings.data_chunk_get_vector(chunk.chunk, n), from, count)
      this.#appender.appendDataChunk(chunk)
    }
    this.#sweeper.chunkDone(bytes.length)
    this.#waiting += bytes.length
    if (this.#waiting > WAITING_BYTES) this.#flush()
  }

  #flush(): void {
    this.#appender?.flushSync()
    this.#waiting = 0
  }

  async finish(): Promise<void> {
    this.#appender?.closeSync()
    this.#appender = undefined
  }

  /** Of rows that nobody will read. */
  discard(): void {
    this.#appender?.clear()
    this.#appender?.closeSync()
    this.#appender = undefined
  }

  async #widen(columns: readonly { name: string; type: SqlType }[]): Promise<void> {
    const table = `temp.main.${quote(this.#name)}`
    const before = this.#columns
    this.#columns = columns.map(({ name, type }) => ({ name, type }))
    if (!before) {
      const definitions = columns.map(({ name, type }) => `${quote(name)} ${declared(type)}`)
      await this.#connection.run(`create temp table ${quote(this.#name)} (${definitions.join(', ')})`)
      return
    }
    for (const [n, { name, type }] of columns.entries()) {
      const old = before[n]?.type ?? 'null'
      if (JSON.stringify(old) === JSON.stringify(type)) continue
      await this.finish()
      await this.#connection.run(
        `alter table ${table} alter ${quote(name)} type ${declared(type)} using ${widened(quote(name), old, type)}`,
      )
    }
  }
}

/** Without any value a column has the type that the engine gives to NULL. */
function declared(type: SqlType): string {
  if (type === 'json') return 'JSON'
  return type === 'null' ? 'INTEGER' : engineType(withoutNull(type)).toString()
}

function withoutNull(type: SqlType): SqlType {
  if (typeof type === 'object') return { list: withoutNull(type.list) }
  return type === 'null' ? 'integer' : type
}

function widened(column: string, old: SqlType, type: SqlType): string {
  if (old === 'null') return `cast(null as ${declared(type)})`
  if (type === 'json') return `to_json(${column})`
  return `cast(${column} as ${declared(type)})`
}
