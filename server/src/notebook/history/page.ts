import type { Change } from '../events.ts'
import type { NotebookState } from '../evolve.ts'
import type { Actor, Cell } from '../model.ts'
import { addStep, type Content, type Step, settingsOf, withSettings } from './steps.ts'

/** What people write: cells and their order, nothing of what runs make of them. */
export interface Page {
  order: string[]
  cells: Map<string, Content>
}

export function contentOf({ source, version, ...cell }: Pick<Cell, keyof Content>): Content {
  return { source, version, ...settingsOf(cell) }
}

export function pageOf({ order, cells }: Pick<NotebookState, 'order' | 'cells'>): Page {
  return { order: [...order], cells: new Map([...cells].map(([id, cell]) => [id, contentOf(cell)])) }
}

const SETTINGS: ReadonlySet<string> = new Set<keyof Content>(['language', 'disabled', 'hidden', 'resultName', 'connectionId'])

function concernsPage(change: Change): boolean {
  switch (change.type) {
    case 'cell.inserted':
    case 'cell.deleted':
    case 'cell.moved':
    case 'cell.edited':
      return true
    case 'cell.set':
      return Object.keys(change.patch).some((field) => SETTINGS.has(field))
    case 'notebook.set':
      return change.patch.title !== undefined
    default:
      return false
  }
}

/** What one decision did to the page; nothing, when it was about runs only. */
export function stepsOf(before: NotebookState, changes: readonly Change[], actor: Actor): Step[] {
  const relevant = changes.filter(concernsPage)
  if (relevant.length === 0) return []
  const work = new StepWork(before, [actor])
  return relevant.reduce<Step[]>((steps, change) => work.next(steps, change), [])
}

/** Follows the page through a decision, change by change; of the cells it copies what is touched. */
class StepWork {
  private readonly before: NotebookState
  private readonly by: Actor[]
  private readonly order: string[]
  private readonly touched = new Map<string, Content>()

  constructor(before: NotebookState, by: Actor[]) {
    this.before = before
    this.by = by
    this.order = [...before.order]
  }

  next(steps: Step[], change: Change): Step[] {
    const step = this.step(change)
    return step ? addStep(steps, step) : steps
  }

  private step(change: Change): Step | undefined {
    const { by } = this
    switch (change.type) {
      case 'notebook.set':
        return { kind: 'renamed', by, before: this.before.title, after: change.patch.title ?? this.before.title }
      case 'cell.inserted':
        return this.inserted(change.cell, change.index)
      case 'cell.deleted':
        return this.deleted(change.cellId)
      case 'cell.moved':
        return this.moved(change.cellId, change.index)
      case 'cell.edited': {
        const content = this.content(change.cellId)
        if (!content) return undefined
        this.touched.set(change.cellId, { ...content, source: change.source, version: change.version })
        return { kind: 'edited', cellId: change.cellId, by, before: content.source, after: change.source }
      }
      case 'cell.set': {
        const content = this.content(change.cellId)
        if (!content) return undefined
        const after = withSettings(content, patched(content, change.patch))
        this.touched.set(change.cellId, after)
        return { kind: 'set', cellId: change.cellId, by, before: settingsOf(content), after: settingsOf(after) }
      }
      default:
        return undefined
    }
  }

  private inserted(cell: Cell, index: number): Step {
    const content = contentOf(cell)
    this.touched.set(cell.id, content)
    this.order.splice(index, 0, cell.id)
    return { kind: 'inserted', cellId: cell.id, by: this.by, index, content }
  }

  private deleted(cellId: string): Step | undefined {
    const content = this.content(cellId)
    const index = this.order.indexOf(cellId)
    if (!content || index < 0) return undefined
    this.order.splice(index, 1)
    return { kind: 'deleted', cellId, by: this.by, index, content }
  }

  private moved(cellId: string, to: number): Step | undefined {
    const from = this.order.indexOf(cellId)
    if (from < 0) return undefined
    this.order.splice(from, 1)
    this.order.splice(to, 0, cellId)
    return { kind: 'moved', cellId, by: this.by, from, to }
  }

  private content(cellId: string): Content | undefined {
    const cell = this.before.cells.get(cellId)
    return this.touched.get(cellId) ?? (cell && contentOf(cell))
  }
}

/** The settings with a patch over them, in which `null` removes. */
function patched(content: Content, patch: { [field: string]: unknown }): Content {
  const own = Object.entries(patch).filter(([field]) => SETTINGS.has(field))
  const kept = Object.entries({ ...content, ...Object.fromEntries(own) }).filter(([, value]) => value !== null)
  // The patch is one of a cell's own fields, which are of these types.
  return Object.fromEntries(kept) as Content
}

/** The page as it was before these steps. What does not fit the page is passed over: taking back never fails. */
export function takenBack(page: Page, steps: readonly Step[]): Page {
  const order = [...page.order]
  const cells = new Map(page.cells)
  for (const step of steps.toReversed()) takeBack({ order, cells }, step)
  return { order, cells }
}

function takeBack({ order, cells }: Page, step: Step): void {
  if (step.kind === 'renamed') return
  const { cellId } = step
  const content = cells.get(cellId)
  switch (step.kind) {
    case 'edited':
      if (content) cells.set(cellId, { ...content, source: step.before })
      return
    case 'set':
      if (content) cells.set(cellId, withSettings(content, step.before))
      return
    case 'inserted':
      cells.delete(cellId)
      remove(order, cellId)
      return
    case 'deleted':
      cells.set(cellId, step.content)
      remove(order, cellId)
      order.splice(step.index, 0, cellId)
      return
    case 'moved':
      if (!content) return
      remove(order, cellId)
      order.splice(step.from, 0, cellId)
      return
  }
}

function remove(order: string[], id: string): void {
  const at = order.indexOf(id)
  if (at >= 0) order.splice(at, 1)
}
