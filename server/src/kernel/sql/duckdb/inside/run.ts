import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api'
import { ResultReturnType, StatementType } from '@duckdb/node-api'
import { type Database, quote } from './database.ts'
import { Broken, Failure, failureOf } from './failures.ts'
import { type Files, viewOf } from './files.ts'
import { admit } from './gate.ts'
import { keep } from './keep.ts'
import { LoadedTable } from './load.ts'
import { Sweeper } from './memory.ts'
import { FIRST_ROWS, rowsFrom } from './page.ts'
import { bindings } from './parameters.ts'
import { runPivot } from './pivot.ts'
import type { RunAnswer, ToInside, WireChunk, WireStatement } from './protocol.ts'
import type { Result, Results } from './results.ts'
import type { MadeTables } from './tables.ts'

export type RunRequest = Extract<ToInside, { kind: 'run' }>

export interface World {
  database: Database
  results: Results
  tables: MadeTables
  files: Files
}

/** An order to end is given again until it is obeyed: it may have come between two statements. */
const INSIST_MS = 20

/** What makes and unmakes tables. */
const MAKING = new Set<StatementType>([StatementType.CREATE, StatementType.ALTER, StatementType.DROP])

/** One run of a cell, on a connection of its own: what it reads as tables is there for nobody else. */
export class Run {
  readonly #world: World
  readonly #connection: DuckDBConnection
  readonly #loaded = new Map<string, LoadedTable>()
  #cancelled: NodeJS.Timeout | undefined
  #before: Awaited<ReturnType<MadeTables['seen']>> | undefined
  #changed: number | undefined
  #closed = false
  #loading: Promise<void> = Promise.resolve()

  private constructor(world: World, connection: DuckDBConnection) {
    this.#world = world
    this.#connection = connection
  }

  static async open(world: World): Promise<Run> {
    return new Run(world, await world.database.connect())
  }

  load(name: string, chunk: WireChunk, bytes: Uint8Array): Promise<void> {
    const loading = this.#load(name, chunk, bytes)
    // Whoever sent the rows is told; the run itself only waits until nothing is loaded any more.
    this.#loading = loading.catch(() => undefined)
    return loading
  }

