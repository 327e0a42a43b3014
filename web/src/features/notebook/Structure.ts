import type { NotebookState } from '@rivulet/server/notebook/evolve'
import { problemOf } from '../../failures.ts'
import type { Api } from '../../trpc.ts'
import { plural } from '../../ui/format.ts'
import { toast } from '../../ui/toast.ts'
import type { Drafts } from '../cell/drafts/Drafts.ts'
import { attempt } from './attempt.ts'
import type { Copied } from './clipboard/copied.ts'
import { type Foresight, type Place, withMoved, without } from './Foresight.ts'
import type { SelectionStore } from './selection.ts'

interface Parts {
  api: Api
  view: Foresight
  drafts: Drafts
  selection: SelectionStore
  run: (cellIds: readonly string[]) => Promise<void>
}

type Edits = Parameters<Api['applyEdits']['mutate']>[0]['edits']

/** Answers nothing when there is nothing left to take back. */
type Undo = () => Promise<unknown> | undefined

/** Which cells there are and in what order, and how one takes back what one did to that. */
export class Structure {
  private readonly parts: Parts
  /** How to take back what this person did to the page, the latest last. */
  private readonly undos: Undo[] = []
  private changing: Promise<void> = Promise.resolve()

  constructor(parts: Parts) {
    this.parts = parts
  }

  private get state(): NotebookState {
    return this.parts.view.get().notebook
  }

  /** Takes back the latest thing done to cells or the return to a point, also one whose answer is still on its way. */
  readonly undo = (): Promise<void> =>
    this.inTurn(async () => {
      for (let undo = this.undos.pop(); undo; undo = this.undos.pop()) {
        const work = undo()
        if (work) return void (await work)
      }
    })

  /** Something can be taken back from now on; answers what takes back just that, whatever has been done since, if nobody has yet. */
  done(undo: Undo): () => void {
    this.undos.push(undo)
    return () =>
      void this.inTurn(async () => {
        const at = this.undos.indexOf(undo)
        if (at >= 0) await this.undos.splice(at, 1)[0]?.()
      })
  }

  /** What somebody has written in a new cell meanwhile is not taken away by undoing that it came. */
  inserted(...cells: { cellId: string; source: string }[]): void {
    this.done(() => {
      const { drafts } = this.parts
      const untouched = cells.filter(
        ({ cellId, source }) => this.state.cells.has(cellId) && drafts.get(cellId).get().text === source,
      )
      return untouched.length ? this.takeOut(untouched.map(({ cellId }) => cellId)) : undefined
    })
  }

  private takeOut(cellIds: readonly string[]): Promise<unknown> {
    const { selection, view } = this.parts
    const { order } = this.state
    const neighbour = order[order.findIndex((cellId) => cellIds.includes(cellId)) - 1]
    if (selection.active && cellIds.includes(selection.active) && neighbour) selection.focus(neighbour)
    else selection.leave(order, new Set(cellIds))
    return view.meanwhile(without(cellIds), () => this.applyEdits(cellIds.map((cellId) => ({ delete: cellId }))))
  }

  /** Puts new cells behind another (`null`: first), all of them or none; answers the first. */
  readonly paste = (cells: readonly Copied[], after: string | null): Promise<string | undefined> =>
    this.inTurn(async () => {
      // Each goes right behind that cell, so the last goes first.
      const pasted = await this.applyEdits(cells.toReversed().map((cell) => ({ insert: { ...cell, after } })))
      const cellIds = pasted?.cellIds.toReversed() ?? []
      if (cellIds[0]) this.parts.selection.focus(cellIds[0])
      if (pasted) this.inserted(...cells.flatMap(({ source }, index) => ({ cellId: cellIds[index] ?? '', source })))
      return cellIds[0]
    })

  /** `back`: gives a cell its settings from before. */
  settingsChanged(before: readonly { cellId: string; back: () => Promise<unknown> }[]): void {
    this.done(() => {
      const left = before.filter(({ cellId }) => this.state.cells.has(cellId))
      return left.length ? Promise.all(left.map(({ back }) => back())) : undefined
    })
  }

  readonly remove = async (cellIds: readonly string[]): Promise<void> => {
    const { api, drafts, selection, view } = this.parts
    const { cells, order, id: notebookId } = this.state
    const going = cellIds.filter((cellId) => cells.has(cellId))
    if (!going.length) return
    const hadRun = going.filter((cellId) => cells.get(cellId)?.result.kind === 'ok')
    selection.leave(order, new Set(going))
    await view.meanwhile(without(going), () =>
      this.inTurn(async () => {
        await Promise.all(going.map((cellId) => drafts.flush(cellId)))
        const gone: string[] = []
        let answer: { rev: number } | undefined
        for (const cellId of going) {
          const deleted = await attempt((opId) => api.deleteCell.mutate({ notebookId, cellId, opId }).catch(unlessGone))
          if (!deleted) continue
          gone.push(cellId)
          answer = deleted
        }
        if (gone.length) this.deleted(gone, hadRun)
        return answer
      }),
    )
  }

