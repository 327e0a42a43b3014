import type { Change, NotebookEvent } from '@rivulet/server/notebook/events'
import { evolveAll, fromWire } from '@rivulet/server/notebook/evolve'
import type { Notebook } from '@rivulet/server/notebook/model'
import type { NotebookView } from '../cell/host.ts'

/** `undefined` until the first snapshot; without one, changes mean nothing. */
export function foldEvent(view: NotebookView | undefined, event: NotebookEvent): NotebookView | undefined {
  switch (event.type) {
    case 'snapshot':
      return {
        notebook: fromWire(event.notebook),
        edited: staleAtFirst(event.notebook),
        people: view?.people ?? [],
      }
    case 'changes':
      return (
        view && {
          ...view,
          notebook: evolveAll(view.notebook, event.changes, event.rev),
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
    // The same text in another language is another one.
    else if (change.type === 'cell.set' && change.patch.language) next.add(change.cellId)
    else if (change.type === 'run.started' || change.type === 'cell.deleted') next.delete(change.cellId)
  }
  return next.size === edited.size && [...next].every((cellId) => edited.has(cellId)) ? edited : next
}
