import { type Database, openDatabase } from './database.ts'
import { Failure } from './failures.ts'
import { type Page, pageOf } from './page.ts'
import type { PageQuery, ResultColumn, RunAnswer, SchemaTable, Setup, ToInside } from './protocol.ts'
import { Reader } from './reader.ts'
import { Results } from './results.ts'
import { Run, type RunRequest, type World } from './run.ts'
import { schemaOf } from './schema.ts'
import { MadeTables } from './tables.ts'

type Load = Extract<ToInside, { kind: 'load' }>

/** Everything that the process does. */
export class Engine {
  readonly #database: Database
  readonly #world: World
  readonly #runs = new Map<string, Promise<Run>>()
  readonly #readers = new Map<number, Reader>()
  #readerIds = 0

  private constructor(database: Database) {
    this.#database = database
    this.#world = { database, results: new Results(database), tables: new MadeTables(database) }
  }

  static async open(setup: Setup): Promise<Engine> {
    return new Engine(await openDatabase(setup))
  }

  async load({ run: id, name, chunk }: Load, bytes: Uint8Array): Promise<void> {
    const run = await this.#run(id)
    await run.load(name, chunk, bytes)
  }

  async run(request: RunRequest): Promise<RunAnswer> {
    const run = await this.#run(request.run)
    try {
      return await run.execute(request)
    } finally {
      this.#runs.delete(request.run)
    }
  }

  #run(id: string): Promise<Run> {
    const run = this.#runs.get(id) ?? Run.open(this.#world)
    this.#runs.set(id, run)
    return run
  }

  /** One that was only loaded is gone at once. */
  async cancel(id: string, isRunning: boolean): Promise<void> {
    const run = await this.#runs.get(id)
    if (isRunning) return run?.cancel()
    this.#runs.delete(id)
    await run?.abandon()
  }

  async page(id: number, query: PageQuery): Promise<Page | null> {
    const result = this.#world.results.use(id)
    if (!result) return null
    try {
      return await pageOf(this.#database, this.#world.results, result, query)
    } finally {
      await this.#world.results.release(id)
    }
  }

  async read(id: number): Promise<{ reader: number; columns: ResultColumn[]; total: number } | null> {
    const result = this.#world.results.use(id)
    if (!result) return null
    this.#readerIds += 1
    const reader = this.#readerIds
    try {
      this.#readers.set(reader, await Reader.open(this.#database, result))
    } catch (error) {
      await this.#world.results.release(id)
      throw error
    }
    const columns = result.columns.map(({ name, key, type, shown }) => ({ name, key, type, shown }))
    return { reader, columns, total: result.total }
  }

  /** The next bytes, undefined at the end; the reader is closed then. */
  async next(id: number): Promise<Uint8Array | undefined> {
    const reader = this.#readers.get(id)
    if (!reader) throw new Failure('lost', 'This reader is closed.')
    const bytes = await reader.next()
    if (!bytes) await this.close(id)
    return bytes
  }

  async close(id: number): Promise<void> {
    const reader = this.#readers.get(id)
    if (!reader) return
    this.#readers.delete(id)
    await reader.close()
    await this.#world.results.release(reader.result)
  }

  async forget(cell: string): Promise<void> {
    await this.#world.results.forget(cell)
    await this.#world.tables.forget(cell)
  }

  schema(): Promise<SchemaTable[]> {
    return schemaOf(this.#database)
  }
}
