import type { Analysis } from './commands.ts'
import type { Change } from './events.ts'
import { NotebookDraft, type NotebookState } from './evolve.ts'
import { emptyGraph, type Graph, GraphDraft, type Names } from './graph/graph.ts'
import type { CellError } from './model.ts'
import { contentOf, lengthOf, lengthOfAll, showingCell } from './outputSize.ts'
import { bytesOf, writtenCell } from './size.ts'

/** What follows from the code alone, without running anything. */
export type Verdict =
  | { kind: 'clear' }
  | { kind: 'error'; error: CellError }
  | { kind: 'blocked'; because: 'failed' | 'disabled'; culprit: string }

export const CLEAR: Verdict = { kind: 'clear' }

/** What the engine knows of a cell beyond what clients see. */
export interface Internal {
  readonly analysis: Analysis
  readonly verdict: Verdict
  /** Names its last good run handed to readers: those readers follow when it runs again without them (S7). */
  readonly handed: readonly string[]
  /** What it handed on is in the kernel's memory now. */
  readonly live: boolean
  /** The kernel's id of the current run, while queued or running: a re-planned run has a new one. */
  readonly kernelRun?: string
}

/** One open notebook as a value. `decide` reads it, `evolveEngine` makes the next one. */
export interface Engine {
  readonly notebook: NotebookState
  readonly graph: Graph
  readonly internals: ReadonlyMap<string, Internal>
  /** Cells by the kernel's run id, for queued and running cells only: other reports come too late (S10). */
  readonly runs: ReadonlyMap<string, string>
  /** Of all sources together: kept, because an edit must not cost what the notebook is long. */
  readonly sourceBytes: number
  /** Of all outputs together, in characters. */
  readonly outputsLength: number
  /** The last rev that changed code or order. */
  readonly codeRev: number
}

/** A step of the engine: what clients see, or what only the engine keeps. */
export type Event = Change | { type: 'internal.set'; cellId: string; patch: Partial<Internal> }

const NO_NAMES: Names = { defines: [], uses: [] }

/** The names that count in the graph: none while there is a syntax error (G11). */
export function namesOf(internal: Internal | undefined): Names {
  if (!internal || internal.analysis.syntaxError) return NO_NAMES
  return internal.analysis
}

/** Names that other cells can read from the kernel's memory now: made by the last good run, and still defined by the code. */
export function readable(internal: Internal): string[] {
  const { defines } = namesOf(internal)
  return internal.live ? internal.handed.filter((name) => defines.includes(name)) : []
}

export const NEW_INTERNAL: Internal = {
  analysis: { defines: [], uses: [], assigns: [], empty: true },
  verdict: CLEAR,
  handed: [],
  live: false,
}

/** An engine in progress, while one decision is made or replayed. */
export class EngineDraft {
  readonly notebook: NotebookDraft
  readonly graph: GraphDraft
  private readonly before: Engine
  private ownInternals?: Map<string, Internal>
  private ownRuns?: Map<string, string>
  codeChanged = false
  sourceBytes: number
  outputsLength: number

  constructor(engine: Engine) {
    this.before = engine
    this.notebook = new NotebookDraft(engine.notebook)
    this.graph = new GraphDraft(engine.graph)
    this.sourceBytes = engine.sourceBytes
    this.outputsLength = engine.outputsLength
  }

  get internals(): ReadonlyMap<string, Internal> {
    return this.ownInternals ?? this.before.internals
  }

  get runs(): ReadonlyMap<string, string> {
    return this.ownRuns ?? this.before.runs
  }

  apply(event: Event): void {
    if (event.type === 'internal.set') return this.setInternal(event.cellId, event.patch)
    if (event.type === 'output.appended') return this.append(event)
    const [written, showing] = [writtenCell(event), showingCell(event)]
    const before = { source: this.bytesIn(written), outputs: this.shownBy(showing) }
    this.notebook.apply(event)
    this.sourceBytes += this.bytesIn(written) - before.source
    this.outputsLength += this.shownBy(showing) - before.outputs
    if (event.type === 'cell.deleted') this.forgetCell(event.cellId)
    if (CODE_CHANGES.has(event.type)) this.codeChanged = true
  }

