import { analyse } from '../language/languages.ts'
import type { AnalysedSource, Edit } from '../notebook/commands.ts'
import { type Language, LIMITS } from '../notebook/model.ts'
import type { Session } from '../session/session.ts'
import type { CellEdit } from './inputs.ts'
import { ProblemError } from './problems.ts'

/** A source with its analysis; refused when it is too large. */
export function analysed(language: Language, source: string): AnalysedSource {
  const actual = Buffer.byteLength(source)
  if (actual > LIMITS.sourceBytes)
    throw new ProblemError({ kind: 'too-large', what: 'source', limit: LIMITS.sourceBytes, actual })
  return { source, analysis: analyse(language, source) }
}

export function languageOf(session: Session, cellId: string): Language {
  const cell = session.state.cells.get(cellId)
  if (!cell) throw new ProblemError({ kind: 'not-found', what: 'cell', id: cellId })
  return cell.language
}

/** One item of `applyEdits` or `plan` as the core takes it. */
export function toEdit(session: Session, edit: CellEdit): Edit {
  if ('insert' in edit) {
    const { language, source, after } = edit.insert
    return { kind: 'insert', language, content: analysed(language, source), after }
  }
  if ('delete' in edit) return { kind: 'delete', cellId: edit.delete }
  if ('move' in edit) return { kind: 'move', ...edit.move }
  const { cellId, source, baseVersion } = edit
  return {
    kind: 'edit',
    cellId,
    content: analysed(languageOf(session, cellId), source),
    ...(baseVersion !== undefined && { baseVersion }),
  }
}
