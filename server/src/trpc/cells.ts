import type { Command, Edit } from '../notebook/commands.ts'
import type { Answer } from '../notebook/decide.ts'
import type { Cell } from '../notebook/model.ts'
import type { Session } from '../session/session.ts'
import { authed, router } from './base.ts'
import type { AuthedContext, Context } from './context.ts'
import { analysed, cellEdit, toEdit } from './edits.ts'
import * as inputs from './inputs.ts'
import { command } from './mutation.ts'
import { ProblemError } from './problems.ts'

/** Settings that decide what the source means. */
const MEANING = ['language', 'resultName', 'connectionId'] as const

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

  editCell: authed.input(inputs.EditCell).mutation(({ ctx, input, path }) => {
    let version = 0
    const make = (session: Session) => {
      const made = cellEdit(session, input)
      version = made.version
      return one(made.edit)
    }
    return command({ ctx, path, opId: input.opId }, input.notebookId, make, () => ({ version }))
  }),

  applyEdits: authed
    .input(inputs.ApplyEdits)
    .mutation(({ ctx, input: { notebookId, opId, baseRev, edits, run = false }, path }) => {
      const make = (session: Session): Command => {
        for (const edit of edits) if ('insert' in edit) checkConnection(ctx, edit.insert.connectionId, undefined)
        return {
          kind: 'apply',
          edits: edits.map((edit) => toEdit(session, edit)),
          run,
          ...(baseRev !== undefined && { baseRev }),
        }
      }
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
    return command({ ctx, path, opId }, notebookId, (session) => restoring(ctx, session, cellId), nothing)
  }),

  setCell: authed.input(inputs.SetCell).mutation(({ ctx, input: { notebookId, opId, cellId, ...patch }, path }) => {
    const make = (session: Session): Command => {
      const cell = session.state.cells.get(cellId)
      checkConnection(ctx, patch.connectionId, cell)
      const changed = MEANING.some((field) => patch[field] !== undefined && (patch[field] ?? undefined) !== cell?.[field])
      const { language = cell?.language ?? 'typescript' } = patch
      const content = changed && { content: analysed(language, cell?.source ?? '', { ...cell, ...patch }) }
      return one({ kind: 'set', cellId, ...patch, ...content })
    }
    return command({ ctx, path, opId }, notebookId, make, nothing)
  }),
})

/** Another one has to be there. One that the cell has may have been removed since: the run says so. */
function checkConnection({ services, user }: AuthedContext, id: string | null | undefined, cell: Cell | undefined): void {
  if (id === null || id === undefined || id === cell?.connectionId || services.connections.has(user.userId, id)) return
  throw new ProblemError({ kind: 'not-found', what: 'connection', id })
}

/** As it was, and where it stood. A cell that is still there is left alone. */
function restoring({ services: { library } }: Context, session: Session, cellId: string): Command {
  if (session.state.cells.has(cellId)) return { kind: 'apply', edits: [], run: false }
  const row = library.deletedCell(session.id, cellId)
  if (!row) throw new ProblemError({ kind: 'not-found', what: 'cell', id: cellId })
  const { language, source, version, hidden, disabled, resultName, connectionId } = row
  const after = neighbourOf(row.after, session, library)
  const back: Edit = { kind: 'restore', cellId, language, content: analysed(language, source, row), after, version }
  const settings: Edit = {
    ...{ kind: 'set', cellId, hidden, disabled },
    ...(resultName !== null && { resultName }),
    ...(connectionId !== null && { connectionId }),
  }
  return { kind: 'apply', edits: [back, settings], run: false }
}

/** The nearest cell before it that is there: whom it stood behind may be deleted, too. `null`: it is first. */
function neighbourOf(stoodBehind: string | null, session: Session, library: Context['services']['library']): string | null {
  const seen = new Set<string>()
  let after = stoodBehind
  while (after !== null && !session.state.cells.has(after)) {
    if (seen.has(after)) return null
    seen.add(after)
    after = library.deletedCell(session.id, after)?.after ?? null
  }
  return after
}
