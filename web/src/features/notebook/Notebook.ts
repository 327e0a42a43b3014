import type { NotebookState } from '@rivulet/server/notebook/evolve'
import type { Language } from '@rivulet/server/notebook/model'
import { type Api, describeError, isUnreachable, problemOf, reasonOf } from '../../trpc.ts'
import { plural } from '../../ui/format.ts'
import { newId } from '../../ui/id.ts'
import { type Readable, Store } from '../../ui/store.ts'
import { toast } from '../../ui/toast.ts'
import type { Drafts } from '../cell/drafts/Drafts.ts'
import type { CellActions, CellHost, NewCell, NotebookView } from '../cell/host.ts'
import { Schemas } from '../cell/sql/Schemas.ts'
import type { LoadRows } from '../output/rows.ts'
import { SelectionStore } from './selection.ts'
import type { Whereabouts } from './Whereabouts.ts'

interface Place {
  cellId: string
  after: string | null
}

interface Parts {
  api: Api
  view: Readable<NotebookView>
  drafts: Drafts
  whereabouts: Whereabouts
  /** This page among the people who are here. */
  clientId: string
}

/** What a person can do to an open notebook. Every change carries an `opId`, so one lost answer may be asked for again. */
export class Notebook {
  readonly selection = new SelectionStore()
  readonly foldedOutputs = new Store<ReadonlySet<string>>(new Set())
  readonly view: Readable<NotebookView>
  readonly drafts: Drafts
  readonly clientId: string
  readonly schemas: Schemas
  private readonly whereabouts: Whereabouts
  private readonly api: Api
  /** How to take back what this person did to the page, the latest last. */
  private readonly undos: (() => Promise<void>)[] = []
  private changing: Promise<void> = Promise.resolve()

  constructor({ api, view, drafts, whereabouts, clientId }: Parts) {
    this.api = api
    this.view = view
    this.drafts = drafts
    this.whereabouts = whereabouts
    this.clientId = clientId
    this.schemas = new Schemas(api, view)
    this.selection.state.subscribe(() => {
      const { active, mode } = this.selection.state.get()
      whereabouts.entered(active, mode === 'edit')
    })
  }

  get state(): NotebookState {
    return this.view.get().notebook
  }

  /** The same object for the notebook's whole life: cells select from it, they do not depend on it. */
  readonly host = (): CellHost => ({
    view: this.view,
    selection: this.selection.state,
    foldedOutputs: this.foldedOutputs,
    drafts: this.drafts,
    schemas: this.schemas,
    clientId: this.clientId,
    actions: this.actions,
    readOnly: this.state.role === 'viewer' || this.state.role === 'runner',
  })

  readonly runAll = () => this.flushed((opId) => this.api.runAll.mutate({ notebookId: this.state.id, opId }))
  readonly runStale = () => this.flushed((opId) => this.api.runStale.mutate({ notebookId: this.state.id, opId }))
  readonly restartKernel = () => this.attempt((opId) => this.api.restartKernel.mutate({ notebookId: this.state.id, opId }))
  readonly interrupt = () => this.attempt((opId) => this.api.interrupt.mutate({ notebookId: this.state.id, opId }))
  readonly rename = (title: string) => this.attempt((opId) => this.api.renameNotebook.mutate({ id: this.state.id, title, opId }))
  readonly setMode = (mode: 'auto' | 'lazy') =>
    this.attempt((opId) => this.api.setNotebook.mutate({ notebookId: this.state.id, mode, opId }))

  readonly run = async (cellIds: readonly string[]): Promise<void> => {
    // Runs what the person sees: the last keystrokes go first, and a cell in conflict has no agreed text to run.
    const flushed = await Promise.all(cellIds.map((cellId) => this.drafts.flush(cellId)))
    if (!flushed.every(Boolean)) return void toast('Not run: the latest text has not reached the server yet.', { tone: 'bad' })
    const [cellId] = cellIds
    const { id: notebookId } = this.state
    if (cellIds.length === 1 && cellId) await this.attempt((opId) => this.api.runCell.mutate({ notebookId, cellId, opId }))
    else await this.attempt((opId) => this.api.runCells.mutate({ notebookId, cellIds: [...cellIds], opId }))
  }

