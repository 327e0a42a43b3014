import type { DuckDBConnection } from '@duckdb/node-api'
import { type Database, openDatabase } from './database.ts'
import { Failure } from './failures.ts'
import { Files } from './files.ts'
import { type Page, pageOf } from './page.ts'
import type { FileFacts, PageQuery, ResultColumn, RunAnswer, SaveQuery, SchemaTable, Setup, ToInside } from './protocol.ts'
import { arrowOf, type Pieces, Reader } from './reader.ts'
import { type Result, Results } from './results.ts'
import { Run, type RunRequest, type World } from './run.ts'
import { fileOf } from './saving.ts'
import { schemaOf } from './schema.ts'
import { MadeTables } from './tables.ts'

type Load = Extract<ToInside, { kind: 'load' }>

/** A reader, and what it reads. */
interface Opened {
  reader: number
  columns: ResultColumn[]
  total: number
}

/** Everything that the process does. */
export class Engine {
  readonly #database: Database
  readonly #world: World
  readonly #runs = new Map<string, Promise<Run>>()
  readonly #readers = new Map<number, Reader>()
  readonly #tempDir: string
  #readerIds = 0

  private constructor(database: Database, tempDir: string) {
    this.#database = database
    this.#tempDir = tempDir
    this.#world = { database, results: new Results(database), tables: new MadeTables(database), files: new Files(database) }
  }

  static async open(setup: Setup): Promise<Engine> {
    return new Engine(await openDatabase(setup), setup.tempDir)
  }

  async load({ run: id, name, chunk }: Load, bytes: Uint8Array): Promise<void> {
    const run = await this.#run(id)
    await run.load(name, chunk, bytes)
  }

  loadFile(load: Extract<ToInside, { kind: 'file' }>): Promise<FileFacts> {
    return this.#world.files.load(load)
  }

  dropFile(name: string): Promise<void> {
    return this.#world.files.drop(name)
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
    this.#world.files.cancel(id)
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

  read(id: number): Promise<Opened | null> {
    return this.#open(id, (connection, result) => arrowOf(connection, result))
  }

  save(id: number, query: SaveQuery): Promise<Opened | null> {
    return this.#open(id, (connection, result) => fileOf(connection, result, { query, folder: this.#tempDir }))
  }

  async #open(id: number, begin: (connection: DuckDBConnection, result: Result) => Promise<Pieces>): Promise<Opened | null> {
    const result = this.#world.results.use(id)
    if (!result) return null
    this.#readerIds += 1
    const reader = this.#readerIds
    try {
      this.#readers.set(reader, await Reader.open(this.#database, result, (connection) => begin(connection, result)))
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
