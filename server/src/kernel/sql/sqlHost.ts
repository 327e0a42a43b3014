import { dialectOf } from '../../language/sql/connections.ts'
import { readSql, type SqlCell } from '../../language/sql/sql.ts'
import { lowerCase } from '../../language/sql/tokens.ts'
import type { RunRequest } from '../../notebook/effects.ts'
import type { CellError } from '../../notebook/model.ts'
import type { Report } from '../../notebook/reports.ts'
import { fileTable } from '../../notebook/tables.ts'
import type { InsideRequest, RowsPage, RowsQuery, ToInside } from '../typescript/inside/protocol.ts'
import { decode } from './decode.ts'
import type { InputFile, InputTable, QueryAnswer, QueryEngine, SavedFile, SaveQuery, TableSchema } from './engine.ts'
import { EngineWatch } from './engineWatch.ts'
import { bundleOf } from './output.ts'
import { type FromQueries, Questions } from './questions.ts'
import { Readers } from './readers.ts'
import { type BoundStatement, bindAll, createsOf, failureOf } from './statements.ts'
import { refuseTwins } from './twins.ts'

/** Where the SQL cells of one notebook run; started when first needed. */
export interface Engines {
  /** Absent: the embedded engine. Rejects with a sentence for the user when there is no such connection. */
  engine(connectionId: string | undefined): Promise<QueryEngine>
  /** Undefined when it has not been started, or is gone. */
  running(connectionId: string | undefined): QueryEngine | undefined
  /** Told of a connection whose cells' results and tables are gone. */
  onLost(listener: (connectionId: string | undefined) => void): void
  dispose(): Promise<void>
}

/** Where the bytes of a file of a notebook are; undefined when they are gone. */
export type PathOfFile = (fileId: string) => string | undefined

export interface SqlHostOptions {
  engines: Engines
  /** Without it no notebook has files. */
  pathOfFile?: PathOfFile
  send(message: ToInside): void
  report(reports: Report[]): void
}

interface OpenQuery {
  cellId: string
  cell: SqlCell
  connectionId: string | undefined
  files: RunRequest['files']
  /** The engine that runs it, and what it was given. */
  engine?: QueryEngine
  statements?: readonly BoundStatement[]
  failure?: CellError
}

type Owner = Pick<OpenQuery, 'cellId' | 'connectionId'>

/** SQL cells on the host's side: what the sandbox knows of their values is bound and run where no code of cells reaches. */
export class SqlHost {
  readonly #options: SqlHostOptions
  readonly #open = new Map<string, OpenQuery>()
  readonly #questions: Questions
  readonly #readers: Readers
  readonly #watch: EngineWatch
  /** Who has made what is known under a name of the graph. */
  readonly #owners = new Map<string, Owner>()
  /** By cell: what is kept of its last run. */
  readonly #results = new Map<string, Owner & { handle: string }>()

