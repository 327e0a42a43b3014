import { pageOf } from '../notebook/history/page.ts'
import { actorsOf, cellOf, type Restored, type Step } from '../notebook/history/steps.ts'
import { editsTowards, withCellOf } from '../notebook/history/towards.ts'
import { type Actor, LIMITS } from '../notebook/model.ts'
import type { HistoryEntry } from '../session/history.ts'
import { authed, router } from './base.ts'
import { actorOf } from './context.ts'
import { analysed } from './edits.ts'
import * as inputs from './inputs.ts'
import { once, openSession } from './mutation.ts'
import { ProblemError, unwrap } from './problems.ts'

/** What a list shows of one point; texts come with the entry itself. */
export interface HistorySummary {
  id: number
  rev: number
  startedAt: string
  at: string
  by: Actor[]
  changes: { kind: Step['kind']; cellId?: string; title?: string }[]
  /** More than are listed in `changes`, perhaps. */
  changeCount: number
  /** How many cells were changed so; of all changes, also those that are not listed. */
  cells: Partial<Record<Step['kind'], number>>
  restored?: Restored
}

const LISTED_CHANGES = 20
const BINNED_CHARACTERS = 4_000

/** What people did, going back to it, and what is in the notebook's bin. */
export const historyProcedures = router({
  /** The newest first; `before` is the id of the last entry of the page before. */
  getHistory: authed.input(inputs.GetHistory).query(({ ctx, input: { notebookId, before, limit } }) => {
    const { id } = openSession(ctx, notebookId)
    const entries = ctx.services.library.history.list(id, { before, limit: limit + 1 })
    return { entries: entries.slice(0, limit).map(summary), more: entries.length > limit }
  }),

  getHistoryEntry: authed.input(inputs.GetHistoryEntry).query(({ ctx, input: { notebookId, entryId } }) => {
    const { id } = openSession(ctx, notebookId)
    const entry = ctx.services.library.history.entry(id, entryId)
    if (!entry) throw noVersion(entryId)
    const steps = fitting(entry.steps)
    return { ...summary(entry), steps, omitted: entry.steps.length - steps.length }
  }),

  getDeletedCells: authed.input(inputs.InNotebookQuery).query(({ ctx, input }) => {
    const { id } = openSession(ctx, input.notebookId)
    return ctx.services.library.deletedCells(id).map((cell) => ({ ...cell, source: cell.source.slice(0, BINNED_CHARACTERS) }))
  }),

  /** The page, or one cell of it, as it was at that point. Title, settings and grants stay; what is undone can be gone back to. */
  restoreVersion: authed.input(inputs.RestoreVersion).mutation(({ ctx, input, path }) => {
    const { notebookId, opId, entryId, cellId, side } = input
    return once({ ctx, path, opId }, (operation) => {
      const session = openSession(ctx, notebookId)
      const { history } = ctx.services.library
      const entry = history.entry(session.id, entryId)
      const then = history.pageAt(session.state, entryId, side)
      if (!entry || !then) throw noVersion(entryId)
      const now = pageOf(session.state)
      const wanted = cellId === undefined ? then : withCellOf(now, then, cellId)
      if (!wanted) throw new ProblemError({ kind: 'not-found', what: 'cell', id: cellId ?? '' })
      const restored = { at: side === 'after' ? entry.at : entry.startedAt, ...(cellId !== undefined && { cellId }) }
      const edits = editsTowards(now, wanted, analysed)
      const answer = (_: unknown, rev: number) => ({ rev, changed: edits.length > 0 })
      const request = { by: actorOf(ctx), restored, answer, ...(operation && { operation }) }
      return unwrap(session.dispatch({ kind: 'apply', edits, run: false }, request))
    })
  }),
})

const noVersion = (entryId: number) => new ProblemError({ kind: 'not-found', what: 'version', id: String(entryId) })

function summary({ steps, ...entry }: HistoryEntry): HistorySummary {
  const changes = steps.slice(0, LISTED_CHANGES).map((step) => {
    const cellId = cellOf(step)
    return { kind: step.kind, ...(cellId !== undefined && { cellId }), ...(step.kind === 'renamed' && { title: step.after }) }
  })
  return { ...entry, by: actorsOf(steps), changes, changeCount: steps.length, cells: cellsByKind(steps) }
}

/** A cell that was changed several times is one; the notebook's own title is of none. */
function cellsByKind(steps: readonly Step[]): HistorySummary['cells'] {
  const cells = new Map<Step['kind'], Set<string>>()
  for (const step of steps) if ('cellId' in step) cells.set(step.kind, (cells.get(step.kind) ?? new Set()).add(step.cellId))
  return Object.fromEntries([...cells].map(([kind, { size }]) => [kind, size]))
}

/** As many steps as one message may hold, and the first in any case. */
function fitting(steps: readonly Step[]): Step[] {
  let left: number = LIMITS.messageBytes
  return steps.filter((step, index) => {
    left -= JSON.stringify(step).length
    return left >= 0 || index === 0
  })
}
