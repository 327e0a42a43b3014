import type { Answer } from '../notebook/decide.ts'
import type { Event } from '../notebook/engine.ts'
import { evolveAll, type NotebookState } from '../notebook/evolve.ts'
import type { CellError } from '../notebook/model.ts'

/** What edits and a run would lead to, as far as the code alone says. */
export interface Foreseen {
  /** Ids of the cells the edits would insert; they are not kept. */
  inserted: string[]
  /** What would run, in order, each with its reason. */
  runs: { cellId: string; cause: string }[]
  blocked: { cellId: string; because: string; culprit: string }[]
  errors: { cellId: string; error: CellError }[]
  /** What would be out of date and stay so. */
  stale: string[]
}

export function foreseen(before: NotebookState, { events, answer }: { events: Event[]; answer: Answer }): Foreseen {
  const changes = events.filter((event) => event.type !== 'internal.set')
  const after = evolveAll(before, changes, before.rev)
  const found: Foreseen = { inserted: answer.inserted, runs: [], blocked: [], errors: [], stale: [] }
  for (const { cellId } of answer.planned.runs)
    found.runs.push({ cellId, cause: after.cells.get(cellId)?.cause?.kind ?? 'requested' })
  for (const cell of after.cells.values()) {
    if (before.cells.get(cell.id) === cell) continue
    if (cell.result.kind === 'blocked')
      found.blocked.push({ cellId: cell.id, because: cell.result.because, culprit: cell.result.culprit })
    if (cell.result.kind === 'error' && cell.status === 'idle' && !cell.stale)
      found.errors.push({ cellId: cell.id, error: cell.result.error })
    if (cell.stale && cell.status === 'idle') found.stale.push(cell.id)
  }
  return found
}