  /** Without looking through what the cell shows already: that may be thousands of outputs, to which each is one more. */
  private append(event: Extract<Change, { type: 'output.appended' }>): void {
    const count = () => this.notebook.cells.get(event.cellId)?.outputs.length
    const before = count()
    this.notebook.apply(event)
    if (before === undefined) return
    this.outputsLength += count() === before ? contentOf(event.output) : lengthOf(event.output)
  }

  finish(rev: number): Engine {
    return {
      notebook: this.notebook.finish(rev),
      graph: this.graph.finish(),
      internals: this.internals,
      runs: this.runs,
      sourceBytes: this.sourceBytes,
      outputsLength: this.outputsLength,
      codeRev: this.codeChanged ? rev : this.before.codeRev,
    }
  }

  private bytesIn(cellId: string | undefined): number {
    const cell = cellId === undefined ? undefined : this.notebook.cells.get(cellId)
    return cell ? bytesOf(cell.source) : 0
  }

  private shownBy(cellId: string | undefined): number {
    const cell = cellId === undefined ? undefined : this.notebook.cells.get(cellId)
    return cell ? lengthOfAll(cell) : 0
  }

  private setInternal(cellId: string, patch: Partial<Internal>): void {
    const before = this.internals.get(cellId)
    const after = { ...(before ?? NEW_INTERNAL), ...patch }
    this.ownInternals ??= new Map(this.before.internals)
    this.ownInternals.set(cellId, after)
    if (patch.analysis) {
      this.graph.remove(cellId, namesOf(before))
      this.graph.add(cellId, namesOf(after))
    }
    if ('kernelRun' in patch) this.setRun(cellId, before?.kernelRun, patch.kernelRun)
  }

  private setRun(cellId: string, before: string | undefined, after: string | undefined): void {
    this.ownRuns ??= new Map(this.before.runs)
    if (before) this.ownRuns.delete(before)
    if (after) this.ownRuns.set(after, cellId)
  }

  private forgetCell(cellId: string): void {
    const before = this.internals.get(cellId)
    if (!before) return
    this.graph.remove(cellId, namesOf(before))
    if (before.kernelRun) this.setRun(cellId, before.kernelRun, undefined)
    this.ownInternals ??= new Map(this.before.internals)
    this.ownInternals.delete(cellId)
  }
}

const CODE_CHANGES: ReadonlySet<Event['type']> = new Set(['cell.inserted', 'cell.deleted', 'cell.moved', 'cell.edited'])

/** Folds events into the engine: `decide` and the session use the same steps, so they cannot disagree. */
export function evolveEngine(engine: Engine, events: readonly Event[], rev: number): Engine {
  const draft = new EngineDraft(engine)
  for (const event of events) draft.apply(event)
  return draft.finish(rev)
}

/**
 * An engine for a stored notebook; no value is in any kernel's memory yet.
 * `handed` lists the names each cell's last good run handed on.
 */
export function openEngine(
  notebook: NotebookState,
  analysisOf: (cellId: string) => Analysis,
  handed: ReadonlyMap<string, readonly string[]>,
): Engine {
  const size = { sourceBytes: 0, outputsLength: 0 }
  for (const cell of notebook.cells.values()) {
    size.sourceBytes += bytesOf(cell.source)
    size.outputsLength += lengthOfAll(cell)
  }
  const nothingKnown = { graph: emptyGraph, internals: new Map(), runs: new Map() }
  const empty: Engine = { notebook, ...nothingKnown, ...size, codeRev: notebook.rev }
  const events: Event[] = notebook.order.map((cellId) => ({
    type: 'internal.set',
    cellId,
    patch: { analysis: analysisOf(cellId), handed: handed.get(cellId) ?? [] },
  }))
  return evolveEngine(empty, events, notebook.rev)
}