  constructor(options: SqlHostOptions) {
    this.#options = options
    this.#questions = new Questions(options.send)
    this.#readers = new Readers((handle) => this.#holderOf(handle), options.send)
    this.#watch = new EngineWatch(() => options.engines.running(undefined), options.report)
    options.engines.onLost((connectionId) => this.#lost(connectionId))
  }

  /** Remembers a run, and says what the sandbox has to know of it. */
  accept({ runId, cellId, source, connectionId, resultName, defines, files }: RunRequest): InsideRequest['query'] {
    const cell = readSql(source, dialectOf(connectionId))
    if (!cell.ok) return undefined
    this.#open.set(runId, { cellId, cell, connectionId, files })
    for (const name of defines) this.#owners.set(name, { cellId, connectionId })
    const tables = connectionId === undefined ? cell.names.asValues : []
    return { tables, ...(resultName !== undefined && { resultName }) }
  }

  heard(message: FromQueries): void {
    switch (message.kind) {
      case 'query':
        void this.#watch.during(() => this.#run(message))
        return
      case 'table-rows':
        return this.#questions.answered(message)
      case 'read':
        void this.#readers.read(message)
        return
    }
  }

  /** A run has ended: why it failed, when that happened here. */
  ended(runId: string): CellError | undefined {
    const failure = this.#open.get(runId)?.failure
    this.#open.delete(runId)
    return failure
  }

  cancel(runIds: readonly string[]): void {
    for (const runId of runIds) void this.#open.get(runId)?.engine?.cancel(runId)
  }

  cancelAll(): void {
    this.cancel([...this.#open.keys()])
  }

  /** Their cells are gone, or are to be made anew. */
  forget(names: readonly string[], cellId?: string): void {
    const kept = this.#results.get(cellId ?? '')
    const owners = [...names.flatMap((name) => this.#owners.get(name) ?? []), ...(kept ? [kept] : [])]
    const cells = new Map(owners.map((owner) => [owner.cellId, owner]))
    for (const name of names) this.#owners.delete(name)
    for (const owner of cells.values()) this.#forgetCell(owner.cellId, owner.connectionId)
    for (const name of names.flatMap((each) => fileTable(each) ?? [])) this.#forgetFile(name)
  }

  /** Undefined: the handle is none of a query. */
  page(handle: string, query: RowsQuery): Promise<RowsPage | undefined> | undefined {
    return this.#holderOf(handle)?.page(handle, query)
  }

  /** As `page`. */
  save(handle: string, query: SaveQuery): Promise<SavedFile | undefined> | undefined {
    return this.#holderOf(handle)?.save(handle, query)
  }

  /** The embedded engine is not started for that: without a run nothing is there. */
  async schema(connectionId: string | undefined): Promise<TableSchema[]> {
    const { engines } = this.#options
    const engine = connectionId === undefined ? engines.running(undefined) : await engines.engine(connectionId)
    return engine ? engine.schema() : []
  }

  dispose(): Promise<void> {
    this.#questions.close()
    return this.#options.engines.dispose()
  }

  #holderOf(handle: string): QueryEngine | undefined {
    const result = [...this.#results.values()].find((known) => known.handle === handle)
    return result && this.#options.engines.running(result.connectionId)
  }

  /** Their last runs stand, what they handed on does not. */
  #lost(connectionId: string | undefined): void {
    const all = [...this.#owners.values(), ...this.#results.values()].filter((owner) => owner.connectionId === connectionId)
    const cellIds = [...new Set(all.map(({ cellId }) => cellId))]
    for (const cellId of cellIds) this.#results.delete(cellId)
    if (connectionId === undefined) this.#watch.lost()
    if (cellIds.length > 0) this.#options.report([{ kind: 'lost', cellIds }])
  }

  #forgetCell(cellId: string, connectionId: string | undefined): void {
    this.#results.delete(cellId)
    // An engine that goes away meanwhile has nothing to forget; what could not be dropped is when the cell runs again, which then says so.
    this.#options.engines
      .running(connectionId)
      ?.forget(cellId)
      .catch(() => undefined)
  }

  #forgetFile(name: string): void {
    // As above: an engine that is gone holds no file, and a run that needs one reads the file that has the name then.
    this.#options.engines
      .running(undefined)
      ?.forgetFile(name)
      .catch(() => undefined)
  }

  async #run({ runId, values, tables }: Extract<FromQueries, { kind: 'query' }>): Promise<void> {
    const open = this.#open.get(runId)
    if (!open) return
    try {
      open.statements = bindAll(open.cell, values.map(decode))
      refuseTwins(tables.map(({ name }) => name))
      const engine = await this.#options.engines.engine(open.connectionId)
      // Cancelled while the engine started.
      if (this.#open.get(runId) !== open) return
      open.engine = engine
      const inputs = [...tables.map((table): InputTable => this.#input(runId, table)), ...this.#files(open, tables)]
      const { cellId, statements } = open
      this.#results.delete(cellId)
      const creates = createsOf(open.cell)
      this.#succeeded(runId, open, await engine.run({ runId, cellId, statements, creates, tables: inputs }))
    } catch (error) {
      if (this.#open.get(runId) === open) this.#failed(runId, open, error)
    }
  }

  #input(runId: string, table: Extract<FromQueries, { kind: 'query' }>['tables'][number]): InputTable {
    if ('handle' in table) return { name: table.name, from: 'result', handle: table.handle }
    return { name: table.name, from: 'batches', columns: table.columns, next: this.#questions.batches(runId, table) }
  }

  /** A value of the notebook hides a file of its name. */
  #files({ files }: OpenQuery, values: readonly { name: string }[]): InputFile[] {
    const hidden = new Set(values.map(({ name }) => lowerCase(name)))
    return files.flatMap(({ id, table, format }) => {
      if (hidden.has(table)) return []
      const path = this.#options.pathOfFile?.(id)
      if (path === undefined) throw new Error(`The file of the table “${table}” is not there any more: upload it again.`)
      return [{ name: table, from: 'file', id, path, format }]
    })
  }

  #succeeded(runId: string, { cellId, connectionId }: OpenQuery, answer: QueryAnswer): void {
    const data = bundleOf(answer)
    if (data) this.#options.report([{ kind: 'output', runId, output: { id: `${runId}:result`, kind: 'value', data } }])
    const { result } = answer
    if (result) this.#results.set(cellId, { cellId, connectionId, handle: result.handle })
    const columns = result?.columns.map(({ key, type }) => ({ key, type })) ?? []
    const info = result && { handle: result.handle, columns, total: result.total }
    this.#options.send({ kind: 'query-ended', runId, ...(info && { result: info }) })
  }

  #failed(runId: string, open: OpenQuery, error: unknown): void {
    const failure = failureOf(error, open.statements ?? [])
    if (failure) open.failure = failure
    // What it has made half-way is no table of the notebook (S4).
    if (open.engine) this.#forgetCell(open.cellId, open.connectionId)
    this.#options.send({ kind: 'query-ended', runId, failed: failure?.message ?? 'The query was cancelled.' })
  }
}
