import type { Change } from '@rivulet/server/notebook/events'
import { evolveAll, type NotebookState } from '@rivulet/server/notebook/evolve'
import { type Readable, Store } from '../../ui/store.ts'
import type { CellSettings, NotebookView } from '../cell/host.ts'

/**
 * What a notebook would be once a change is accepted. It is applied again to whatever the server tells meanwhile, so it must
 * hold there too: applied twice it is applied once, and what is not there any more is left alone.
 */
export type Prediction = (notebook: NotebookState) => NotebookState

/** What the page shows: the notebook as the server tells it, and on top what this person has asked for and has no answer yet. */
export class Foresight implements Readable<NotebookView> {
  private readonly told: Readable<NotebookView>
  private readonly pending = new Store<readonly Prediction[]>([])
  private last: { told: NotebookView; pending: readonly Prediction[]; view: NotebookView } | undefined

  constructor(told: Readable<NotebookView>) {
    this.told = told
  }

  readonly get = (): NotebookView => {
    const told = this.told.get()
    const pending = this.pending.get()
    if (this.last?.told !== told || this.last.pending !== pending) {
      const notebook = pending.reduce((state, predict) => predict(state), told.notebook)
      this.last = {
        told,
        pending,
        view: notebook === told.notebook ? told : { ...told, notebook, edited: editedIn(told, notebook) },
      }
    }
    return this.last.view
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const ends = [this.told.subscribe(listener), this.pending.subscribe(listener)]
    return () => {
      for (const end of ends) end()
    }
  }

  /** Shows the prediction until the server has told what became of it: at once when `ask` answers nothing, as it was refused. */
  async meanwhile<T extends { rev: number }>(predict: Prediction, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    // Equal predictions are two all the same.
    const mine: Prediction = (notebook) => predict(notebook)
    this.pending.update((all) => [...all, mine])
    const drop = () => this.pending.update((all) => all.filter((other) => other !== mine))
    try {
      const answer = await ask()
      if (answer) this.whenTold(answer.rev, drop)
      else drop()
      return answer
    } catch (error) {
      drop()
      throw error
    }
  }

  private whenTold(rev: number, then: () => void): void {
    const { epoch } = this.told.get().notebook
    const isTold = () => {
      const { notebook } = this.told.get()
      return notebook.rev >= rev || notebook.epoch !== epoch
    }
    if (isTold()) return then()
    const end = this.told.subscribe(() => {
      if (!isTold()) return
      end()
      then()
    })
  }
}

/** A cell that will be in another language shows what was made of something else. */
function editedIn({ notebook, edited }: NotebookView, { cells }: NotebookState): NotebookView['edited'] {
  const turned = [...cells.values()].filter(({ id, language }) => notebook.cells.get(id)?.language !== language)
  return turned.length ? new Set([...edited, ...turned.map(({ id }) => id)]) : edited
}

const changed = (notebook: NotebookState, changes: readonly Change[]): NotebookState =>
  changes.length > 0 ? evolveAll(notebook, changes, notebook.rev) : notebook

export function withSettings(patch: { title?: string; mode?: 'auto' | 'lazy'; cutoff?: boolean }): Prediction {
  return (notebook) => changed(notebook, [{ type: 'notebook.set', patch }])
}

export function withCellsSet(cellIds: readonly string[], patch: CellSettings): Prediction {
  return (notebook) =>
    changed(
      notebook,
      cellIds.map((cellId) => ({ type: 'cell.set', cellId, patch })),
    )
}

export function without(cellIds: readonly string[]): Prediction {
  return (notebook) =>
    changed(
      notebook,
      cellIds.filter((cellId) => notebook.cells.has(cellId)).map((cellId) => ({ type: 'cell.deleted', cellId })),
    )
}

/** A cell, and the one it is to stand behind; `null`: first. */
export interface Place {
  cellId: string
  after: string | null
}

export function withMoved(places: readonly Place[]): Prediction {
  return (notebook) => places.reduce(moved, notebook)
}

function moved(notebook: NotebookState, { cellId, after }: Place): NotebookState {
  const others = notebook.order.filter((other) => other !== cellId)
  const index = after === null ? 0 : others.indexOf(after) + 1
  const isThere = notebook.cells.has(cellId) && (after === null || index > 0)
  return isThere && notebook.order[index] !== cellId ? changed(notebook, [{ type: 'cell.moved', cellId, index }]) : notebook
}