  readonly insert = async (language: Language, after: string | null, source = ''): Promise<void> => {
    const inserted = await this.attempt((opId) =>
      this.api.insertCell.mutate({ notebookId: this.state.id, language, source, after, opId }),
    )
    if (inserted) this.selection.focus(inserted.cellId, 'editor')
  }

  /** With everything it has; answers its id, or nothing when it did not come to be as it was meant. */
  readonly insertCell = async ({ language, source, after, connectionId }: NewCell): Promise<string | undefined> => {
    const { id: notebookId } = this.state
    const inserted = await this.attempt((opId) => this.api.insertCell.mutate({ notebookId, language, source, after, opId }))
    if (!inserted) return undefined
    const { cellId } = inserted
    if (connectionId !== undefined) {
      const set = await this.attempt((opId) => this.api.setCell.mutate({ notebookId, cellId, connectionId, opId }))
      if (!set) return undefined
    }
    this.selection.focus(cellId)
    return cellId
  }

  readonly insertAndRun = async (cell: NewCell): Promise<void> => {
    const cellId = await this.insertCell(cell)
    if (cellId !== undefined) await this.run([cellId])
  }

  readonly remove = (cellIds: readonly string[]): Promise<void> => this.inTurn(() => this.removeNow(cellIds))

  private async removeNow(cellIds: readonly string[]): Promise<void> {
    const going = cellIds.filter((cellId) => this.state.cells.has(cellId))
    if (!going.length) return
    await Promise.all(going.map((cellId) => this.drafts.flush(cellId)))
    const hadRun = going.filter((cellId) => this.state.cells.get(cellId)?.result.kind === 'ok')
    this.selection.leave(this.state.order, new Set(going))
    for (const cellId of going) {
      await this.attempt((opId) => this.api.deleteCell.mutate({ notebookId: this.state.id, cellId, opId }))
    }
    this.undos.push(() => this.restore(going, hadRun))
    void toast(`${plural(going.length, 'cell')} deleted`, { action: { label: 'Undo', run: () => void this.undo() } })
  }

  /** Takes back the latest deletion or move, also one whose answer is still on its way. */
  readonly undo = (): Promise<void> => this.inTurn(async () => this.undos.pop()?.())

  /** What changes the page's order, one after the other: the change shows before its answer is here. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.changing.then(work)
    // Who asked is told when it fails; the next one goes ahead all the same.
    const settle = (): void => undefined
    this.changing = done.then(settle, settle)
    return done
  }

  /** `hadRun`: those that had a value to bring back. */
  private async restore(cellIds: readonly string[], hadRun: readonly string[]): Promise<void> {
    // The last to go comes first: each stood behind a neighbour that was still there.
    for (const cellId of cellIds.toReversed()) {
      await this.attempt((opId) => this.api.restoreCell.mutate({ notebookId: this.state.id, cellId, opId }))
    }
    const [first] = cellIds
    if (first) this.selection.focus(first)
    // A value went with its cell, and whoever used it has failed since: undoing the one undoes the other.
    if (hadRun.length && this.state.mode === 'auto') await this.run(hadRun)
  }

  /** Out of the bin. */
  readonly bringBack = (cellId: string): Promise<void> => this.inTurn(() => this.restore([cellId], []))

  /** False when the notebook is as it would become already; undefined when it was refused. */
  readonly restoreVersion = async (version: { entryId: number; side: 'before' | 'after'; cellId?: string }) => {
    if (!(await this.drafts.flushAll())) {
      void toast('Not restored: the latest text has not reached the server yet.', { tone: 'bad' })
      return undefined
    }
    const { id: notebookId } = this.state
    const newest = await this.attempt(() => this.api.getHistory.query({ notebookId, limit: 1 }))
    const restored = await this.attempt((opId) => this.api.restoreVersion.mutate({ notebookId, ...version, opId }))
    const back = newest?.entries[0]?.id
    if (!restored?.changed || back === undefined) return restored?.changed
    this.undos.push(async () => {
      await this.attempt((opId) => this.api.restoreVersion.mutate({ notebookId, entryId: back, opId }))
    })
    return true
  }

  readonly setNetwork = (network: readonly string[]) =>
    this.api.setNotebook.mutate({ notebookId: this.state.id, network: [...network], opId: newId() })

  /** Puts cells behind another (`null`: first), in their order. */
  readonly move = (cellIds: readonly string[], after: string | null): Promise<void> =>
    this.inTurn(() => this.moveNow(cellIds, after))

