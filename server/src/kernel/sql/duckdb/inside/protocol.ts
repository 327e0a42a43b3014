import type { Parameter, SqlType } from '../../../../language/sql/parameterTypes.ts'

/** What the server and the process of the engine say to each other. Of the server this folder knows types, and how frames are put together. */

/** The first frame. */
export interface Setup {
  /** For operators; the process itself may take more. */
  memoryMb: number
  threads: number
  /** What sorts and the like may write beyond memory, into `tempDir`. */
  tempMb: number
  /** Empty, and nobody else's. */
  tempDir: string
  /** Schema of results: a name that nobody can guess, and that statements may not have in them. */
  schema: string
}

export interface WireStatement {
  text: string
  parameters: readonly Parameter[]
  /**
   * What becomes of its rows. `table`: kept, `create table … as` takes it as it is; `query`: kept, where it can stand in
   * brackets only; `answer`: kept, and it can stand nowhere else; `none`: nothing.
   */
  rows: 'table' | 'query' | 'answer' | 'none'
  /** The text with an empty value of its type for every parameter: for the names of the columns. */
  unbound?: string
}

/** A piece of a table that is loaded: its columns' bytes lie one behind the other. */
export interface WireChunk {
  rows: number
  columns: WireColumn[]
}

export interface WireColumn {
  name: string
  type: SqlType
  /** Lengths of what the column has in the bytes: `validity`, where there are NULLs; then by type, see `Packed`. */
  validity: number
  /** Offsets of texts, blobs and lists, one more than there are rows, in four bytes each. */
  offsets: number
  /** Fixed-width values, or the bytes of texts and blobs. */
  data: number
  /** Elements of lists: their number, and they themselves. */
  elements?: { rows: number; column: WireColumn }
}

export interface WireFile {
  /** In the one folder of the process. */
  path: string
  format: 'csv' | 'tsv' | 'parquet' | 'json' | 'ndjson' | 'xlsx'
  /** Of a text with separated fields: what is between them, and how many the first line has. */
  delimiter: string
  fields: number
}

export interface FileFacts {
  rows: number
  /** Of a workbook: how many it has, of which one was read. */
  sheets?: number
  columns: { name: string; type: string }[]
}

export interface PageQuery {
  offset: number
  limit: number
  sort?: { column: string; descending: boolean }
  filter?: string
  /** Texts that single columns must have in them, besides. */
  filters?: { column: string; text: string }[]
}

/** A file of the rows that pass, in this order. */
export interface SaveQuery {
  format: 'csv' | 'parquet'
  sort?: { column: string; descending: boolean }
  filter?: string
}

export type ToInside =
  | { kind: 'setup'; setup: Setup }
  /** A piece of what a run reads as a table; the first one opens the run. */
  | { kind: 'load'; ask: number; run: string; name: string; chunk: WireChunk }
  /** A file becomes a table, in the place of another one of that name; it has to be there until the answer has come. */
  | { kind: 'file'; ask: number; run: string; name: string; file: WireFile }
  | { kind: 'drop-file'; ask: number; name: string }
  | {
      kind: 'run'
      ask: number
      run: string
      cell: string
      inputs: { name: string; result: number }[]
      /** Names of files that it reads as tables. */
      files: string[]
      statements: WireStatement[]
    }
  /** Ends it, whatever it does; one that only was loaded, too. */
  | { kind: 'cancel'; run: string }
  | { kind: 'page'; ask: number; result: number; query: PageQuery }
  | { kind: 'read'; ask: number; result: number }
  | { kind: 'save'; ask: number; result: number; query: SaveQuery }
  | { kind: 'next'; ask: number; reader: number }
  | { kind: 'close'; reader: number }
  | { kind: 'forget'; ask: number; cell: string }
  | { kind: 'schema'; ask: number }
  | { kind: 'memory'; ask: number }

export interface WireFailure {
  kind: 'database' | 'cancelled' | 'lost'
  message: string
  statement: number
  offset?: number
  code?: string
}

export interface ResultColumn {
  name: string
  key: string
  type: string
  shown: 'number' | 'string' | 'boolean' | 'date' | 'bigint' | 'object'
}

export interface RunAnswer {
  result?: { result: number; columns: ResultColumn[]; rows: unknown[][]; total: number }
  changed?: number
}

export interface SchemaTable {
  schema: string
  name: string
  kind: 'table' | 'view'
  rows?: number
  columns: { name: string; type: string; nullable: boolean }[]
}

export type FromInside =
  | { kind: 'ready' }
  | { kind: 'done'; ask: number; answer: unknown }
  | { kind: 'failed'; ask: number; failure: WireFailure }
  /** The last words of the process. */
  | { kind: 'dying'; reason: string }
