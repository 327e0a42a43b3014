import type { NotebookState } from '@rivulet/server/notebook/evolve'
import type { Cell, Language } from '@rivulet/server/notebook/model'
import { type Api, reasonOf } from '../../trpc.ts'
import { newId } from '../../ui/id.ts'
import { type Readable, Store } from '../../ui/store.ts'
import { toast } from '../../ui/toast.ts'
import type { Drafts } from '../cell/drafts/Drafts.ts'
import type { CellActions, CellHost, CellSettings, NewCell, NotebookView } from '../cell/host.ts'
import { Schemas } from '../cell/sql/Schemas.ts'
import { attempt } from './attempt.ts'
import { CellClipboard } from './CellClipboard.ts'
import { ComingCell } from './ComingCell.ts'
import { Foresight, withCellsSet, withSettings } from './Foresight.ts'
import { Uploads } from './files/Uploads.ts'
import { RunOnEdit } from './RunOnEdit.ts'
import { Structure } from './Structure.ts'
import { SelectionStore } from './selection.ts'
import { TableRows } from './TableRows.ts'
import type { Whereabouts } from './Whereabouts.ts'

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
  readonly coming = new ComingCell(this.selection)
  readonly foldedOutputs = new Store<ReadonlySet<string>>(new Set())
  readonly view: Foresight
  readonly drafts: Drafts
  readonly clientId: string
  readonly schemas: Schemas
  readonly structure: Structure
  readonly clipboard: CellClipboard
  readonly runOnEdit: RunOnEdit
  readonly rows: TableRows
  readonly uploads: Uploads
  readonly whereabouts: Whereabouts
  private readonly api: Api

  constructor({ api, view, drafts, whereabouts, clientId }: Parts) {
    this.api = api
    this.view = new Foresight(view)
    this.drafts = drafts
    this.whereabouts = whereabouts
    this.clientId = clientId
    this.schemas = new Schemas(api, view)
    this.uploads = new Uploads({
      api,
      notebookId: () => this.state.id,
      tables: () => new Set(this.state.files.map(({ table }) => table)),
    })
    this.structure = new Structure({
      api,
      view: this.view,
      drafts,
      selection: this.selection,
      run: (cellIds) => this.run(cellIds),
    })
    this.clipboard = new CellClipboard({
      structure: this.structure,
      coming: this.coming,
      written: (cellIds) => this.written(cellIds),
    })
    this.runOnEdit = new RunOnEdit({
      drafts,
      mayRun: (cellId) => this.mayRunByItself(cellId),
      run: (cellId) => void this.run([cellId]),
    })
    this.rows = new TableRows(api, () => this.state.id)
    this.followOrder()
    this.selection.state.subscribe(() => {
      const { active, mode } = this.selection.state.get()
      whereabouts.entered(active, mode === 'edit')
    })
  }

  get state(): NotebookState {
    return this.view.get().notebook
  }

  private followOrder(): void {
    let before = this.state.order
    this.view.subscribe(() => {
      const { order, cells } = this.state
      if (order === before) return
      this.selection.bereave(before, new Set(before.filter((cellId) => !cells.has(cellId))))
      before = order
    })
  }

  /** Half a statement of SQL may change data: it runs when somebody says so. */
  private mayRunByItself(cellId: string): boolean {
    const { mode, cells } = this.state
    const cell = cells.get(cellId)
    return mode === 'auto' && cell !== undefined && !cell.disabled && cell.language !== 'sql'
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
  readonly restartKernel = () => attempt((opId) => this.api.restartKernel.mutate({ notebookId: this.state.id, opId }))
  readonly interrupt = () => attempt((opId) => this.api.interrupt.mutate({ notebookId: this.state.id, opId }))
  readonly rename = (title: string) =>
    this.view.meanwhile(withSettings({ title }), () =>
      attempt((opId) => this.api.renameNotebook.mutate({ id: this.state.id, title, opId })),
    )
  readonly setNotebook = (settings: { mode?: 'auto' | 'lazy'; cutoff?: boolean }) =>
    this.view.meanwhile(withSettings(settings), () =>
      attempt((opId) => this.api.setNotebook.mutate({ notebookId: this.state.id, ...settings, opId })),
    )

  readonly run = async (cellIds: readonly string[]): Promise<void> => {
    // Runs what the person sees: the last keystrokes go first, and a cell in conflict has no agreed text to run.
    const flushed = await Promise.all(cellIds.map((cellId) => this.drafts.flush(cellId)))
    if (!flushed.every(Boolean)) return void toast('Not run: the latest text has not reached the server yet.', { tone: 'bad' })
    const [cellId] = cellIds
    const { id: notebookId } = this.state
    if (cellIds.length === 1 && cellId) await attempt((opId) => this.api.runCell.mutate({ notebookId, cellId, opId }))
    else await attempt((opId) => this.api.runCells.mutate({ notebookId, cellIds: [...cellIds], opId }))
  }

  readonly insert = (language: Language, after: string | null, source = ''): Promise<void> =>
    this.coming.awaited('editor', async () => {
      const inserted = await attempt((opId) =>
        this.api.insertCell.mutate({ notebookId: this.state.id, language, source, after, opId }),
      )
      if (!inserted) return undefined
      this.structure.inserted({ cellId: inserted.cellId, source })
      this.selection.focus(inserted.cellId, 'editor')
      return inserted.cellId
    })

  /** With everything it has; answers its id, or nothing when it did not come to be as it was meant. */
  readonly insertCell = async ({ language, source, after, connectionId }: NewCell): Promise<string | undefined> => {
    const { id: notebookId } = this.state
    const inserted = await attempt((opId) => this.api.insertCell.mutate({ notebookId, language, source, after, opId }))
    if (!inserted) return undefined
    const { cellId } = inserted
    if (connectionId !== undefined) {
      const set = await attempt((opId) => this.api.setCell.mutate({ notebookId, cellId, connectionId, opId }))
      if (!set) return undefined
    }
    this.selection.focus(cellId)
    return cellId
  }

  readonly insertAndRun = async (cell: NewCell): Promise<void> => {
    const cellId = await this.insertCell(cell)
    if (cellId !== undefined) await this.run([cellId])
  }

  readonly removeFile = (fileId: string) =>
    attempt((opId) => this.api.removeFile.mutate({ notebookId: this.state.id, fileId, opId }))

  readonly setNetwork = (network: readonly string[]) =>
    this.api.setNotebook.mutate({ notebookId: this.state.id, network: [...network], opId: newId() })

  private written(cellIds: readonly string[]): Cell[] {
    const cells = cellIds.flatMap((cellId) => this.state.cells.get(cellId) ?? [])
    return cells.map((cell) => ({ ...cell, source: this.drafts.get(cell.id).get().text }))
  }

  readonly duplicate = (cellId: string): Promise<void> => {
    const [cell] = this.written([cellId])
    return cell ? this.insert(cell.language, cellId, cell.source) : Promise.resolve()
  }

  readonly set: CellActions['set'] = async (cellIds, patch) => {
    const before = cellIds.flatMap((cellId) => {
      const cell = this.state.cells.get(cellId)
      return cell ? [{ cellId, back: () => this.setCells([cellId], settingsOf(cell, patch)) }] : []
    })
    if (await this.setCells(cellIds, patch)) this.structure.settingsChanged(before)
  }

  private setCells(cellIds: readonly string[], patch: CellSettings) {
    const { id: notebookId } = this.state
    return this.view.meanwhile(withCellsSet(cellIds, patch), async () => {
      let answer: { rev: number } | undefined
      for (const cellId of cellIds) {
        answer = (await attempt((opId) => this.api.setCell.mutate({ notebookId, cellId, ...patch, opId }))) ?? answer
      }
      return answer
    })
  }

  /** As `set`, where the answer is shown beside what was entered. */
  readonly configure: CellActions['configure'] = (cellId, patch) => {
    const opId = newId()
    return this.api.setCell.mutate({ notebookId: this.state.id, cellId, ...patch, opId }).then(() => undefined, reasonOf)
  }

  /** Everything is saved by itself: this is for who wants to know. */
  readonly save = async (): Promise<void> => {
    if (await this.drafts.flushAll()) void toast('Everything is saved.')
    else void toast('Not saved yet: the latest text is kept in this browser until the server answers.', { tone: 'bad' })
  }

  readonly foldOutput = (cellId: string): void => this.foldedOutputs.update((folded) => toggled(folded, cellId))

  private readonly actions: CellActions = {
    run: (cellId) => void this.run([cellId]),
    interrupt: () => void this.interrupt(),
    insert: (language, after) => void this.insert(language, after),
    remove: (cellIds) => void this.structure.remove(cellIds),
    move: (cellId, after) => void this.structure.move([cellId], after),
    moveBy: (cellIds, by) => void this.structure.moveBy(cellIds, by),
    duplicate: (cellId) => void this.duplicate(cellId),
    cut: (cellId) => this.clipboard.cut([cellId]),
    copy: (cellId) => this.clipboard.copy([cellId]),
    pasteBelow: (cellId) => this.clipboard.paste(() => cellId),
    set: (cellIds, patch) => void this.set(cellIds, patch),
    configure: this.configure,
    insertAndRun: this.insertAndRun,
    setInput: (cellId, inputId, value) =>
      attempt((opId) => this.api.setInput.mutate({ notebookId: this.state.id, cellId, inputId, value, opId })),
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
    if (await this.drafts.flushAll()) return attempt(call)
    void toast('Not run: the latest text has not reached the server yet.', { tone: 'bad' })
  }
}

/** Those of a cell's settings that a patch is about. */
function settingsOf(cell: Cell, patch: CellSettings): CellSettings {
  const { language, disabled, hidden, resultName = null, connectionId = null } = cell
  const all: CellSettings = { language, disabled, hidden, resultName, connectionId }
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in patch))
}

function toggled(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(item)) next.add(item)
  return next
}
