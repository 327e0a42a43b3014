import { z } from 'zod'

/**
 * The notebook as every client sees it. Schemas and types in one place; the wire, the database and the
 * browser all use these. Times are ISO-8601 UTC strings, durations milliseconds.
 */

export const LANGUAGES = ['typescript', 'sql', 'markdown', 'python'] as const
export const Language = z.enum(LANGUAGES)
export type Language = z.infer<typeof Language>

export const Role = z.enum(['owner', 'editor', 'runner', 'viewer'])
export type Role = z.infer<typeof Role>

export const NotebookKind = z.enum(['demo', 'blank', 'user'])
export type NotebookKind = z.infer<typeof NotebookKind>

export const CellError = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('syntax'), message: z.string(), line: z.number(), column: z.number() }),
  z.object({
    kind: z.literal('duplicate'),
    names: z.array(z.string()),
    cells: z.array(z.string()),
    /** Files of the notebook that are tables of these names. */
    files: z.array(z.string()).optional(),
  }),
  z.object({
    kind: z.literal('cycle'),
    path: z.array(z.object({ cell: z.string(), name: z.string() })),
    /** Steps of a long path that are not listed. */
    more: z.number().optional(),
  }),
  z.object({ kind: z.literal('external-assignment'), names: z.array(z.string()), line: z.number(), column: z.number() }),
  z.object({ kind: z.literal('missing'), name: z.string(), line: z.number().optional(), column: z.number().optional() }),
  z.object({
    kind: z.literal('thrown'),
    name: z.string(),
    message: z.string(),
    frames: z.array(z.object({ cell: z.string(), line: z.number(), column: z.number(), in: z.string().optional() })),
    cause: z.string().optional(),
  }),
  z.object({
    kind: z.literal('database'),
    message: z.string(),
    code: z.string().optional(),
    line: z.number().optional(),
    column: z.number().optional(),
  }),
  z.object({ kind: z.enum(['timeout', 'kernel-died', 'limit']), message: z.string() }),
])
/** Why a cell has no value. Lines and columns are 1-based and count in the cell's own source. */
export type CellError = z.infer<typeof CellError>

export const CellResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('ok'), durationMs: z.number(), finishedAt: z.string(), cached: z.literal(true).optional() }),
  z.object({
    kind: z.enum(['stopped', 'interrupted']),
    durationMs: z.number(),
    finishedAt: z.string(),
    reason: z.string().optional(),
  }),
  z.object({ kind: z.literal('error'), error: CellError, durationMs: z.number().optional(), finishedAt: z.string().optional() }),
  z.object({ kind: z.literal('blocked'), because: z.enum(['failed', 'cancelled', 'disabled']), culprit: z.string() }),
])
/** How the last run of a cell ended, or why there was none. */
export type CellResult = z.infer<typeof CellResult>

export const MimeBundle = z.record(z.string(), z.unknown())
/** One value in several representations, keyed by MIME type; `text/plain` is always there. */
export type MimeBundle = z.infer<typeof MimeBundle>

const Truncated = z.object({ bytes: z.number() })
export const Output = z.discriminatedUnion('kind', [
  z.object({
    id: z.string(),
    kind: z.literal('stream'),
    name: z.enum(['stdout', 'stderr']),
    text: z.string(),
    truncated: Truncated.optional(),
  }),
  z.object({ id: z.string(), kind: z.enum(['value', 'display']), data: MimeBundle, truncated: Truncated.optional() }),
])
export type Output = z.infer<typeof Output>

/** Which edit, input or request caused a run. */
export const RunCause = z.object({
  kind: z.enum(['requested', 'upstream', 'needed', 'healed', 'input', 'deleted', 'enabled', 'file']),
  cell: z.string().optional(),
})
export type RunCause = z.infer<typeof RunCause>

export const Cell = z.object({
  id: z.string(),
  language: Language,
  source: z.string(),
  /** Counts the edits of this cell's source. */
  version: z.number(),
  resultName: z.string().optional(),
  connectionId: z.string().optional(),
  disabled: z.boolean(),
  hidden: z.boolean(),
  defines: z.array(z.string()),
  uses: z.array(z.string()),
  status: z.enum(['idle', 'queued', 'running']),
  stale: z.boolean(),
  result: CellResult,
  outputs: z.array(Output),
  /** What stood there when the latest run began, while that run has not come to its own end; absent when nothing did. */
  earlier: z.array(Output).optional(),
  runId: z.string().optional(),
  /** When the current run began; absent unless running. */
  startedAt: z.string().optional(),
  /** What the running cell said with `progress(done, total, label)`. */
  progress: z.object({ done: z.number(), total: z.number(), label: z.string().optional() }).optional(),
  /** The end of what the running cell has printed so far, when that is more than is kept. */
  tail: z.string().optional(),
  /** Why the current or last run happened. */
  cause: RunCause.optional(),
})
export type Cell = z.infer<typeof Cell>