  async #load(name: string, chunk: WireChunk, bytes: Uint8Array): Promise<void> {
    this.#goOn()
    const table = this.#loaded.get(name) ?? new LoadedTable(this.#connection, name)
    this.#loaded.set(name, table)
    await table.add(chunk, bytes)
    this.#goOn()
  }

  cancel(): void {
    if (this.#closed) return
    this.#cancelled ??= setInterval(() => this.#connection.interrupt(), INSIST_MS)
    this.#connection.interrupt()
  }

  /** Ends one that was only loaded. */
  async abandon(): Promise<void> {
    this.cancel()
    await this.#loading
    this.#close()
  }

  /** Never while something runs on its connection. */
  #close(): void {
    clearInterval(this.#cancelled)
    if (this.#closed) return
    this.#closed = true
    for (const table of this.#loaded.values()) table.discard()
    this.#connection.closeSync()
  }

  /** All of its statements take effect, or none. Closes the run. */
  async execute({ cell, inputs, files: named, statements }: RunRequest): Promise<RunAnswer> {
    const { results, tables, files } = this.#world
    const used: number[] = []
    try {
      await results.forget(cell)
      await tables.forget(cell)
      for (const table of this.#loaded.values()) await table.finish()
      for (const { name, result } of inputs) {
        const { table } = this.#input(name, results.use(result))
        used.push(result)
        await this.#connection.run(`create temp view ${quote(name)} as from ${table}`)
      }
      for (const name of named) await this.#connection.run(viewOf(name, files.table(name)))
      return await this.#transaction(cell, statements)
    } catch (error) {
      throw this.#cancelled ? new Failure('cancelled', 'The run was stopped.') : error
    } finally {
      this.#close()
      for (const result of used) await results.release(result)
    }
  }

  #input(name: string, result: Result | undefined): Result {
    if (result) return result
    throw new Failure('lost', `The rows of “${name}” are not kept any more: run its cell again.`)
  }

  async #transaction(cell: string, statements: readonly WireStatement[]): Promise<RunAnswer> {
    const connection = this.#connection
    await connection.run('begin').catch((error: unknown) => {
      throw this.#cancelled ? error : new Broken(failureOf(error).message)
    })
    let kept: Result | undefined
    try {
      for (const [n, statement] of statements.entries()) {
        try {
          kept = (await this.#statement(cell, statement)) ?? kept
        } catch (error) {
          const failure = failureOf(error, { schema: this.#world.database.schema })
          failure.statement = n
          throw failure
        }
      }
      const after = this.#before && (await this.#world.tables.seen(connection))
      this.#goOn()
      await connection.run('commit')
      if (this.#before && after) this.#world.tables.made(cell, this.#before, after)
      if (kept) this.#world.results.add(kept)
    } catch (error) {
      // Whatever failed, nothing of it stays; that it cannot be undone is no other error than the one that is told.
      await connection.run('rollback').catch(() => undefined)
      throw failureOf(error, { schema: this.#world.database.schema })
    }
    return await this.#answer(kept)
  }

  /** Only now do the rows have their numbers. */
  async #answer(kept: Result | undefined): Promise<RunAnswer> {
    const changed = this.#changed === undefined ? {} : { changed: this.#changed }
    if (!kept) return changed
    const rows = await rowsFrom(this.#connection, kept, { offset: 0, limit: FIRST_ROWS })
    const { id, total } = kept
    const columns = kept.columns.map(({ name, key, type, shown }) => ({ name, key, type, shown }))
    return { ...changed, result: { result: id, columns, rows, total } }
  }

  /** The rows it gives, if they are to be kept. */
  async #statement(cell: string, statement: WireStatement): Promise<Result | undefined> {
    this.#goOn()
    const { database, results } = this.#world
    const connection = this.#connection
    const admitted = await admit(connection, statement.text, database.schema)
    const bound = bindings(statement.parameters)
    if (statement.rows === 'table' || statement.rows === 'query') {
      const source = admitted.kind === 'one' ? { names: admitted.statement, isPivot: false } : { isPivot: true }
      return await keep({ connection, database, results, cell }, statement, { ...bound, ...source })
    }
    if (admitted.kind === 'pivot') {
      this.#before ??= await this.#world.tables.seen(connection)
      return this.#discard(await runPivot(connection, statement.text, bound))
    }
    const prepared = admitted.statement
    if (MAKING.has(prepared.statementType)) this.#before ??= await this.#world.tables.seen(connection)
    prepared.bind(bound.values, bound.types)
    if (statement.rows === 'none' && prepared.statementType === StatementType.SELECT) return this.#drain(await prepared.stream())
    const answer = await prepared.run()
    if (statement.rows === 'answer' && answer.returnType === ResultReturnType.QUERY_RESULT)
      return await keep({ connection, database, results, cell }, statement, { ...bound, isPivot: false, answer })
    return this.#discard(answer)
  }

  #discard(answer: DuckDBMaterializedResult | undefined): undefined {
    if (answer?.returnType === ResultReturnType.CHANGED_ROWS) this.#changed = (this.#changed ?? 0) + answer.rowsChanged
    return undefined
  }

  /** Rows that nobody sees: they are made all the same, because making them may fail. */
  async #drain(answer: { fetchChunk(): Promise<{ rowCount: number } | null> }): Promise<undefined> {
    const sweeper = new Sweeper()
    for (;;) {
      const chunk = await answer.fetchChunk()
      if (!chunk || chunk.rowCount === 0) return undefined
      this.#goOn()
      sweeper.chunkDone(0)
    }
  }

  #goOn(): void {
    if (this.#cancelled) throw new Failure('cancelled', 'The run was stopped.')
  }
}
