import type { RowsPage, RowsQuery } from '../../typescript/inside/protocol.ts'
import {
  EngineGone,
  type EngineVitals,
  type QueryAnswer,
  type QueryEngine,
  type QueryRequest,
  type ResultReader,
  RunCancelled,
  type SavedFile,
  type SaveQuery,
  type TableSchema,
} from '../engine.ts'
import type { PostgresPool } from './pool.ts'
import { PostgresRun } from './run.ts'
import { readSchema } from './schema.ts'
import { begin, type Rules, refusePower } from './transaction.ts'

/** A connection as it is set now: asked for with every run. Throws a sentence for the user. */
export type Source = () => { pool: PostgresPool; rules: Rules }

interface Active {
  cellId: string
  abort: AbortController
  run?: PostgresRun
  ended: Promise<unknown>
}

/** A request to cancel that comes between two statements ends none: it is given again until the run has ended. */
const INSIST_MS = 100
/** So long a server may take to obey; then the connection to it is cut. */
const PATIENCE_MS = 3_000

/** SQL cells on a PostgreSQL. What they give lands in the notebook's embedded engine, where it is read, sorted and kept. */
export class PostgresEngine implements QueryEngine {
  readonly #source: Source
  readonly #embedded: QueryEngine
  readonly #active = new Map<string, Active>()
  /** Ends when every run before has ended. */
  #turn: Promise<unknown> = Promise.resolve()
  #disposed = false

  constructor(source: Source, embedded: QueryEngine) {
    this.#source = source
    this.#embedded = embedded
  }

  async run(request: QueryRequest): Promise<QueryAnswer> {
    if (this.#disposed) throw new EngineGone('The connection was closed.')
    const abort = new AbortController()
    const active: Active = { cellId: request.cellId, abort, ended: Promise.resolve() }
    const before = this.#turn
    const result = this.#inTurn(before, request, active)
    // Whoever asked for the run is told how it ended; whoever waits for its end is not concerned.
    active.ended = result.catch(() => undefined)
    this.#turn = Promise.all([before, active.ended])
    this.#active.set(request.runId, active)
    try {
      return await result
    } catch (error) {
      throw abort.signal.aborted ? abort.signal.reason : error
    } finally {
      this.#active.delete(request.runId)
    }
  }

  async #inTurn(before: Promise<unknown>, request: QueryRequest, active: Active): Promise<QueryAnswer> {
    const { signal } = active.abort
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    await Promise.race([before, stopped])
    signal.throwIfAborted()
    // Its earlier result goes when it begins, whatever comes of it.
    await this.#embedded.forget(request.cellId)
    const run = new PostgresRun({ ...this.#source(), embedded: this.#embedded, signal }, request)
    active.run = run
    return await run.execute()
  }

  page(handle: string, query: RowsQuery): Promise<RowsPage | undefined> {
    return this.#embedded.page(handle, query)
  }

  read(handle: string): Promise<ResultReader | undefined> {
    return this.#embedded.read(handle)
  }

  save(handle: string, query: SaveQuery): Promise<SavedFile | undefined> {
    return this.#embedded.save(handle, query)
  }

  async cancel(runId: string): Promise<void> {
    const active = this.#active.get(runId)
    if (active) await this.#end(runId, active, new RunCancelled('The query was cancelled.'))
  }

  /** It reads none. */
  async forgetFile(): Promise<void> {}

  async forget(cellId: string): Promise<void> {
    const running = [...this.#active].filter(([, active]) => active.cellId === cellId)
    await Promise.all(running.map(([runId]) => this.cancel(runId)))
    await this.#embedded.forget(cellId)
  }

  /** Results are where the embedded engine is. */
  onLost(listener: () => void): void {
    this.#embedded.onLost(listener)
  }

  async schema(): Promise<TableSchema[]> {
    const { pool, rules } = this.#source()
    const lease = await pool.lease()
    const reading = { ...rules, readOnly: true }
    let how: 'clean' | 'broken' = 'broken'
    try {
      refusePower(await begin(lease.client, reading), rules)
      const tables = await readSchema(lease.client)
      await lease.client.query('commit')
      how = 'clean'
      return tables
    } finally {
      lease.release(how)
    }
  }

  vitals(): Promise<EngineVitals | undefined> {
    return this.#embedded.vitals()
  }

  /** The embedded engine stays: it is the notebook's. */
  async dispose(): Promise<void> {
    this.#disposed = true
    const gone = new EngineGone('The connection was closed.')
    await Promise.all([...this.#active].map(([runId, active]) => this.#end(runId, active, gone)))
  }

  async #end(runId: string, active: Active, reason: RunCancelled | EngineGone): Promise<void> {
    active.abort.abort(reason)
    const insist = async () => {
      await Promise.all([active.run?.cancel(), this.#embedded.cancel(runId)])
    }
    // Should one fail, the next one is given all the same, and the first one's error is told.
    const insisting = setInterval(() => void insist().catch(() => undefined), INSIST_MS)
    const patience = setTimeout(() => active.run?.abandon(), PATIENCE_MS)
    try {
      await Promise.race([insist(), active.ended])
      await active.ended
    } finally {
      clearInterval(insisting)
      clearTimeout(patience)
    }
  }
}
