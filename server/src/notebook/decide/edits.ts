import type { AnalysedSource, Edit, Place } from '../commands.ts'
import { namesOf, type Verdict } from '../engine.ts'
import { definersOf } from '../graph/graph.ts'
import { type Cell, LIMITS } from '../model.ts'
import type { Problem } from '../problems.ts'
import { tooMuchText } from '../size.ts'
import type { DecisionDraft } from './draft.ts'
import { needsRun } from './plan.ts'
import { updateVerdicts } from './verdicts.ts'

/** What a batch of edits touched, and what has to run because of it. */
export interface Edited {
  /** Cells edited, inserted, restored or given another language. */
  changed: string[]
  inserted: string[]
  /** Queued cells that would read what is not there any more: they wait for another run (S7). */
  waiting: string[]
  /** In auto mode: cells to run although nobody asked, with the reason. */
  follow: { cellIds: string[]; cause: 'deleted' | 'enabled' | 'healed' }[]
}

/** Applies every edit, or none: the first that is refused is returned as a problem. */
export function applyEdits(draft: DecisionDraft, edits: readonly Edit[]): Edited | Problem {
  const work = new EditWork(draft)
  const bytesBefore = draft.engine.sourceBytes
  for (const edit of edits) {
    const problem = work.apply(edit)
    if (problem) return problem
  }
  // Of all edits together: what one of them takes away makes room for another.
  return tooMuchText(bytesBefore, draft.engine.sourceBytes) ?? work.finish()
}

class EditWork {
  private readonly draft: DecisionDraft
  private readonly changed = new Set<string>()
  private readonly inserted: string[] = []
  private readonly toggled = new Set<string>()
  private readonly enabled: string[] = []
  /** Names that any touched cell defines, used or handed on, before or after. */
  private readonly names = new Set<string>()
  private readonly stale = new Set<string>()
  private readonly orphans = new Set<string>()

  constructor(draft: DecisionDraft) {
    this.draft = draft
  }

  apply(edit: Edit): Problem | undefined {
    switch (edit.kind) {
      case 'insert':
        return this.insert({ ...edit, id: this.draft.stamp.id(), version: 1 })
      case 'restore':
        if (this.draft.cell(edit.cellId)) return undefined
        return this.insert({ ...edit, id: edit.cellId })
      case 'edit':
        return this.withCell(edit.cellId, (cell) => this.edit(cell, edit))
      case 'delete':
        return this.withCell(edit.cellId, (cell) => this.delete(cell))
      case 'move':
        return this.withCell(edit.cellId, (cell) => this.move(cell, edit.after))
      case 'set':
        return this.withCell(edit.cellId, (cell) => this.set(cell, edit))
    }
  }

  finish(): Edited {
    const { draft } = this
    const healed = updateVerdicts(draft, [...this.changed, ...this.toggled], this.names)
    for (const id of this.stale) this.markStale(id)
    const unique = (ids: Iterable<string>) => [...ids].filter((id) => draft.cell(id) && !this.changed.has(id))
    const orphans = unique(this.orphans).filter((id) => draft.cell(id)?.result.kind !== 'none' || this.isWaiting(id))
    const woken = this.enabled.filter((id) => this.isOutOfDate(id))
    return {
      changed: [...this.changed],
      inserted: this.inserted,
      waiting: unique(this.nameless()).filter((id) => this.isWaiting(id)),
      follow: [
        { cellIds: orphans, cause: 'deleted' },
        { cellIds: unique([...woken, ...(this.enabled.length > 0 ? healed : [])]), cause: 'enabled' },
        { cellIds: this.enabled.length > 0 ? [] : unique(healed), cause: 'healed' },
      ],
    }
  }

  /** Who uses a name that nobody defines any more. */
  private *nameless(): Generator<string> {
    for (const name of this.names) if (this.draft.definers(name).length === 0) yield* this.draft.users(name)
  }

  private isWaiting(id: string): boolean {
    return this.draft.cell(id)?.status === 'queued'
  }

  private isOutOfDate(id: string): boolean {
    const cell = this.draft.cell(id)
    return cell !== undefined && needsRun(this.draft, cell)
  }

  private withCell(id: string, work: (cell: Cell) => Problem | undefined): Problem | undefined {
    const cell = this.draft.cell(id)
    return cell ? work(cell) : { kind: 'not-found', what: 'cell', id }
  }

  private insert(edit: Inserted): Problem | undefined {
    const { draft } = this
    if (draft.order.length >= LIMITS.cells)
      return { kind: 'too-large', what: 'notebook', limit: LIMITS.cells, actual: draft.order.length + 1 }
    const index = this.indexAfter(edit.after)
    if (index === undefined) return { kind: 'not-found', what: 'cell', id: String(edit.after) }
    draft.emit({ type: 'cell.inserted', index, cell: newCell(edit) })
    draft.setInternal(edit.id, { analysis: edit.content.analysis })
    this.touch(edit.id)
    this.changed.add(edit.id)
    this.inserted.push(edit.id)
    return undefined
  }

  private edit(cell: Cell, edit: Edit & { kind: 'edit' }): Problem | undefined {
    if (edit.baseVersion !== undefined && edit.baseVersion !== cell.version)
      return { kind: 'version-conflict', cellId: cell.id, version: cell.version, source: cell.source }
    if (edit.content.source === cell.source) return undefined
    const { changes, content } = edit
    this.draft.emit({
      type: 'cell.edited',
      cellId: cell.id,
      version: cell.version + 1,
      source: content.source,
      ...(changes !== undefined && { changes }),
    })
    this.analysed(cell, content)
    return undefined
  }

