import type { CellPatch, Change } from './events.ts'
import { GrowingOutputs } from './growingOutputs.ts'
import type { Cell, CellResult, Notebook, Output } from './model.ts'
import { shownOutputs } from './shown.ts'

/** A notebook as it is folded: cells by id, the page as a list of ids. */
export interface NotebookState extends Omit<Notebook, 'cells'> {
  readonly order: readonly string[]
  readonly cells: ReadonlyMap<string, Cell>
}

export function fromWire({ cells, ...header }: Notebook): NotebookState {
  return { ...header, order: cells.map((cell) => cell.id), cells: new Map(cells.map((cell) => [cell.id, cell])) }
}

export function toWire({ order, cells, ...header }: NotebookState): Notebook {
  return { ...header, cells: order.flatMap((id) => cells.get(id) ?? []) }
}

/**
 * The only state transition, shared with the browser. Pure: the given state stays as it was, cells that no change
 * names keep their identity. Changes about cells that are not there are ignored, so a fold can never fail.
 */
export function evolveAll(state: NotebookState, changes: readonly Change[], rev: number): NotebookState {
  const draft = new NotebookDraft(state)
  for (const change of changes) draft.apply(change)
  return draft.finish(rev)
}

/** A fold in progress: copies what it must once, however many changes follow. */
export class NotebookDraft {
  header: Omit<NotebookState, 'order' | 'cells'>
  order: readonly string[]
  cells: ReadonlyMap<string, Cell>
  private ownOrder?: string[]
  private ownCells?: Map<string, Cell>
  private readonly growing = new Map<readonly Output[], GrowingOutputs>()

  constructor({ order, cells, ...header }: NotebookState) {
    this.header = header
    this.order = order
    this.cells = cells
  }

  apply(change: Change): void {
    switch (change.type) {
      case 'notebook.set':
        this.header = { ...this.header, ...change.patch }
        return
      case 'cell.inserted': {
        const { cell, index } = change
        // Looking for it costs the length of the page: many cells are inserted at once.
        if (this.cells.has(cell.id)) remove(this.writableOrder(), cell.id)
        this.writableOrder().splice(index, 0, cell.id)
        this.writableCells().set(cell.id, cell)
        return
      }
      case 'cell.deleted':
        this.writableCells().delete(change.cellId)
        remove(this.writableOrder(), change.cellId)
        return
      case 'cell.moved':
        place(this.writableOrder(), change.cellId, change.index)
        return
      case 'file.set': {
        const { file } = change
        const others = this.header.files.filter(({ table }) => table !== file.table)
        this.header = { ...this.header, files: [...others, file] }
        return
      }
      case 'file.removed':
        this.header = { ...this.header, files: this.header.files.filter(({ id }) => id !== change.fileId) }
        return
      case 'cell.edited':
      case 'cell.set':
      case 'run.started':
      case 'run.finished': {
        const cell = this.cells.get(change.cellId)
        if (cell) this.writableCells().set(cell.id, evolveCell(cell, change))
        return
      }
      case 'output.appended': {
        const cell = this.cells.get(change.cellId)
        if (cell) this.growingOutputs(cell).append(change.output)
        return
      }
    }
  }

  finish(rev: number): NotebookState {
    return { ...this.header, rev, order: this.order, cells: this.cells }
  }

  private growingOutputs(cell: Cell): GrowingOutputs {
    const known = this.growing.get(cell.outputs)
    if (known) return known
    const growing = new GrowingOutputs(cell.outputs)
    this.growing.set(growing.list, growing)
    this.writableCells().set(cell.id, { ...cell, outputs: growing.list })
    return growing
  }

  private writableOrder(): string[] {
    this.ownOrder ??= [...this.order]
    this.order = this.ownOrder
    return this.ownOrder
  }

  private writableCells(): Map<string, Cell> {
    this.ownCells ??= new Map(this.cells)
    this.cells = this.ownCells
    return this.ownCells
  }
}

type CellChange = Extract<Change, { type: 'cell.edited' | 'cell.set' | 'run.started' | 'run.finished' }>

function evolveCell(cell: Cell, change: CellChange): Cell {
  switch (change.type) {
    case 'cell.edited':
      return { ...cell, source: change.source, version: change.version }
    case 'cell.set':
      return patched(cell, change.patch)
    case 'run.started':
      return started(cell, change.runId, change.at)
    case 'run.finished':
      return finished(cell, change.runId, change.result)
  }
}

function remove(order: string[], id: string): void {
  const at = order.indexOf(id)
  if (at >= 0) order.splice(at, 1)
}

/** Puts the id at that index of the list without it. */
function place(order: string[], id: string, index: number): void {
  remove(order, id)
  order.splice(index, 0, id)
}

function patched(cell: Cell, patch: CellPatch): Cell {
  const next: { [key: string]: unknown } = { ...cell }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete next[key]
    else if (value !== undefined) next[key] = value
  }
  // Who shows nothing does not show what stood there before either.
  if (patch.outputs?.length === 0) delete next.earlier
  return next as Cell
}

function ended(cell: Cell): Cell {
  const { startedAt: _, progress: __, tail: ___, ...rest } = cell
  return rest
}

function started(cell: Cell, runId: string, at: string | undefined): Cell {
  const { outputs } = shownOutputs(cell)
  const { earlier: _, ...rest } = ended(cell)
  return {
    ...rest,
    status: 'running',
    runId,
    outputs: [],
    ...(outputs.length > 0 && { earlier: outputs }),
    ...(at && { startedAt: at }),
  }
}

/** A run that was cut short has not said what the cell shows, and the next one may be on its way. */
function finished(cell: Cell, runId: string, result: CellResult): Cell {
  const { earlier, ...rest } = ended(cell)
  const stays = earlier && result.kind === 'interrupted'
  return { ...rest, ...(stays && { earlier }), status: 'idle', result, runId }
}
