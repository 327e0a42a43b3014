import { z } from 'zod'
import { type Actor, Cell, CellResult, KernelState, type Notebook, NotebookFile, Output, type Presence } from './model.ts'
import { SourceChanges } from './textChanges.ts'

/** What happened to a notebook, as it goes over the wire and into the journal. Folded by `evolve`, on both sides. */
export const Change = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('notebook.set'),
    patch: z
      .object({
        title: z.string(),
        mode: z.enum(['auto', 'lazy']),
        cutoff: z.boolean(),
        network: z.array(z.string()),
        kernels: z.array(KernelState),
      })
      .partial(),
  }),
  z.object({ type: z.literal('cell.inserted'), cell: Cell, index: z.number() }),
  z.object({ type: z.literal('cell.deleted'), cellId: z.string() }),
  z.object({ type: z.literal('cell.moved'), cellId: z.string(), index: z.number() }),
  z.object({
    type: z.literal('cell.edited'),
    cellId: z.string(),
    version: z.number(),
    source: z.string(),
    /** Absent where the sources themselves say it as shortly. */
    changes: SourceChanges.optional(),
  }),
  /** `null` removes an optional field (JSON has no undefined). */
  z.object({ type: z.literal('cell.set'), cellId: z.string(), patch: z.record(z.string(), z.unknown()) }),
  /** Clears the cell's outputs. */
  z.object({ type: z.literal('run.started'), cellId: z.string(), runId: z.string(), at: z.string().optional() }),
  /** A stream output with a known id grows by `text`; `truncated` replaces. */
  z.object({ type: z.literal('output.appended'), cellId: z.string(), runId: z.string(), output: Output }),
  z.object({ type: z.literal('run.finished'), cellId: z.string(), runId: z.string(), result: CellResult }),
  /** In the place of another one that is the same table. */
  z.object({ type: z.literal('file.set'), file: NotebookFile }),
  z.object({ type: z.literal('file.removed'), fileId: z.string() }),
])

type Parsed = z.infer<typeof Change>
/** A patch names only fields of a cell; `null` removes an optional one. */
export type CellPatch = { [K in keyof Omit<Cell, 'id'>]?: Cell[K] | null }
export type Change = Exclude<Parsed, { type: 'cell.set' }> | { type: 'cell.set'; cellId: string; patch: CellPatch }

/** What the `notebook` subscription yields. */
export type NotebookEvent =
  | { type: 'snapshot'; notebook: Notebook }
  | { type: 'changes'; rev: number; at: string; by: Actor; changes: Change[] }
  | { type: 'presence'; people: Presence[] }