  /** New names for a cell. What its old code still does is of no interest any more (S11). */
  private analysed(cell: Cell, { analysis }: AnalysedSource): void {
    const { draft } = this
    this.touch(cell.id)
    draft.endRun(cell.id, draft.interrupted(cell.id, 'the cell was edited'))
    draft.setInternal(cell.id, { analysis })
    const { defines, uses } = namesOf(draft.internal(cell.id))
    if (!sameNames(cell.defines, defines) || !sameNames(cell.uses, uses))
      draft.set(cell.id, { defines: [...defines], uses: [...uses] })
    if (analysis.empty) draft.set(cell.id, { result: { kind: 'none' }, outputs: [] })
    this.touch(cell.id)
    this.changed.add(cell.id)
  }

  private delete(cell: Cell): undefined {
    const { draft } = this
    this.touch(cell.id)
    const { handed } = draft.internal(cell.id)
    for (const name of [...namesOf(draft.internal(cell.id)).defines, ...handed]) {
      for (const user of draft.users(name)) if (user !== cell.id) this.orphans.add(user)
    }
    draft.endRun(cell.id, draft.interrupted(cell.id, 'the cell was deleted'))
    if (cell.language === 'sql') this.forgetRows(cell, draft.ownNames(cell.id))
    else if (handed.length > 0) draft.effects.push({ kind: 'kernel.forget', names: draft.ownNames(cell.id) })
    draft.emit({ type: 'cell.deleted', cellId: cell.id })
    this.changed.delete(cell.id)
  }

  private move(cell: Cell, after: Place): Problem | undefined {
    if (after === cell.id) return undefined
    const target = this.indexAfter(after)
    if (target === undefined) return { kind: 'not-found', what: 'cell', id: String(after) }
    const from = this.draft.order.indexOf(cell.id)
    const index = from < target ? target - 1 : target
    if (index === from) return undefined
    this.draft.emit({ type: 'cell.moved', cellId: cell.id, index })
    // Page order decides who is named first among several definers.
    for (const name of namesOf(this.draft.internal(cell.id)).defines)
      if (definersOf(this.draft.engine.graph, name).size > 1) this.names.add(name)
    return undefined
  }

  private set(cell: Cell, edit: Edit & { kind: 'set' }): undefined {
    const { language, hidden, disabled, resultName, connectionId, content } = edit
    const plain = { language, hidden, resultName, connectionId }
    const patch = Object.fromEntries(
      Object.entries(plain).filter(([key, value]) => value !== undefined && value !== cell[key as keyof Cell]),
    )
    if (cell.language === 'sql' && patch.language !== undefined) this.forgetRows(cell, [])
    if (Object.keys(patch).length > 0) this.draft.set(cell.id, patch)
    if (content) this.analysed(cell, content)
    if (disabled !== undefined && disabled !== cell.disabled) this.setDisabled(cell, disabled)
  }

  /** What the engine keeps for a cell of SQL that is none any more. */
  private forgetRows({ id }: Cell, names: string[]): void {
    this.draft.effects.push({ kind: 'kernel.forget', names, cellId: id })
  }

  private setDisabled(cell: Cell, disabled: boolean): void {
    const wasStale = this.stale.has(cell.id)
    this.touch(cell.id)
    // What hangs below is out of date; the cell's own code is what it was.
    if (!wasStale) this.stale.delete(cell.id)
    this.draft.set(cell.id, { disabled })
    this.toggled.add(cell.id)
    if (!disabled) this.enabled.push(cell.id)
  }

  /** Remembers what a cell touches now: its names, and everything downstream is out of date (S2). */
  private touch(id: string): void {
    const { draft } = this
    const internal = draft.internal(id)
    const { defines, uses } = namesOf(internal)
    for (const name of [...defines, ...uses]) this.names.add(name)
    for (const below of draft.below([id])) this.stale.add(below)
  }

  private markStale(id: string): void {
    const cell = this.draft.cell(id)
    if (!cell) return
    const { verdict, analysis } = this.draft.internal(id)
    if (verdict.kind === 'clear' || isUnfinished(verdict)) this.draft.markStale(id, !analysis.empty)
  }

  private indexAfter(after: Place): number | undefined {
    if (after === null) return 0
    if (after === undefined || after === 'end') return this.draft.order.length
    const at = this.draft.order.indexOf(after)
    return at < 0 ? undefined : at + 1
  }
}

/** Not run, but not final either: disabled upstream, or code that does not parse yet. */
function isUnfinished(verdict: Verdict): boolean {
  return verdict.kind === 'blocked' ? verdict.because === 'disabled' : verdict.kind === 'error' && verdict.error.kind === 'syntax'
}

const sameNames = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((name, index) => name === b[index])

type Inserted = Omit<Edit & { kind: 'insert' }, 'kind'> & { id: string; version: number }

function newCell({ id, version, language, content: { source, analysis }, settings = {} }: Inserted): Cell {
  const { defines, uses } = analysis.syntaxError ? { defines: [], uses: [] } : analysis
  const { disabled = false, hidden = false, resultName, connectionId } = settings
  return {
    id,
    language,
    source,
    version,
    ...(resultName !== undefined && { resultName }),
    ...(connectionId !== undefined && { connectionId }),
    disabled,
    hidden,
    defines: [...defines],
    uses: [...uses],
    status: 'idle',
    stale: !analysis.empty,
    result: { kind: 'none' },
    outputs: [],
  }
}
