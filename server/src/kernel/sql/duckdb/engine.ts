import { Unfit } from '../../../language/sql/unfit.ts'
import {
  DatabaseError,
  EngineGone,
  type EngineVitals,
  type InputRows,
  type InputTable,
  type PageQuery,
  type QueryAnswer,
  type QueryEngine,
  type QueryRequest,
  type ResultReader,
  RunCancelled,
  type SavedFile,
  type SaveQuery,
  type TableSchema,
} from '../engine.ts'
import { type Piece, TableEncoder } from './columns.ts'
import { LoadedFiles } from './files.ts'
import { admitAll } from './gate.ts'
import type { DuckDbProcess } from './process.ts'
import { ask, openReader, withHeader } from './reading.ts'
import { MemoryAnswer, PageAnswer, RunAnswer, SchemaAnswer } from './reports.ts'
import type { Sandbox } from './sandbox.ts'
import { AWAY, toldBy, UNRULY } from './told.ts'

interface OpenRun {
  request: QueryRequest
  process: DuckDbProcess | undefined
  cancelled: boolean
  ended: Promise<void>
}

/** The embedded engine of one notebook: a process of its own, started when it is needed. */
export class DuckDbEngine implements QueryEngine {
  readonly #take: () => Promise<DuckDbProcess>
  readonly #patienceMs: number
  readonly #open = new Map<string, OpenRun>()
  readonly #listeners: (() => void)[] = []
  readonly #files = new LoadedFiles()
  #process: Promise<DuckDbProcess> | undefined
  #running: DuckDbProcess | undefined
  /** The run before: they go one after the other. */
  #last: Promise<unknown> = Promise.resolve()
  #disposed = false

  /**
   * `take`: a process that nobody else has. `patienceMs`: how long a query may take to stop before its process is ended, in
   * milliseconds.
   */
  constructor(take: () => Promise<DuckDbProcess>, patienceMs: number) {
    this.#take = take
    this.#patienceMs = patienceMs
  }

  /** What keeps its process in; undefined while there is none. */
  get sandbox(): Sandbox | undefined {
    return this.#running?.sandbox
  }

  /** Of its process, while there is one. */
  get pid(): number | undefined {
    return this.#running?.pid
  }

  onLost(listener: () => void): void {
    this.#listeners.push(listener)
  }

