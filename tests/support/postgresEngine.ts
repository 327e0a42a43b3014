import { parseAddress } from '@rivulet/server/src/connections/address.ts'
import { lookupFor } from '@rivulet/server/src/connections/hosts.ts'
import type { DatabaseError, QueryAnswer, QueryRequest, QueryResult } from '@rivulet/server/src/kernel/sql/engine.ts'
import { PostgresEngine } from '@rivulet/server/src/kernel/sql/postgres/engine.ts'
import { PostgresPool } from '@rivulet/server/src/kernel/sql/postgres/pool.ts'
import type { Rules } from '@rivulet/server/src/kernel/sql/postgres/transaction.ts'
import type { Position } from '@rivulet/server/src/language/position.ts'
import { bind } from '@rivulet/server/src/language/sql/bind.ts'
import { readSql } from '@rivulet/server/src/language/sql/sql.ts'
import { TestDuckDb } from './duckdb.ts'

interface RunOptions {
  /** Of the holes, in their order. */
  values?: readonly unknown[]
  cell?: string
  runId?: string
}

interface Options {
  max?: number
  readOnly?: boolean
  statementMs?: number
  duckdb?: ConstructorParameters<typeof TestDuckDb>[0]
}

/** A notebook's engine on a PostgreSQL, with the real embedded engine where its results land. */
export class TestEngine {
  readonly embedded: TestDuckDb
  readonly engine: PostgresEngine
  readonly pool: PostgresPool
  rules: Rules
  #runs = 0

  constructor(url: string, { max = 3, readOnly = false, statementMs = 60_000, duckdb = {} }: Options = {}) {
    this.embedded = new TestDuckDb(duckdb)
    this.pool = new PostgresPool({ address: parseAddress(url), lookup: lookupFor('any'), max })
    this.rules = { readOnly, statementMs }
    this.engine = new PostgresEngine(() => ({ pool: this.pool, rules: this.rules }), this.embedded.engine)
  }

  async close(): Promise<void> {
    await this.engine.dispose()
    await this.pool.end()
    await this.embedded[Symbol.asyncDispose]()
  }

  run(source: string, options: RunOptions = {}): Promise<QueryAnswer> {
    return this.engine.run(this.request(source, options).request)
  }

  /** The cell's text goes the way that it goes in the product. */
  request(source: string, { values = [], cell = 'cell', runId }: RunOptions = {}) {
    const read = readSql(source, 'postgresql')
    if (!read.ok) throw new Error(`${read.message} (${read.offset})`)
    const bound = read.statements.map((statement) => {
      const one = bind(read, statement, values)
      if (!one.ok) throw new Error(one.error.message)
      return { ...one, kind: statement.kind }
    })
    this.#runs += 1
    const request: QueryRequest = {
      runId: runId ?? `run ${this.#runs}`,
      cellId: cell,
      statements: bound,
      creates: [],
      tables: [],
    }
    return { request, positionOf: (n: number, offset: number): Position | undefined => bound[n]?.positionOf(offset) }
  }

  async result(source: string, options?: RunOptions): Promise<QueryResult> {
    const { result } = await this.run(source, options)
    if (!result) throw new Error(`${source} gave no rows`)
    return result
  }

  /** The first rows, as the page shows them. */
  async rows(source: string, options?: RunOptions): Promise<unknown[][]> {
    return (await this.result(source, options)).rows
  }

  /** What was refused, and where in the cell. */
  async refusal(source: string, options: RunOptions = {}): Promise<{ error: DatabaseError; place: Position | undefined }> {
    const { request, positionOf } = this.request(source, options)
    const error: unknown = await this.engine.run(request).then(
      () => new Error(`${source} ran`),
      (reason: unknown) => reason,
    )
    if (!(error instanceof Error && error.name === 'DatabaseError')) throw error
    const failed = error as DatabaseError
    return { error: failed, place: failed.offset === undefined ? undefined : positionOf(failed.statement, failed.offset) }
  }
}
