import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import { arrowExpression, BatchWriter } from './arrow.ts'
import { KEPT } from './cells.ts'
import type { Database } from './database.ts'
import { failureOf } from './failures.ts'
import { Sweeper } from './memory.ts'
import type { Result } from './results.ts'

/** Of one batch: whichever comes first. */
const BATCH_ROWS = 65_536
const BATCH_BYTES = 8 * 1024 * 1024

/** Reads all of a result, in the order of its rows, as one stream of Arrow. */
export class Reader {
  readonly result: number
  readonly #connection: DuckDBConnection
  readonly #rows: DuckDBResult
  readonly #writer: BatchWriter
  readonly #sweeper = new Sweeper()
  #ended = false
  #reading: Promise<unknown> = Promise.resolve()

  private constructor(result: number, connection: DuckDBConnection, rows: DuckDBResult, writer: BatchWriter) {
    this.result = result
    this.#connection = connection
    this.#rows = rows
    this.#writer = writer
  }

  /** On a connection of its own: a stream ends silently when another statement runs on its connection. */
  static async open(database: Database, { id, table, columns }: Result): Promise<Reader> {
    const connection = await database.connect()
    try {
      const rows = await connection.stream(`select ${columns.map(arrowExpression).join(', ')} from ${table} as ${KEPT}`)
      const fields = columns.map(({ key }, n) => ({ key, type: rows.columnType(n) }))
      return new Reader(id, connection, rows, new BatchWriter(fields))
    } catch (error) {
      connection.closeSync()
      throw failureOf(error)
    }
  }

  /** Together they are one stream: its beginning is before the first batch, and its end behind the last. */
  next(): Promise<Uint8Array | undefined> {
    const reading = this.#reading.then(() => this.#next())
    this.#reading = reading.catch(() => undefined)
    return reading
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.#ended) return undefined
    try {
      while (this.#writer.rows < BATCH_ROWS && this.#writer.bytes < BATCH_BYTES) {
        const chunk = await this.#rows.fetchChunk()
        if (!chunk || chunk.rowCount === 0) {
          this.#ended = true
          return this.#writer.end()
        }
        this.#writer.add(chunk)
        this.#sweeper.chunkDone()
      }
      return this.#writer.flush()
    } catch (error) {
      throw failureOf(error)
    }
  }

  /** Never while something runs on its connection. */
  async close(): Promise<void> {
    this.#ended = true
    this.#connection.interrupt()
    await this.#reading
    this.#connection.closeSync()
  }
}
