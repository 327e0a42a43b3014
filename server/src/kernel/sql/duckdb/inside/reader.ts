import type { DuckDBConnection } from '@duckdb/node-api'
import { arrowExpression, BatchWriter } from './arrow.ts'
import { KEPT } from './cells.ts'
import type { Database } from './database.ts'
import { failureOf } from './failures.ts'
import { Sweeper } from './memory.ts'
import type { Result } from './results.ts'
import { type Chunks, windowsOf } from './windows.ts'

/** Of one batch: whichever comes first. */
const BATCH_ROWS = 65_536
const BATCH_BYTES = 8 * 1024 * 1024

/** `return` lets go of what it holds, also of what has given nothing yet. */
export type Pieces = Pick<AsyncGenerator<Uint8Array, void, undefined>, 'next' | 'return'>

/** Bytes made of a result, a piece at a time, on a connection of its own: a stream ends silently when another statement runs there. */
export class Reader {
  readonly result: number
  readonly #connection: DuckDBConnection
  readonly #pieces: Pieces
  #ended = false
  #reading: Promise<unknown> = Promise.resolve()

  private constructor(result: number, connection: DuckDBConnection, pieces: Pieces) {
    this.result = result
    this.#connection = connection
    this.#pieces = pieces
  }

  static async open(
    database: Database,
    { id }: Result,
    begin: (connection: DuckDBConnection) => Promise<Pieces>,
  ): Promise<Reader> {
    const connection = await database.connect()
    try {
      return new Reader(id, connection, await begin(connection))
    } catch (error) {
      connection.closeSync()
      throw failureOf(error)
    }
  }

  next(): Promise<Uint8Array | undefined> {
    const reading = this.#reading.then(() => this.#next())
    // Whoever asked is told; who asks next begins anew.
    this.#reading = reading.catch(() => undefined)
    return reading
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.#ended) return undefined
    try {
      const { value } = await this.#pieces.next()
      if (!value) this.#ended = true
      return value ?? undefined
    } catch (error) {
      this.#ended = true
      throw failureOf(error)
    }
  }

  /** Never while something runs on its connection. */
  async close(): Promise<void> {
    this.#ended = true
    this.#connection.interrupt()
    await this.#reading
    // What it holds besides the connection.
    await this.#pieces.return()
    this.#connection.closeSync()
  }
}

/** All of a result, in the order of its rows. Together they are one stream of Arrow, and none cuts a message of it in two. */
export async function arrowOf(connection: DuckDBConnection, { table, columns, total }: Result): Promise<Pieces> {
  const what = columns.map(arrowExpression).join(', ')
  const none = await connection.run(`select ${what} from ${table} as ${KEPT} limit 0`)
  const fields = columns.map(({ key }, n) => ({ key, type: none.columnType(n) }))
  const sweeper = new Sweeper()
  const chunks = windowsOf(connection, { what, table, where: '', total }, sweeper)
  return batches(chunks, new BatchWriter(fields), sweeper)
}

async function* batches(chunks: Chunks, writer: BatchWriter, sweeper: Sweeper): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    const before = writer.bytes
    writer.add(chunk)
    sweeper.chunkDone(writer.bytes - before)
    if (writer.rows >= BATCH_ROWS || writer.bytes >= BATCH_BYTES) yield writer.flush()
  }
  yield writer.end()
}
