import type { KeptColumn } from './cells.ts'
import type { Database } from './database.ts'

/** Rows of a cell, kept in a table of their own. */
export interface Result {
  id: number
  cell: string
  /** Quoted, with its schema. */
  table: string
  columns: KeptColumn[]
  total: number
  /** It explains a query: its text is shown in full. */
  isPlan: boolean
  /** Tables of row numbers in another order, by the order's key; the one used last is the last. */
  orders: Map<string, UsedOrder>
}

interface UsedOrder {
  order: Promise<Order>
  users: number
}

export interface Order {
  table: string
  total: number
}

/** How many orders are kept of one result: two people may look at it. */
const MAX_ORDERS = 3

/** Every result that is kept. One that is forgotten while somebody reads it goes when they are done. */
export class Results {
  readonly #database: Database
  readonly #kept = new Map<number, Result>()
  readonly #users = new Map<number, number>()
  readonly #doomed = new Map<number, Result>()
  #names = 0

  constructor(database: Database) {
    this.#database = database
  }

  /** Of a table that nobody has yet. */
  nextName(): { id: number; table: string } {
    this.#names += 1
    return { id: this.#names, table: `${this.#database.schema}.r${this.#names}` }
  }

  add(result: Result): void {
    this.#kept.set(result.id, result)
  }

  get(id: number): Result | undefined {
    return this.#kept.get(id)
  }

  /** Keeps it until `release`. */
  use(id: number): Result | undefined {
    const result = this.#kept.get(id)
    if (result) this.#users.set(id, (this.#users.get(id) ?? 0) + 1)
    return result
  }

  async release(id: number): Promise<void> {
    const left = (this.#users.get(id) ?? 1) - 1
    if (left > 0) return void this.#users.set(id, left)
    this.#users.delete(id)
    const doomed = this.#doomed.get(id)
    this.#doomed.delete(id)
    if (doomed) await this.#drop(doomed)
  }

  async forget(cell: string): Promise<void> {
    for (const result of [...this.#kept.values()].filter((each) => each.cell === cell)) {
      this.#kept.delete(result.id)
      if (this.#users.has(result.id)) this.#doomed.set(result.id, result)
      else await this.#drop(result)
    }
  }

  /** Uses an order that is known already, or made now; those that nobody asked for lately make room. */
  async withOrder<T>(
    result: Result,
    key: string,
    { make, use }: { make(table: string): Promise<Order>; use(order: Order): Promise<T> },
  ): Promise<T> {
    const used = result.orders.get(key) ?? { order: make(this.nextName().table), users: 0 }
    result.orders.delete(key)
    result.orders.set(key, used)
    used.users += 1
    try {
      return await use(await used.order)
    } catch (error) {
      // One that could not be made is made anew the next time.
      await used.order.catch(() => result.orders.delete(key))
      throw error
    } finally {
      used.users -= 1
      await this.#makeRoom(result)
    }
  }

  async #makeRoom(result: Result): Promise<void> {
    for (const [key, { users }] of result.orders) {
      if (result.orders.size <= MAX_ORDERS) return
      if (users === 0) await this.#dropOrder(result, key)
    }
  }

  async #drop(result: Result): Promise<void> {
    for (const key of [...result.orders.keys()]) await this.#dropOrder(result, key)
    await this.#database.own.run(`drop table if exists ${result.table}`)
  }

  async #dropOrder(result: Result, key: string): Promise<void> {
    const used = result.orders.get(key)
    result.orders.delete(key)
    // One that could not be made has no table; whoever wanted it was told.
    const made = await used?.order.catch(() => undefined)
    if (made) await this.#database.own.run(`drop table if exists ${made.table}`)
  }
}
