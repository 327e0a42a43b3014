/** What the server and the process inside the sandbox say to each other. This folder imports nothing from outside of it. */

export interface InsideRequest {
  runId: string
  /** Counts the runs of this kernel: the short name of a run in shared memory. */
  seq: number
  cellId: string
  /** What stack frames of this code are called; the same for every run of one text in one cell, and for nothing else. */
  url: string
  body: string
  /** Free names of the body, globals included. */
  uses: readonly string[]
  binds: readonly string[]
  unavailable: Record<string, string>
  defines: readonly string[]
  needs: readonly string[]
  after: readonly string[]
  /** Whether names have new values is found out by comparing. */
  cutoff: boolean
  /** May end `cached` when its code and all it reads are as in its last good run. */
  optional: boolean
  /** Goes into its inputs, so that those of other code are told apart. */
  version: number
  /** Values its inputs had before, by id. */
  inputs: Record<string, unknown>
  /** SQL: the values that the body leaves are its parameters; the query itself runs elsewhere. */
  query?: {
    /** Names that it reads as tables, as far as they are values. */
    tables: readonly string[]
    resultName?: string
  }
  /** The source did not compile: the run ends so, and what needs it is skipped. */
  refused?: SyntaxRefusal
}

export interface SyntaxRefusal {
  message: string
  line: number
  column: number
}

export type ToInside =
  | { kind: 'run'; requests: InsideRequest[] }
  | { kind: 'cancel'; ask: number; runs: { runId: string; seq: number }[] }
  | { kind: 'interrupt'; ask: number }
  | { kind: 'set-input'; cellId: string; inputId: string; value: unknown }
  /** So far apart is output told at least, in milliseconds. */
  | { kind: 'pace'; ms: number }
  | { kind: 'forget'; names: readonly string[] }
  | { kind: 'variables'; ask: number; names: readonly string[] }
  | { kind: 'rows'; ask: number; handle: string; query: RowsQuery }
  /** A query has ended, with a result or without, or badly. */
  | { kind: 'query-ended'; runId: string; result?: ResultInfo; failed?: string }
  /** The next rows of a value that a query reads as a table. */
  | { kind: 'table-rows'; ask: number; runId: string; name: string; offset: number; limit: number }
  /** To a `read`: Arrow IPC in base64; neither that nor an error is the end. */
  | { kind: 'batch'; ask: number; arrow?: string; failed?: string }
  /** Packages that will probably be wanted, while there is nothing else to do. */
  | { kind: 'preload'; packages: readonly string[] }

/** The result of a query, which is kept where the query ran. */
export interface ResultInfo {
  handle: string
  /** Of each column: its key in a row, and the engine's word for its type. */
  columns: { key: string; type: string }[]
  total: number
}

/** A value that a query reads as a table. */
export type TableInfo = { name: string; handle: string } | { name: string; columns: string[]; total: number }

export type MimeBundle = Record<string, unknown>

export type InsideOutput =
  | { id: string; kind: 'stream'; name: 'stdout' | 'stderr'; text: string; truncated?: { bytes: number } }
  | { id: string; kind: 'value' | 'display'; data: MimeBundle; truncated?: { bytes: number } }

/** A stack frame in compiled code. */
export interface RawFrame {
  url: string
  line: number
  column: number
  in?: string
}

export interface RawError {
  name: string
  message: string
  frames: RawFrame[]
  cause?: string
  /** The name nobody defines, when that was the error. */
  missing?: string
  syntax?: SyntaxRefusal
}

export type InsideOutcome =
  | { kind: 'ok' | 'stopped' | 'interrupted'; durationMs: number }
  | { kind: 'error'; durationMs: number; error: RawError }
  | { kind: 'cached' | 'skipped' }

/** Which rows of a table, after sorting by a column and keeping those that hold a text. */
export interface RowsQuery {
  offset: number
  limit: number
  sort?: { column: string; descending: boolean }
  filter?: string
}

export interface RowsPage {
  /** By column, as in the table that was sent. */
  rows: unknown[][]
  /** Rows that match, on all pages. */
  total: number
}

export interface InsideVariable {
  name: string
  type: string
  preview: string
  json?: unknown
}

export type InsideReport =
  | { kind: 'started'; runId: string }
  | { kind: 'output'; runId: string; output: InsideOutput }
  | { kind: 'progress'; runId: string; done: number; total: number; label?: string }
  /** The end of what the run has printed so far, when that is more than is kept. */
  | { kind: 'tail'; runId: string; text: string }
  | { kind: 'finished'; runId: string; outcome: InsideOutcome }
  | { kind: 'variables'; ask: number; variables: InsideVariable[] }
  /** Without a page, the table is not there any more. */
  | { kind: 'rows'; ask: number; page?: RowsPage }
  /** Runs the query of this SQL cell; `values` and cells of tables are as `encode` leaves them. */
  | { kind: 'query'; runId: string; values: unknown[]; tables: TableInfo[] }
  /** Answers `table-rows`: a list of values for each column. */
  | { kind: 'table-rows'; ask: number; columns: unknown[][] }
  /** The rows of a result, for code; answered by a `batch`. Absent `next`: from the beginning. */
  | { kind: 'read'; ask: number; handle: string; next?: true }
  /** An interrupt or cancel has taken effect. */
  | { kind: 'obeyed'; ask: number }
  | { kind: 'ready' }
  /** What the whole process takes, in MiB. */
  | { kind: 'memory'; mb: number }
  /** Last words of the process. */
  | { kind: 'dying'; reason: string }

export interface InsideLimits {
  /** Bytes of JSON that one run may output. */
  outputBytes: number
}

/** Package name → URL of its bundle. */
export type PackageTable = Record<string, string>
