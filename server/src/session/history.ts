import type { HistoryRow, HistoryTables } from '@rivulet/db/history'
import type { Change } from '../notebook/events.ts'
import type { NotebookState } from '../notebook/evolve.ts'
import { type Page, pageOf, stepsOf, takenBack } from '../notebook/history/page.ts'
import { addStep, cellOf, Restored, Step, sameActor } from '../notebook/history/steps.ts'
import type { Actor } from '../notebook/model.ts'

/** One point of a notebook's history, and what led to it. */
export interface HistoryEntry {
  id: number
  rev: number
  startedAt: string
  at: string
  steps: Step[]
  restored?: Restored
}

/** A decision as it is saved. */
export interface Decided {
  before: NotebookState
  changes: readonly Change[]
  rev: number
  at: string
  by: Actor
  restored?: Restored | undefined
}

/** Typing within so long of its beginning is one entry, whoever else types meanwhile. */
const BURST_MS = 60_000
/** As many entries may be typed in at the same time. */
const OPEN_BURSTS = 20
/** How much is kept of one notebook, and for how long of any. */
const KEPT = { entries: 2_000, characters: 8 * 1024 * 1024 }
const KEPT_DAYS = 365
const DAY_MS = 24 * 60 * 60 * 1000
/** A notebook may outgrow that by so much before it is pruned. */
const PRUNE_AFTER = { entries: 100, characters: 512 * 1024 }

/**
 * What people did to each notebook. Kept as steps that can be taken back, so that going to a point means going back from
 * where the notebook stands: there is no first state to keep, and forgetting the oldest steps costs nothing else.
 */
export class HistoryStore {
  private readonly tables: HistoryTables
  private readonly grown = new Map<string, { entries: number; characters: number }>()

  constructor(tables: HistoryTables) {
    this.tables = tables
  }

  /** To be called in the transaction of the decision itself. */
  record(decided: Decided): void {
    const { before, changes, rev, at, by, restored } = decided
    const steps = stepsOf(before, changes, by)
    const [step] = steps
    if (!step) return
    const typing = steps.length === 1 && !restored && (step.kind === 'edited' || step.kind === 'inserted')
    const open = typing && step.kind === 'edited' ? this.openBurst(before.id, { cellId: step.cellId, by, at }) : []
    if (open.length > 0) return this.join(open, step, { rev, at })
    const characters = sizeOf(steps)
    this.tables.insert({
      ...{ notebookId: before.id, rev, startedAt: at, at, burst: typing, steps, characters },
      restored: restored ?? null,
    })
    this.pruneSometimes(before.id, { entries: 1, characters })
  }

  /** The newest first; older than the entry `before`, when it is given. */
  list(notebookId: string, { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number }) {
    return this.tables.before(notebookId, before, limit).map(entryOf)
  }

  entry(notebookId: string, id: number): HistoryEntry | undefined {
    const row = this.tables.entry(notebookId, id)
    return row && entryOf(row)
  }

  /** The page as it was right before or after an entry; undefined when there is no such entry (any more). */
  pageAt(now: NotebookState, id: number, side: 'before' | 'after'): Page | undefined {
    const entry = this.entry(now.id, id)
    if (!entry) return undefined
    const later = this.tables.after(now.id, id).flatMap(stepsIn)
    return takenBack(pageOf(now), side === 'after' ? later : [...entry.steps, ...later])
  }

  /** Forgets what was done long ago. Returns how many entries went. */
  prune(now: number): number {
    return this.tables.pruneOld(new Date(now - KEPT_DAYS * DAY_MS).toISOString())
  }

  /**
   * The newest entries, oldest first, from the one in which this person began to type in this cell; none when that was
   * too long ago, or something else than typing came after it.
   */
  private openBurst(notebookId: string, { cellId, by, at }: { cellId: string; by: Actor; at: string }): HistoryRow[] {
    const since = new Date(Date.parse(at) - BURST_MS).toISOString()
    const bursts = this.tables.openBursts(notebookId, since, OPEN_BURSTS)
    const own = bursts.findIndex((row) =>
      stepsIn(row).some((step) => cellOf(step) === cellId && step.by.some((actor) => sameActor(actor, by))),
    )
    return bursts.slice(0, own + 1).toReversed()
  }

  /** Several that type at the same time share an entry: a point is what the page was at one moment. */
  private join(open: readonly HistoryRow[], step: Step, { rev, at }: { rev: number; at: string }): void {
    const [first, ...others] = open
    if (!first) return
    const steps = [...open.flatMap(stepsIn), step].reduce<Step[]>(addStep, [])
    if (others.length > 0) this.tables.remove(others.map(({ id }) => id))
    if (steps.length === 0) return this.tables.remove([first.id])
    const characters = sizeOf(steps)
    this.tables.update(first.id, { rev, at, steps, characters })
    this.pruneSometimes(first.notebookId, { entries: 0, characters: Math.max(0, characters - first.characters) })
  }

  private pruneSometimes(notebookId: string, by: { entries: number; characters: number }): void {
    const grown = this.grown.get(notebookId) ?? { entries: 0, characters: 0 }
    grown.entries += by.entries
    grown.characters += by.characters
    this.grown.set(notebookId, grown)
    if (grown.entries < PRUNE_AFTER.entries && grown.characters < PRUNE_AFTER.characters) return
    this.tables.pruneOne(notebookId, KEPT)
    this.grown.delete(notebookId)
  }
}

const sizeOf = (steps: readonly Step[]): number => JSON.stringify(steps).length

/** Rows are written here only, yet they are parsed: people edit them in Drizzle Studio. */
const stepsIn = (row: HistoryRow): Step[] => Step.array().parse(row.steps)

function entryOf(row: HistoryRow): HistoryEntry {
  const { id, rev, startedAt, at } = row
  return { id, rev, startedAt, at, steps: stepsIn(row), ...(row.restored !== null && { restored: Restored.parse(row.restored) }) }
}