  run(request: QueryRequest): Promise<QueryAnswer> {
    const open: OpenRun = { request, process: undefined, cancelled: false, ended: Promise.resolve() }
    const answer = this.#last.then(() => this.#perform(open))
    // Whoever asked for the run is told how it ended; the next one only waits for it.
    open.ended = answer.then(nothing, nothing)
    this.#last = open.ended
    this.#open.set(request.runId, open)
    return answer.finally(() => this.#open.delete(request.runId))
  }

  async cancel(runId: string): Promise<void> {
    const open = this.#open.get(runId)
    if (!open) return
    open.cancelled = true
    const { process } = open
    process?.tell({ kind: 'cancel', run: runId })
    const timer = process && setTimeout(() => void process.kill(UNRULY), this.#patienceMs)
    await open.ended
    clearTimeout(timer)
  }

  async forget(cellId: string): Promise<void> {
    const own = [...this.#open.values()].filter(({ request }) => request.cellId === cellId)
    await Promise.all(own.map(({ request }) => this.cancel(request.runId)))
    if (this.#running) await ask(this.#running, { kind: 'forget', cell: cellId })
  }

  /** After what runs, which may read it; before what comes, which may read another one of that name. */
  forgetFile(name: string): Promise<void> {
    const forgotten = this.#last.then(() => this.#running && this.#files.forget(this.#running, name))
    this.#last = forgotten.catch(nothing)
    return forgotten
  }

  async page(handle: string, query: PageQuery) {
    const place = this.#place(handle)
    if (!place) return undefined
    const { answer } = await ask(place.process, { kind: 'page', result: place.result, query })
    return PageAnswer.parse(answer) ?? undefined
  }

  async read(handle: string): Promise<ResultReader | undefined> {
    const place = this.#place(handle)
    return place && (await openReader(place.process, { kind: 'read', result: place.result }))
  }

  async save(handle: string, query: SaveQuery): Promise<SavedFile | undefined> {
    const place = this.#place(handle)
    const reader = place && (await openReader(place.process, { kind: 'save', result: place.result, query }))
    return reader && query.format === 'csv' ? withHeader(reader) : reader
  }

  async schema(): Promise<TableSchema[]> {
    if (!this.#running) return []
    const { answer } = await ask(this.#running, { kind: 'schema' })
    return SchemaAnswer.parse(answer)
  }

  async vitals(): Promise<EngineVitals | undefined> {
    const process = this.#running
    if (!process) return undefined
    const { answer } = await ask(process, { kind: 'memory' })
    return { sandbox: process.sandbox, memoryMb: MemoryAnswer.parse(answer) }
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    // One that could not start has nothing to end.
    const process = await this.#process?.catch(nothing)
    await process?.kill(AWAY)
    await this.#last
  }

  async #perform(open: OpenRun): Promise<QueryAnswer> {
    const { request } = open
    try {
      this.#goOn(open)
      const process = await this.#started()
      this.#goOn(open)
      open.process = process
      const statements = admitAll(request.statements, process.schema)
      await this.#load(open, process)
      const inputs = request.tables.flatMap((table) => (table.from === 'result' ? [this.#input(table)] : []))
      const files = request.tables.flatMap(({ name, from }) => (from === 'file' ? [name] : []))
      const { runId, cellId } = request
      const { answer } = await process.ask({ kind: 'run', run: runId, cell: cellId, inputs, files, statements })
      const { result, changed } = RunAnswer.parse(answer)
      return {
        ...(result && { result: { ...withoutNumber(result), handle: `${process.id}:${result.result}` } }),
        ...(changed !== undefined && { changed }),
      }
    } catch (error) {
      throw this.#told(error, open)
    }
  }

  /** As the interface has it; what was cancelled was cancelled, however it ended. */
  #told(error: unknown, { cancelled }: OpenRun): unknown {
    if (cancelled) return new RunCancelled('The run was stopped.')
    return toldBy(error)
  }

  #goOn({ cancelled }: OpenRun): void {
    if (this.#disposed) throw new EngineGone(AWAY)
    if (cancelled) throw new RunCancelled('The run was stopped.')
  }

  #input({ name, handle }: Extract<InputTable, { from: 'result' }>): { name: string; result: number } {
    const place = this.#place(handle)
    if (!place) throw new EngineGone(`The rows of “${name}” are not kept any more: its cell has to run again.`)
    return { name, result: place.result }
  }

  async #load(open: OpenRun, process: DuckDbProcess): Promise<void> {
    const { runId, tables } = open.request
    try {
      for (const table of tables) {
        if (table.from === 'batches') await this.#loadRows(open, process, table)
        if (table.from === 'file') await this.#files.need(process, runId, table)
      }
    } catch (error) {
      process.tell({ kind: 'cancel', run: runId })
      throw error instanceof Unfit ? new DatabaseError(`${error.path} ${error.message}.`, { statement: 0, code: 'Value' }) : error
    }
  }

  /** The next piece is made while the one before is taken in. */
  async #loadRows(open: OpenRun, process: DuckDbProcess, { name, columns, next }: InputRows): Promise<void> {
    const encoder = new TableEncoder(name, columns)
    let sent: Promise<unknown> = Promise.resolve()
    const send = async ({ chunk, bytes }: Piece) => {
      await sent
      this.#goOn(open)
      sent = process.ask({ kind: 'load', run: open.request.runId, name, chunk }, bytes)
      // Whoever waits for it is told; until then nobody does.
      sent.catch(nothing)
    }
    await send(encoder.empty())
    for (;;) {
      const lists = await next()
      if (!lists) break
      for (const piece of encoder.pieces(lists)) await send(piece)
    }
    await sent
  }

  #place(handle: string): { process: DuckDbProcess; result: number } | undefined {
    const process = this.#running
    const [id, result] = handle.split(':')
    return process && id === process.id ? { process, result: Number(result) } : undefined
  }

  async #started(): Promise<DuckDbProcess> {
    this.#process ??= this.#start()
    return await this.#process
  }

  async #start(): Promise<DuckDbProcess> {
    try {
      const process = await this.#take()
      this.#running = process
      void process.gone.then(() => this.#lost(process))
      return process
    } catch (error) {
      this.#process = undefined
      throw new EngineGone(error instanceof Error ? error.message : String(error))
    }
  }

  #lost(process: DuckDbProcess): void {
    if (this.#running !== process) return
    this.#running = undefined
    this.#process = undefined
    if (!this.#disposed) for (const listener of this.#listeners) listener()
  }
}

function withoutNumber<T extends { result: number }>({ result: _, ...rest }: T): Omit<T, 'result'> {
  return rest
}

function nothing(): undefined {
  return undefined
}
