import type { OutputTables } from '@rivulet/db/outputs'
import type { Cell } from '../notebook/model.ts'
import { outputToRow } from './rows.ts'

/** What a decision did to the outputs of one cell. */
interface Saved {
  before: Cell | undefined
  cell: Cell
  /** Of the outputs that have changed; `'all'`: they began anew. */
  outputIds: ReadonlySet<string> | 'all'
}

export function saveOutputs(tables: OutputTables, notebookId: string, { before, cell, outputIds }: Saved): void {
  if (outputIds === 'all') replaceRows(tables, notebookId, { before, cell })
  for (const [seq, output] of cell.outputs.entries()) {
    if (outputIds === 'all' || outputIds.has(output.id))
      tables.put(outputToRow(notebookId, cell, output, { seq, earlier: false }))
  }
}

/** Leaves the rows of what stands behind the cell's outputs, and no others. */
function replaceRows(tables: OutputTables, notebookId: string, { before, cell }: Omit<Saved, 'outputIds'>): void {
  const { id, earlier = [] } = cell
  // What is not written again costs nothing, however long it is.
  if (before && earlier === before.outputs) {
    if (before.earlier) tables.dropEarlier(id)
    return tables.makeEarlier(id)
  }
  if (!before || before.earlier || before.outputs.length > 0) tables.clear(id)
  for (const [seq, output] of earlier.entries()) tables.put(outputToRow(notebookId, { id }, output, { seq, earlier: true }))
}
