import type { FieldDef } from 'pg'
import type { InputRows, QueryAnswer, QueryEngine } from '../engine.ts'
import { type Column, columnOf } from './columns.ts'
import type { Row, Running } from './transaction.ts'

/** What the rows are called while they arrive. */
const ARRIVING = 'rows_of_postgresql'

/** Rows a batch: of the first, and at most; between them as many as make about a batch of this size. */
const FIRST_ROWS = 100
const MOST_ROWS = 2_000
const BATCH_CHARACTERS = 4_000_000

export interface Landing {
  engine: QueryEngine
  runId: string
  cellId: string
  signal: AbortSignal
}

/** Fetches what a statement gives, in batches of about the same size, whatever its rows are like. */
export class Fetch {
  readonly #running: Running
  readonly #signal: AbortSignal
  #count = FIRST_ROWS
  #ahead: Row[] | undefined
  /** Why there was no next batch: whoever it was for may say less. */
  failure: unknown

  constructor(running: Running, signal: AbortSignal) {
    this.#running = running
    this.#signal = signal
  }

  get fields(): FieldDef[] {
    return this.#running.fields
  }

  /** Makes the statement begin, so that its columns are known. */
  async begin(): Promise<void> {
    this.#ahead = await this.#read()
  }

  async next(): Promise<Row[] | undefined> {
    const rows = this.#ahead ?? (await this.#read())
    this.#ahead = undefined
    return rows.length === 0 ? undefined : rows
  }

  async #read(): Promise<Row[]> {
    try {
      this.#signal.throwIfAborted()
      const rows = await this.#running.read(this.#count)
      const characters = rows.reduce((sum, row) => row.reduce((all, value) => all + (value?.length ?? 0), sum), 0)
      const fitting = Math.floor((rows.length * BATCH_CHARACTERS) / Math.max(1, characters))
      this.#count = Math.max(1, Math.min(MOST_ROWS, fitting, this.#count * 4))
      return rows
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}

/** Into the notebook's embedded engine, as the result of the cell there: from then on it is as any other. */
export async function land(fetch: Fetch, landing: Landing): Promise<QueryAnswer> {
  const columns = fetch.fields.map(columnOf)
  const rows = arriving(fetch, columns)
  if (!columns.some(({ depends }) => depends)) return await keep(landing, columns, rows)
  // Their types depend on their values: these are looked at first.
  const waiting = { ...landing, cellId: `${landing.cellId} as text` }
  try {
    const { result } = await select(waiting, `select * from ${ARRIVING}`, rows)
    if (!result) throw new Error('The rows have not arrived')
    return await keep(landing, columns, { name: ARRIVING, from: 'result', handle: result.handle })
  } finally {
    await landing.engine.forget(waiting.cellId)
  }
}

type Table = InputRows | { name: string; from: 'result'; handle: string }

function keep(landing: Landing, columns: readonly Column[], table: Table): Promise<QueryAnswer> {
  const list = columns.map((column, n) => `${column.expression(nameOf(n))} as "${column.name.replaceAll('"', '""')}"`)
  return select(landing, `select ${list.join(', ')} from ${ARRIVING}`, table)
}

function select({ engine, runId, cellId }: Landing, text: string, table: Table): Promise<QueryAnswer> {
  return engine.run({ runId, cellId, statements: [{ kind: 'select', text, parameters: [] }], creates: [], tables: [table] })
}

function arriving(fetch: Fetch, columns: readonly Column[]): InputRows {
  const next = async () => {
    const rows = await fetch.next()
    return rows && columns.map((column, n) => rows.map((row) => readBy(column, row[n])))
  }
  return { name: ARRIVING, from: 'batches', columns: columns.map((_, n) => nameOf(n)), next }
}

function readBy(column: Column, text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : column.read(text)
}

const nameOf = (n: number) => `c${n}`
