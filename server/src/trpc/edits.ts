import type { CellSettings } from '../language/language.ts'
import { analyse } from '../language/languages.ts'
import type { AnalysedSource, Edit } from '../notebook/commands.ts'
import { type Cell, type Language, LIMITS } from '../notebook/model.ts'
import type { SourceChanges, TextChanges } from '../notebook/textChanges.ts'
import { applyChanges } from '../notebook/textDiff.ts'
import { parseChanges, rebased } from '../session/rebase.ts'
import type { Session } from '../session/session.ts'
import type { CellEdit, EditCell } from './inputs.ts'
import { ProblemError } from './problems.ts'

/** A source with its analysis; refused when it is too large. */
export function analysed(language: Language, source: string, settings: CellSettings = {}): AnalysedSource {
  const actual = Buffer.byteLength(source)
  if (actual > LIMITS.sourceBytes)
    throw new ProblemError({ kind: 'too-large', what: 'source', limit: LIMITS.sourceBytes, actual })
  return { source, analysis: analyse(language, source, settings) }
}

/** The text as that of this cell. */
function analysedIn(cell: Cell, source: string): AnalysedSource {
  return analysed(cell.language, source, cell)
}

/** One edit of one cell as the core takes it, and the version that the cell has after it. */
export function cellEdit(session: Session, input: EditCell): { edit: Edit; version: number } {
  const { cellId } = input
  const cell = cellOf(session, cellId)
  const { source, ...rest } = input.changes ? merged(session, cell, input) : input
  const content = analysed(cell.language, source, cell)
  // An edit to the same text is no edit: the version stays.
  const version = source === cell.source ? cell.version : cell.version + 1
  const changes = 'described' in rest ? { changes: rest.described } : {}
  return { edit: { kind: 'edit', cellId, baseVersion: rest.baseVersion, content, ...changes }, version }
}

/** What was typed on an older version, on top of the current one; a conflict when it is not known how to get there. */
function merged(session: Session, cell: Cell, input: EditCell & { changes: TextChanges }) {
  const over = isSameHistory(session, input.epoch) && session.edits.between(cell.id, input.baseVersion, cell.version)
  const changes = over && rebased(parseChanges(input.changes), over, cell.source.length)
  if (!changes) {
    const { id: cellId, version, source } = cell
    throw new ProblemError({ kind: 'version-conflict', cellId, version, source })
  }
  const { clientId, opId } = input
  const described: SourceChanges = {
    set: changes.toJSON(),
    ...(clientId !== undefined && { clientId }),
    ...(opId !== undefined && { opId }),
  }
  return { source: applyChanges(cell.source, changes), baseVersion: cell.version, described }
}

const isSameHistory = (session: Session, epoch: string | undefined) => epoch === undefined || epoch === session.epoch

function cellOf(session: Session, cellId: string): Cell {
  const cell = session.state.cells.get(cellId)
  if (!cell) throw new ProblemError({ kind: 'not-found', what: 'cell', id: cellId })
  return cell
}

/** One item of `applyEdits` or `plan` as the core takes it. */
export function toEdit(session: Session, edit: CellEdit): Edit {
  if ('insert' in edit) {
    const { language, source, after, ...settings } = edit.insert
    return { kind: 'insert', language, content: analysed(language, source, settings), after, settings }
  }
  if ('delete' in edit) return { kind: 'delete', cellId: edit.delete }
  if ('move' in edit) return { kind: 'move', ...edit.move }
  const { cellId, source, baseVersion } = edit
  return {
    kind: 'edit',
    cellId,
    content: analysedIn(cellOf(session, cellId), source),
    ...(baseVersion !== undefined && { baseVersion }),
  }
}
