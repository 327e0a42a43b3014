import type { DuckDBConnection } from '@duckdb/node-api'
import { CELL_TEXT, cellExpression, jsonCell, KEPT, PLAN_TEXT } from './cells.ts'
import { choiceOf } from './choice.ts'
import type { Database } from './database.ts'
import { Failure, failureOf } from './failures.ts'
import type { PageQuery } from './protocol.ts'
import type { Order, Result, Results } from './results.ts'

export interface Page {
  rows: unknown[][]
  total: number
}

export const FIRST_ROWS = 100
const MAX_ROWS = 10_000
/** Rows up to which an order is found by looking for the first ones only. */
const TOP_ROWS = 1_000
/** How long somebody waits for a page, in milliseconds. */
const PATIENCE_MS = 60_000

/**
 * Rows in the order in which the query gave them: their numbers are dense, and the engine keeps the order of a table. With a limit it
 * stops once it has them; a range of numbers, or an order, would make it go on to the end of the table.
 */
export function rowsFrom(connection: DuckDBConnection, result: Result, { offset, limit }: { offset: number; limit: number }) {
  return rowsOf(connection, result, `where ${KEPT}.rowid >= ${offset} limit ${limit}`)
}

/** `rest` stands behind the table's name. */
async function rowsOf(connection: DuckDBConnection, result: Result, rest: string): Promise<unknown[][]> {
  const limit = result.isPlan ? PLAN_TEXT : CELL_TEXT
  const cells = result.columns.map((column) => cellExpression(column, limit)).join(', ')
  const reader = await connection.runAndReadAll(`select ${cells} from ${result.table} as ${KEPT} ${rest}`)
  const ids = result.columns.map(({ engineType }) => engineType.typeId)
  return reader.getRows().map((row) => row.map((value, n) => jsonCell(value, ids[n] ?? 0, limit)))
}

/** On a connection of its own, so that it waits for no run. */
export async function pageOf(database: Database, results: Results, result: Result, query: PageQuery): Promise<Page> {
  const connection = await database.connect()
  const timer = setTimeout(() => connection.interrupt(), PATIENCE_MS)
  try {
    return await new Pages(connection, results, result).page(query)
  } catch (error) {
    const failure = failureOf(error, { schema: database.schema })
    if (failure.kind === 'cancelled') throw new Failure('database', `The page took longer than ${PATIENCE_MS / 1_000} s.`)
    // Places in these statements are nobody's.
    throw new Failure(failure.kind, failure.message, failure.code === undefined ? {} : { code: failure.code })
  } finally {
    clearTimeout(timer)
    connection.closeSync()
  }
}

class Pages {
  readonly #connection: DuckDBConnection
  readonly #results: Results
  readonly #result: Result

  constructor(connection: DuckDBConnection, results: Results, result: Result) {
    this.#connection = connection
    this.#results = results
    this.#result = result
  }

  async page(query: PageQuery): Promise<Page> {
    const { total } = this.#result
    const offset = Math.max(0, Math.floor(query.offset))
    const limit = Math.min(MAX_ROWS, Math.max(0, Math.floor(query.limit)))
    const { where, order } = choiceOf(this.#result.columns, query)
    if (!where && !order) return { rows: await rowsFrom(this.#connection, this.#result, { offset, limit }), total }
    if (!where && order && offset + limit <= TOP_ROWS)
      return { rows: await this.#rows(`order by ${order}, ${KEPT}.rowid limit ${limit} offset ${offset}`), total }
    return await this.#results.withOrder(this.#result, JSON.stringify([order, where]), {
      make: (table) => this.#order(table, where, order),
      use: async (ordered) => ({ rows: await this.#placed(ordered, offset, limit), total: ordered.total }),
    })
  }

  #placed({ table }: Order, offset: number, limit: number): Promise<unknown[][]> {
    return this.#rows(
      `join ${table} as o on o.place = ${KEPT}.rowid where o.rowid between ${offset} and ${offset + limit - 1} order by o.rowid`,
    )
  }

  #rows(rest: string): Promise<unknown[][]> {
    return rowsOf(this.#connection, this.#result, rest)
  }

  /** Row numbers in the order asked for: going through the pages sorts and filters once. */
  async #order(table: string, where: string, order: string | undefined): Promise<Order> {
    const places = `select ${KEPT}.rowid as place from ${this.#result.table} as ${KEPT} ${where} order by ${order ? `${order}, ` : ''}${KEPT}.rowid`
    const reader = await this.#connection.runAndReadAll(`create table ${table} as ${places}`)
    return { table, total: Number(reader.getRows()[0]?.[0] ?? 0) }
  }
}
