import type { Effect } from '../effects.ts'
import { type Engine, EngineDraft, type Event, type Internal, NEW_INTERNAL, namesOf, type Verdict } from '../engine.ts'
import type { CellPatch, Change } from '../events.ts'
import type { Edge } from '../graph/cycles.ts'
import { definersOf, usersOf } from '../graph/graph.ts'
import type { Cell, CellResult, NotebookFile, NotebookMode } from '../model.ts'
import { fileTable } from '../tables.ts'

/** Time and fresh ids: the only things a decision takes from outside. */
export interface Stamp {
  /** ISO-8601 UTC. */
  readonly at: string
  /** Milliseconds from another time (ISO-8601) to this one. */
  since(at: string): number
  id(): string
}

/** A decision in the making: every event is recorded and folded at once, so that later steps see it. */
export class DecisionDraft {
  readonly events: Event[] = []
  readonly effects: Effect[] = []
  readonly stamp: Stamp
  readonly engine: EngineDraft
  /** Whether anything runs because of what somebody did, or only what was asked for. */
  readonly mode: NotebookMode
  /** Of names with several definers, until something changes who these are: all of them ask, one after the other. */
  private readonly knownDefiners = new Map<string, readonly string[]>()
  private places: ReadonlyMap<string, number> | undefined

  constructor(engine: Engine, stamp: Stamp, mode: NotebookMode = engine.notebook.mode) {
    this.engine = new EngineDraft(engine)
    this.stamp = stamp
    this.mode = mode
  }

  get order(): readonly string[] {
    return this.engine.notebook.order
  }

  cell(id: string): Cell | undefined {
    return this.engine.notebook.cells.get(id)
  }

  internal(id: string): Internal {
    return this.engine.internals.get(id) ?? NEW_INTERNAL
  }

  emit(change: Change): void {
    this.record(change)
  }

  set(cellId: string, patch: CellPatch): void {
    this.record({ type: 'cell.set', cellId, patch })
  }

  /** As `set`, without the fields that are so already. */
  setChanged(cellId: string, patch: CellPatch): void {
    const cell = this.cell(cellId)
    if (!cell) return
    const changed = Object.entries(patch).filter(
      ([field, value]) => JSON.stringify(cell[field as keyof Cell]) !== JSON.stringify(value),
    )
    if (changed.length > 0) this.set(cellId, Object.fromEntries(changed))
  }

  setInternal(cellId: string, patch: Partial<Internal>): void {
    this.record({ type: 'internal.set', cellId, patch })
  }

  markStale(cellId: string, stale: boolean): void {
    const cell = this.cell(cellId)
    if (cell && cell.stale !== stale) this.set(cellId, { stale })
  }

  verdict(cellId: string): Verdict {
    return this.internal(cellId).verdict
  }

  /** Who defines a name: those that are enabled, or the disabled ones when nobody else does. */
  definers(name: string): readonly string[] {
    const all = definersOf(this.engine.graph, name)
    if (all.size < 2) return [...all]
    const known = this.knownDefiners.get(name) ?? this.inPageOrder(all)
    this.knownDefiners.set(name, known)
    return known
  }

  /** The file of the notebook that is the table of this name. */
  fileOf(name: string): NotebookFile | undefined {
    const table = fileTable(name)
    return table === undefined ? undefined : this.engine.notebook.header.files.find((file) => file.table === table)
  }

  users(name: string): ReadonlySet<string> {
    return usersOf(this.engine.graph, name)
  }

  /**
   * These cells and whoever reads from them, and so on. Who reads a name that a cell has handed on and defines no longer
   * belongs to them while it is out of date: once it has run without that name, they have nothing to do with each other (P6).
   */
  below(from: Iterable<string>): Set<string> {
    const seen = new Set(from)
    // A Set visits what is added while it is iterated: no recursion, whatever the depth (S21).
    for (const id of seen) {
      const internal = this.internal(id)
      const { defines } = namesOf(internal)
      for (const name of defines) for (const user of this.users(name)) seen.add(user)
      for (const name of internal.handed)
        if (!defines.includes(name)) for (const user of this.users(name)) if (this.cell(user)?.stale) seen.add(user)
    }
    return seen
  }

  /** The cells this one reads from, each with the name; not itself. */
  upstream(cellId: string): Edge[] {
    const edges: Edge[] = []
    for (const name of namesOf(this.internal(cellId)).uses)
      for (const to of this.definers(name)) if (to !== cellId) edges.push({ to, name })
    return edges
  }

  /** What a cell has handed on and is its own still: a name that another cell has handed on since is that one's. */
  ownNames(cellId: string): string[] {
    const isOthers = (name: string) =>
      this.definers(name).some(
        (other) => other !== cellId && this.internal(other).live && this.internal(other).handed.includes(name),
      )
    return this.internal(cellId).handed.filter((name) => !isOthers(name))
  }

  /** Ends the current run of a cell in the notebook's eyes; the kernel is told to drop it. */
  endRun(cellId: string, result: CellResult): void {
    const { kernelRun } = this.internal(cellId)
    const runId = this.cell(cellId)?.runId
    if (!kernelRun || !runId) return
    this.effects.push({ kind: 'kernel.cancel', runIds: [kernelRun] })
    this.setInternal(cellId, { kernelRun: undefined, live: false })
    this.finishRun(cellId, runId, result)
  }

  /**
   * A run publishes `running` also when it ends where it waited (S9): in the same message, so that nobody sees it, and
   * without `run.started`, which would take away what the cell shows.
   */
  finishRun(cellId: string, runId: string, result: CellResult): void {
    if (this.cell(cellId)?.status === 'queued') this.set(cellId, { status: 'running' })
    this.emit({ type: 'run.finished', cellId, runId, result })
  }

  /** How the current run of a cell ends that is cut short; one that waited took no time. */
  interrupted(cellId: string, reason?: string, durationMs = this.elapsed(cellId)): CellResult {
    return { kind: 'interrupted', durationMs, finishedAt: this.stamp.at, ...(reason && { reason }) }
  }

  /** Milliseconds since the current run of a cell began; 0 for one that has not. */
  elapsed(cellId: string): number {
    const startedAt = this.cell(cellId)?.startedAt
    return startedAt === undefined ? 0 : Math.max(0, this.stamp.since(startedAt))
  }

  /** Page order, not the order of edits: who is to blame must not depend on history (P1). */
  private inPageOrder(all: ReadonlySet<string>): readonly string[] {
    const enabled = [...all].filter((id) => !this.cell(id)?.disabled)
    const places = this.places ?? new Map(this.order.map((id, index) => [id, index]))
    this.places = places
    return (enabled.length > 0 ? enabled : [...all]).sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  }

  private record(event: Event): void {
    this.events.push(event)
    this.engine.apply(event)
    if (!changesDefiners(event)) return
    this.knownDefiners.clear()
    this.places = undefined
  }
}

/** Who defines what, which of them count, or where they stand. */
function changesDefiners(event: Event): boolean {
  switch (event.type) {
    case 'cell.inserted':
    case 'cell.deleted':
    case 'cell.moved':
      return true
    case 'cell.set':
      return event.patch.disabled !== undefined
    case 'internal.set':
      return event.patch.analysis !== undefined
    default:
      return false
  }
}
