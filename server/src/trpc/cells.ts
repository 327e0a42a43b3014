import type { Command, Edit } from '../notebook/commands.ts'
import type { Answer } from '../notebook/decide.ts'
import type { Session } from '../session/session.ts'
import { authed, router } from './base.ts'
import type { Context } from './context.ts'
import { analysed, languageOf, toEdit } from './edits.ts'
import * as inputs from './inputs.ts'
import { command } from './mutation.ts'
import { ProblemError } from './problems.ts'

const one = (edit: Edit): Command => ({ kind: 'apply', edits: [edit], run: false })
const nothing = () => ({})
const inserted = ({ inserted: [cellId = ''] }: Answer) => ({ cellId })

/** Code and order of the page. */
export const cellProcedures = router({
  insertCell: authed
    .input(inputs.InsertCell)
    .mutation(({ ctx, input: { notebookId, opId, language, source = '', after }, path }) => {
      const make = () => one({ kind: 'insert', language, content: analysed(language, source), after })
      return command({ ctx, path, opId }, notebookId, make, inserted)
    }),

  editCell: authed.input(inputs.EditCell).mutation(({ ctx, input: { notebookId, opId, cellId, baseVersion, source }, path }) => {
    let version = baseVersion
    const make = (session: Session) => {
      // An edit to the same text is no edit: the version stays.
      if (session.state.cells.get(cellId)?.source !== source) version += 1
      return one({ kind: 'edit', cellId, baseVersion, content: analysed(languageOf(session, cellId), source) })
    }
    return command({ ctx, path, opId }, notebookId, make, () => ({ version }))
  }),

  applyEdits: authed
    .input(inputs.ApplyEdits)
    .mutation(({ ctx, input: { notebookId, opId, baseRev, edits, run = false }, path }) => {
      const make = (session: Session): Command => ({
        kind: 'apply',
        edits: edits.map((edit) => toEdit(session, edit)),
        run,
        ...(baseRev !== undefined && { baseRev }),
      })
      return command({ ctx, path, opId }, notebookId, make, ({ inserted: cellIds, planned }) => ({
        cellIds,
        runIds: planned.runs.map(({ runId }) => runId),
      }))
    }),

  moveCell: authed.input(inputs.MoveCell).mutation(({ ctx, input: { notebookId, opId, cellId, after }, path }) => {
    return command({ ctx, path, opId }, notebookId, () => one({ kind: 'move', cellId, after }), nothing)
  }),

  deleteCell: authed.input(inputs.InCell).mutation(({ ctx, input: { notebookId, opId, cellId }, path }) => {
    return command({ ctx, path, opId }, notebookId, () => one({ kind: 'delete', cellId }), nothing)
  }),

  restoreCell: authed.input(inputs.InCell).mutation(({ ctx, input: { notebookId, opId, cellId }, path }) => {
    return command({ ctx, path, opId }, notebookId, (session) => one(restoring(ctx, session, cellId)), nothing)
  }),

  setCell: authed.input(inputs.SetCell).mutation(({ ctx, input: { notebookId, opId, cellId, ...patch }, path }) => {
    const make = (session: Session): Command => {
      const { language } = patch
      const content = language && { content: analysed(language, session.state.cells.get(cellId)?.source ?? '') }
      return one({ kind: 'set', cellId, ...patch, ...content })
    }
    return command({ ctx, path, opId }, notebookId, make, nothing)
  }),
})

/** Back where it stood, or first when its neighbour is gone. A cell that is still there is left alone. */
function restoring(ctx: Context, session: Session, cellId: string): Edit {
  const live = session.state.cells.get(cellId)
  const row = live ? { ...live, after: null } : ctx.services.library.deletedCell(session.id, cellId)
  if (!row) throw new ProblemError({ kind: 'not-found', what: 'cell', id: cellId })
  const after = row.after !== null && session.state.cells.has(row.after) ? row.after : null
  return {
    kind: 'restore',
    cellId,
    language: row.language,
    content: analysed(row.language, row.source),
    after,
    version: row.version,
  }
}