export const KernelState = z.object({
  language: Language,
  status: z.enum(['none', 'starting', 'ready', 'busy', 'died']),
  detail: z.string().optional(),
  /** Of the SQL engine: what keeps its process in besides its own locks, a sandbox of the operating system or nothing. */
  sandbox: z.enum(['bubblewrap', 'process']).optional(),
})
/** SQL: the embedded engine's process; `ready` while it is there, whatever it does. */
export type KernelState = z.infer<typeof KernelState>

export const FILE_FORMATS = ['csv', 'tsv', 'parquet', 'json', 'ndjson', 'xlsx'] as const

/** A file that somebody has put into the notebook: a table of its SQL cells. */
export const NotebookFile = z.object({
  /** Another one for each upload, also of the same file. */
  id: z.string(),
  /** As it was called where it came from. */
  name: z.string(),
  /** The table's name: in lower case, unique in its notebook, needing no quotation marks. */
  table: z.string(),
  format: z.enum(FILE_FORMATS),
  bytes: z.number(),
  rows: z.number(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  uploadedAt: z.string(),
})
export type NotebookFile = z.infer<typeof NotebookFile>

export const Notebook = z.object({
  id: z.string(),
  title: z.string(),
  kind: NotebookKind,
  role: Role,
  /** Identity of this history; positions of another epoch mean nothing here. */
  epoch: z.string(),
  /** Position in the history. */
  rev: z.number(),
  mode: z.enum(['auto', 'lazy']),
  cutoff: z.boolean(),
  /** Hosts that cells may reach, granted by the owner; none at first. */
  network: z.array(z.string()),
  kernels: z.array(KernelState),
  files: z.array(NotebookFile),
  cells: z.array(Cell),
})
export type Notebook = z.infer<typeof Notebook>
export type NotebookMode = Notebook['mode']

export const NotebookSummary = z.object({
  id: z.string(),
  title: z.string(),
  kind: NotebookKind,
  role: Role,
  updatedAt: z.string(),
  cellCount: z.number(),
  /** When the notebook was put into the bin; absent otherwise. */
  deletedAt: z.string().optional(),
})
export type NotebookSummary = z.infer<typeof NotebookSummary>

export const Actor = z.object({
  userId: z.string(),
  name: z.string(),
  via: z.enum(['ui', 'api', 'agent', 'system']),
})
/** Who did it, and through what. */
export type Actor = z.infer<typeof Actor>

export const CellSelection = z.object({
  /** Where it began and where the cursor is, as offsets in the cell's source of that version. */
  anchor: z.number().int().min(0),
  head: z.number().int().min(0),
  version: z.number().int().min(0),
})
export type CellSelection = z.infer<typeof CellSelection>

/** Somebody who has the notebook open; one person in two tabs is there twice. */
export const Presence = z.object({
  clientId: z.string(),
  userId: z.string(),
  name: z.string(),
  /** A number from 0 to 7, different for those who are there together as far as that goes. */
  colour: z.number().optional(),
  cellId: z.string().optional(),
  selection: CellSelection.optional(),
})
export type Presence = z.infer<typeof Presence>

/** Hard limits of a notebook; the problem table says what happens beyond them. */
export const LIMITS = {
  sourceBytes: 256 * 1024,
  cells: 5_000,
  /** The sources of all cells together, bytes of UTF-8. */
  notebookBytes: 16 * 1024 * 1024,
  messageBytes: 1024 * 1024,
  titleLength: 200,
  /** Output kept of one run, bytes of its JSON. */
  outputBytesPerRun: 5 * 1024 * 1024,
  /** What all cells show together, in characters of its JSON: all of it is in the server's memory and in every snapshot. */
  outputsLength: 64 * 1024 * 1024,
  files: 100,
  /** Of one file: all of them are in every snapshot. */
  fileColumns: 500,
  fileNameLength: 255,
} as const
