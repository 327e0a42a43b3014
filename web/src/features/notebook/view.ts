import type { Change, NotebookEvent } from '@rivulet/server/notebook/events'
import { evolveAll, fromWire } from '@rivulet/server/notebook/evolve'
import type { Notebook, Output } from '@rivulet/server/notebook/model'
import type { NotebookView } from '../cell/host.ts'
import { shownOutputs } from '../cell/outputs.ts'

/** `undefined` until the first snapshot; without one, changes mean nothing. */
export function foldEvent(view: NotebookView | undefined, event: NotebookEvent): NotebookView | undefined {
  switch (event.type) {
    case 'snapshot':
      return {
        notebook: fromWire(event.notebook),
        kept: keepThrough(view, event.notebook),
        edited: staleAtFirst(event.notebook),
        people: view?.people ?? [],
      }
    case 'changes':
      return (
        view && {
          ...view,
          notebook: evolveAll(view.notebook, event.changes, event.rev),
          kept: keepOutputs(view, event.changes),
          edited: markEdited(view.edited, event.changes),
        }
      )
    case 'presence':
      return view && { ...view, people: event.people }
  }
}

/** A snapshot does not say why a cell is stale: its own text is the likelier reason. */
function staleAtFirst({ cells }: Notebook): NotebookView['edited'] {
  return new Set(cells.flatMap(({ id, stale }) => (stale ? [id] : [])))
}

function markEdited(edited: NotebookView['edited'], changes: readonly Change[]): NotebookView['edited'] {
  const next = new Set(edited)
  for (const change of changes) {
    if (change.type === 'cell.edited') next.add(change.cellId)
    else if (change.type === 'run.started' || change.type === 'cell.deleted') next.delete(change.cellId)
  }
  return next.size === edited.size && [...next].every((cellId) => edited.has(cellId)) ? edited : next
}

/** What stood there when a run began stands until that run has something else in its place, or has ended by itself. */
function keepOutputs(view: NotebookView, changes: readonly Change[]): NotebookView['kept'] {
  const next = new Map(view.kept)
  for (const change of changes) {
    if (change.type === 'run.started') keep(next, view, change.cellId)
    // One that was cut short has not said what the cell shows, and the next one may be on its way.
    else if (change.type === 'run.finished' && change.result.kind === 'interrupted') continue
    else if (change.type === 'run.finished' || change.type === 'cell.deleted') next.delete(change.cellId)
  }
  return next.size || view.kept.size ? next : view.kept
}

/** A line that breaks in the middle of a run takes nothing from the page. */
function keepThrough(view: NotebookView | undefined, { cells }: Notebook): NotebookView['kept'] {
  const next = new Map<string, readonly Output[]>()
  if (view) for (const { id, status } of cells) if (status === 'running') keep(next, view, id)
  return next
}

function keep(kept: Map<string, readonly Output[]>, view: NotebookView, cellId: string): void {
  const cell = view.notebook.cells.get(cellId)
  const { outputs } = shownOutputs(cell, view.kept.get(cellId))
  if (outputs.length) kept.set(cellId, outputs)
}
