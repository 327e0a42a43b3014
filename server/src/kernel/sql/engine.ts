import type { StatementKind } from '../../language/sql/facts.ts'
import type { Parameter } from '../../language/sql/parameterTypes.ts'
import type { RowsPage, RowsQuery } from '../typescript/inside/protocol.ts'

/** What runs the SQL cells of one notebook on one connection, wherever it is. */
export interface QueryEngine {
  /** Runs the statements in order, one run after the other; rejects with `DatabaseError`, `RunCancelled` or `EngineGone`. */
  run(request: QueryRequest): Promise<QueryAnswer>
  /** Rows of a result that is still kept; undefined when it is not. Rejects as `run` does, when the question itself is wrong. */
  page(handle: string, query: PageQuery): Promise<RowsPage | undefined>
  /** Every row of a result that is still kept, as a stream of batches in bounded memory; undefined when it is not kept. */
  read(handle: string): Promise<ResultReader | undefined>
  /** A file of a result that is still kept, made where it is, in bounded memory; undefined when it is not kept. Rejects as `page` does. */
  save(handle: string, query: SaveQuery): Promise<SavedFile | undefined>
  /** The run ends with `RunCancelled`, results of others stay. Resolves when it has ended. Unknown ids are ignored. */
  cancel(runId: string): Promise<void>
  /** Results and tables of this cell are dropped; a run of it that goes on is cancelled first. */
  forget(cellId: string): Promise<void>
  /** Of a file that is no table any more; unknown names are ignored. */
  forgetFile(name: string): Promise<void>
  /** Told whenever what cells had there is gone without anybody having asked for it: its process ended. It starts again with the next run. */
  onLost(listener: () => void): void
  /** Tables, views and columns as they are now. */
  schema(): Promise<TableSchema[]>
  /** What people may know of the process that keeps the results; undefined while there is none. */
  vitals(): Promise<EngineVitals | undefined>
  /** Idempotent; runs that go on end with `EngineGone`. */
  dispose(): Promise<void>
}

export interface EngineVitals {
  /** What keeps it in, besides the engine's own settings. */
  sandbox: 'bubblewrap' | 'process'
  memoryMb: number
}

export interface PageQuery extends RowsQuery {
  /** Texts that single columns must have in them, besides what `filter` looks for in all of them. A column is its key, or its name. */
  filters?: { column: string; text: string }[]
}

/** A file of the rows that pass, in this order. */
export interface SaveQuery extends Pick<RowsQuery, 'sort' | 'filter'> {
  format: 'csv' | 'parquet'
}

/** The bytes of a file, a piece at a time. */
export interface SavedFile {
  /** Undefined at the end. */
  next(): Promise<Uint8Array | undefined>
  /** Whoever does not read to the end has to say so. Idempotent. */
  close(): Promise<void>
}

export interface QueryRequest {
  runId: string
  /** Whose result this becomes; that of an earlier run is dropped when this one starts. */
  cellId: string
  statements: readonly QueryStatement[]
  /** What the statements create for good; what an earlier run of the cell created is dropped when this one starts. */
  creates: readonly CreatedName[]
  /** Values of the notebook that the statements read as tables, by the name they use. */
  tables: readonly InputTable[]
}

export interface CreatedName {
  kind: 'table' | 'view'
  /** The name with its qualifiers, as written. */
  parts: readonly string[]
}

export interface QueryStatement {
  kind: StatementKind
  /** Bound: `$1` is the first of the parameters. */
  text: string
  parameters: readonly Parameter[]
}

/** A value of the notebook that a statement reads as a table. */
export type InputTable = InputResult | InputRows | InputFile

/** A file of the notebook, which the embedded engine alone can read. */
export interface InputFile {
  name: string
  from: 'file'
  /** Another one for each upload. */
  id: string
  path: string
  format: 'csv' | 'tsv' | 'parquet' | 'json' | 'ndjson' | 'xlsx'
}

/** The result of another SQL cell on the same engine: nothing travels. */
export interface InputResult {
  name: string
  from: 'result'
  handle: string
}

/** Rows that come from elsewhere, in batches, so that nobody ever holds all of them. */
export interface InputRows {
  name: string
  from: 'batches'
  /** Names of the columns, unique as the engine compares names. */
  columns: readonly string[]
  /** One list of values per column, all of the same length; undefined at the end. Values are as `toParameter` takes them, or undefined for NULL. */
  next(): Promise<readonly (readonly unknown[])[] | undefined>
}

export interface QueryAnswer {
  /** Of the last statement that gives rows; absent when none does. */
  result?: QueryResult
  /** Rows that statements without a result changed, where the engine tells. */
  changed?: number
}

export interface QueryResult {
  handle: string
  columns: QueryColumn[]
  /** The first rows, at most 100, in the form of `application/vnd.table+json`. */
  rows: unknown[][]
  total: number
}

export interface QueryColumn {
  /** As shown: names may repeat. */
  name: string
  /** The key under which TypeScript finds it: unique. */
  key: string
  /** The engine's own word, as `DECIMAL(18,3)`. */
  type: string
  /** For the table that is shown. */
  shown: 'number' | 'string' | 'boolean' | 'date' | 'bigint' | 'object'
}

export interface ResultReader extends SavedFile {
  columns: QueryColumn[]
  total: number
  /**
   * Arrow IPC (stream format), a piece at a time; undefined at the end. Together the pieces are one stream: the schema is in the
   * first, the mark of its end in the last; none of them cuts a message in two. Fields are called by their keys.
   */
  next(): Promise<Uint8Array | undefined>
}

export interface TableSchema {
  schema: string
  name: string
  kind: 'table' | 'view'
  /** An estimate where counting is dear; absent where the engine does not tell. */
  rows?: number
  columns: { name: string; type: string; nullable: boolean }[]
}

/** The engine refused or failed; `offset` is a place in that statement's text as the engine counts. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: string | undefined
  /** Which of the statements. */
  readonly statement: number
  readonly offset: number | undefined

  constructor(message: string, at: { statement: number; offset?: number; code?: string }) {
    super(message)
    this.statement = at.statement
    this.offset = at.offset
    this.code = at.code
  }
}

export class RunCancelled extends Error {
  override readonly name = 'RunCancelled'
}

/** The engine ended: results and tables are gone. The message is a sentence for the user. */
export class EngineGone extends Error {
  override readonly name = 'EngineGone'
}