  private async moveNow(cellIds: readonly string[], after: string | null): Promise<void> {
    const back = this.placesOf(cellIds)
    if (await this.moveEach(cellIds.map((cellId, index) => ({ cellId, after: cellIds[index - 1] ?? after })))) {
      this.undos.push(async () => void (await this.moveEach(back)))
    }
  }

  private placesOf(cellIds: readonly string[]): Place[] {
    const { order } = this.state
    const inOrder = order.filter((cellId) => cellIds.includes(cellId))
    return inOrder.map((cellId) => ({ cellId, after: order[order.indexOf(cellId) - 1] ?? null }))
  }

  /** One transaction: nobody sees half of it. */
  private moveEach(places: readonly Place[]) {
    const edits = places.map((move) => ({ move }))
    return this.attempt((opId) => this.api.applyEdits.mutate({ notebookId: this.state.id, edits, opId }))
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

  readonly duplicate = (cellId: string): Promise<void> => {
    const cell = this.state.cells.get(cellId)
    return cell ? this.insert(cell.language, cellId, this.drafts.get(cellId).get().text) : Promise.resolve()
  }

  readonly set: CellActions['set'] = async (cellIds, patch) => {
    for (const cellId of cellIds) {
      await this.attempt((opId) => this.api.setCell.mutate({ notebookId: this.state.id, cellId, ...patch, opId }))
    }
  }

  /** As `set`, where the answer is shown beside what was entered. */
  readonly configure: CellActions['configure'] = (cellId, patch) => {
    const opId = newId()
    return this.api.setCell.mutate({ notebookId: this.state.id, cellId, ...patch, opId }).then(() => undefined, reasonOf)
  }

  /** Rows of a table beyond those that came with the output. */
  readonly rows: LoadRows = (handle, query) =>
    this.api.getRows.query({ notebookId: this.state.id, handle, ...query }).catch((error: unknown) => {
      if (problemOf(error)?.kind !== 'not-found') throw new Error(describeError(error))
      throw new Error('The other rows are gone from the kernel. Run the cell again to see them.')
    })

  readonly foldOutput = (cellId: string): void => this.foldedOutputs.update((folded) => toggled(folded, cellId))

  private readonly actions: CellActions = {
    run: (cellId) => void this.run([cellId]),
    interrupt: () => void this.interrupt(),
    insert: (language, after) => void this.insert(language, after),
    remove: (cellIds) => void this.remove(cellIds),
    move: (cellId, after) => void this.move([cellId], after),
    moveBy: (cellIds, by) => void this.moveBy(cellIds, by),
    duplicate: (cellId) => void this.duplicate(cellId),
    set: (cellIds, patch) => void this.set(cellIds, patch),
    configure: this.configure,
    insertAndRun: this.insertAndRun,
    setInput: (cellId, inputId, value) =>
      this.attempt((opId) => this.api.setInput.mutate({ notebookId: this.state.id, cellId, inputId, value, opId })),
    goTo: (cellId, into) => this.selection.focus(cellId, into),
    entered: (cellId, mode) => this.selection.entered(cellId, mode),
    leaveEditor: (cellId, by) => this.leaveEditor(cellId, by),
    cursorAt: (cellId, place, moved) => this.whereabouts.cursorAt(cellId, place, moved),
    foldOutput: (cellId) => this.foldOutput(cellId),
  }

  private leaveEditor(cellId: string, by: -1 | 0 | 1): void {
    const next = this.state.order[this.state.order.indexOf(cellId) + by]
    if (next) this.selection.focus(next, by === 0 ? 'cell' : 'editor')
  }

  private async flushed<T>(call: (opId: string) => Promise<T>): Promise<T | undefined> {
    if (await this.drafts.flushAll()) return this.attempt(call)
    void toast('Not run: the latest text has not reached the server yet.', { tone: 'bad' })
  }

  private async attempt<T>(call: (opId: string) => Promise<T>): Promise<T | undefined> {
    const opId = newId()
    try {
      return await call(opId).catch((error: unknown) => {
        if (isUnreachable(error)) return call(opId)
        throw error
      })
    } catch (error) {
      void toast(describeError(error), { tone: 'bad' })
      return undefined
    }
  }
}

function toggled(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(item)) next.add(item)
  return next
}