  private deleted(cellIds: readonly string[], hadRun: readonly string[]): void {
    const back = hadRun.filter((cellId) => cellIds.includes(cellId))
    const undo = this.done(() => this.restore(cellIds, back))
    void toast(`${plural(cellIds.length, 'cell')} deleted`, { action: { label: 'Undo', run: undo } })
  }

  /** `hadRun`: those that had a value to bring back. */
  private async restore(cellIds: readonly string[], hadRun: readonly string[]): Promise<void> {
    const { api, selection, run } = this.parts
    // The last to go comes first: each stood behind a neighbour that was still there.
    for (const cellId of cellIds.toReversed()) {
      await attempt((opId) => api.restoreCell.mutate({ notebookId: this.state.id, cellId, opId }))
    }
    const [first] = cellIds
    if (first) selection.focus(first)
    // A value went with its cell, and whoever used it has failed since: undoing the one undoes the other.
    if (hadRun.length && this.state.mode === 'auto') await run(hadRun)
  }

  /** Out of the bin. */
  readonly bringBack = (cellId: string): Promise<void> => this.inTurn(() => this.restore([cellId], []))

  /** Answers what takes it back; false when the notebook is as it would become already, undefined when it was refused. */
  readonly restoreVersion = async (version: { entryId: number; side: 'before' | 'after'; cellId?: string }) => {
    const { api, drafts } = this.parts
    if (!(await drafts.flushAll())) {
      void toast('Not restored: the latest text has not reached the server yet.', { tone: 'bad' })
      return undefined
    }
    const { id: notebookId } = this.state
    const newest = await attempt(() => api.getHistory.query({ notebookId, limit: 1 }))
    const back = newest?.entries[0]?.id
    if (back === undefined) return undefined
    const restored = await attempt((opId) => api.restoreVersion.mutate({ notebookId, ...version, opId }))
    if (!restored?.changed) return restored && false
    return this.done(() => attempt((opId) => api.restoreVersion.mutate({ notebookId, entryId: back, opId })))
  }

  /** Puts cells behind another (`null`: first), in their order. */
  readonly move = async (cellIds: readonly string[], after: string | null): Promise<void> => {
    const back = this.placesOf(cellIds)
    const places = cellIds.map((cellId, index) => ({ cellId, after: cellIds[index - 1] ?? after }))
    const moved = await this.moveEach(places, (ask) => this.inTurn(ask))
    if (moved) this.done(() => this.moveEach(back, (ask) => ask()))
  }

  /** Moves a block of cells one place, keeping their order. */
  readonly moveBy = async (cellIds: readonly string[], by: -1 | 1): Promise<void> => {
    const { order } = this.state
    const places = cellIds.map((cellId) => order.indexOf(cellId))
    const top = Math.min(...places)
    if (by < 0 ? top === 0 : Math.max(...places) === order.length - 1) return
    const others = order.filter((cellId) => !cellIds.includes(cellId))
    await this.move(cellIds, others[top + by - 1] ?? null)
  }

  private placesOf(cellIds: readonly string[]): Place[] {
    const { order } = this.state
    const inOrder = order.filter((cellId) => cellIds.includes(cellId))
    return inOrder.map((cellId) => ({ cellId, after: order[order.indexOf(cellId) - 1] ?? null }))
  }

  /** One transaction: nobody sees half of it. It shows at once, whenever its turn comes. */
  private moveEach(places: readonly Place[], inTurn: <T>(ask: () => Promise<T>) => Promise<T>) {
    const edits = places.map((move) => ({ move }))
    return this.parts.view.meanwhile(withMoved(places), () => inTurn(() => this.applyEdits(edits)))
  }

  private applyEdits(edits: Edits) {
    const { id: notebookId } = this.state
    return attempt((opId) => this.parts.api.applyEdits.mutate({ notebookId, edits, opId }))
  }

  /** What changes the page's order is asked for one after the other: the change shows before its answer is here. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.changing.then(work)
    // Who asked is told when it fails; the next one goes ahead all the same.
    const settle = (): void => undefined
    this.changing = done.then(settle, settle)
    return done
  }
}

/** What somebody else has deleted in the same moment needs no word. */
function unlessGone(error: unknown): undefined {
  if (problemOf(error)?.kind !== 'not-found') throw error
}
