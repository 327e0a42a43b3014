import type { TableSchema } from '../kernel/sql/engine.ts'
import type { Command } from '../notebook/commands.ts'
import type { Answer } from '../notebook/decide.ts'
import type { NotebookFile, Output } from '../notebook/model.ts'
import { shownOutputs } from '../notebook/shown.ts'
import { authed, router } from './base.ts'
import { toEdit } from './edits.ts'
import { foreseen } from './foreseen.ts'
import { fromKernel } from './fromKernel.ts'
import * as inputs from './inputs.ts'
import { command, openSession } from './mutation.ts'
import { ProblemError, unwrap } from './problems.ts'
import { checkColumn, columnsShown } from './shownTables.ts'

/** Accepted, not finished: what will run, in order. */
const accepted = ({ planned: { runs, targets } }: Answer) => ({
  runId: Object.values(targets)[0] ?? runs[0]?.runId ?? '',
  cellIds: runs.map(({ cellId }) => cellId),
  runIds: runs.map(({ runId }) => runId),
})

const whole = (kind: 'run-all' | 'run-stale') =>
  authed.input(inputs.InNotebook).mutation(({ ctx, input: { notebookId, opId }, path }) => {
    return command({ ctx, path, opId }, notebookId, () => ({ kind }), accepted)
  })

const control = (kind: 'interrupt' | 'restart-kernel') =>
  authed.input(inputs.InNotebook).mutation(({ ctx, input: { notebookId, opId }, path }) => {
    return command(
      { ctx, path, opId },
      notebookId,
      () => ({ kind }),
      () => ({}),
    )
  })

interface KnownTable extends TableSchema {
  /** It is a file of the notebook. */
  fileId?: string
}

/** There without an engine that has read it. */
function tableOfFile({ id, table, rows, columns }: NotebookFile): KnownTable {
  const nullable = columns.map((column) => ({ ...column, nullable: true }))
  return { schema: 'main', name: table, kind: 'table', rows, columns: nullable, fileId: id }
}

/** Running, and looking at what ran. */
export const runProcedures = router({
  runCell: authed.input(inputs.InCell).mutation(({ ctx, input: { notebookId, opId, cellId }, path }) => {
    const make = (): Command => ({ kind: 'run', cellIds: [cellId] })
    return command({ ctx, path, opId }, notebookId, make, accepted)
  }),

  runCells: authed.input(inputs.RunCells).mutation(({ ctx, input: { notebookId, opId, cellIds }, path }) => {
    return command({ ctx, path, opId }, notebookId, () => ({ kind: 'run', cellIds }), accepted)
  }),

  runAll: whole('run-all'),
  runStale: whole('run-stale'),
  interrupt: control('interrupt'),
  restartKernel: control('restart-kernel'),

  setInput: authed.input(inputs.SetInput).mutation(({ ctx, input: { notebookId, opId, cellId, inputId, value }, path }) => {
    return command({ ctx, path, opId }, notebookId, () => ({ kind: 'set-input', cellId, inputId, value }), accepted)
  }),

  plan: authed.input(inputs.Plan).query(({ ctx, input: { notebookId, edits = [], run } }) => {
    const session = openSession(ctx, notebookId)
    const unknown = run?.find((cellId) => !session.state.cells.has(cellId))
    if (unknown !== undefined) throw new ProblemError({ kind: 'not-found', what: 'cell', id: unknown })
    const made = edits.map((edit) => toEdit(session, edit))
    return foreseen(session.state, unwrap(session.foresee({ kind: 'apply', edits: made, run: run ?? true })))
  }),

  getVariables: authed.input(inputs.InNotebookQuery).query(async ({ ctx, input }) => {
    const session = openSession(ctx, input.notebookId)
    const live = session.liveNames()
    const variables = await fromKernel(session.kernel.variables([...live.keys()]))
    return variables.map((variable) => ({ ...variable, cellId: live.get(variable.name) ?? '' }))
  }),

  getRows: authed.input(inputs.GetRows).query(async ({ ctx, input: { notebookId, handle, ...query } }) => {
    const session = openSession(ctx, notebookId)
    checkColumn(columnsShown(session.state.cells.values(), handle), query.sort)
    const page = await fromKernel(session.kernel.rows(handle, query))
    if (!page) throw new ProblemError({ kind: 'not-found', what: 'output', id: handle })
    return page
  }),

  getSchema: authed.input(inputs.GetSchema).query(async ({ ctx, input: { notebookId, connectionId } }): Promise<KnownTable[]> => {
    const session = openSession(ctx, notebookId)
    // A connection is looked at by the notebook's kernel, which is started for that.
    const full = connectionId !== undefined && ctx.services.library.sessions.kernelProblem(session)
    if (full) throw new ProblemError(full)
    const files = connectionId === undefined ? session.state.files.map(tableOfFile) : []
    return [...files, ...(await fromKernel(session.kernel.schema(connectionId)))]
  }),

  getOutput: authed.input(inputs.GetOutput).query(({ ctx, input: { notebookId, cellId, outputId } }): Output => {
    const cell = openSession(ctx, notebookId).state.cells.get(cellId)
    if (!cell) throw new ProblemError({ kind: 'not-found', what: 'cell', id: cellId })
    const output = shownOutputs(cell).outputs.find((known) => known.id === outputId)
    if (!output) throw new ProblemError({ kind: 'not-found', what: 'output', id: outputId })
    return output
  }),
})
