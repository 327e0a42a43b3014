import { randomUUID } from 'node:crypto'
import type { FileRow, FileTables } from '@rivulet/db/files'
import type { NotebookTables } from '@rivulet/db/notebooks'
import { generateNKeysBetween } from 'fractional-indexing'
import { analyse } from '../language/languages.ts'
import type { Cell, Notebook, NotebookKind } from '../notebook/model.ts'
import { outputToRow } from './rows.ts'

type TemplateCell = Pick<Cell, 'language' | 'source' | 'outputs' | 'result' | 'stale'> &
  Partial<Pick<Cell, 'disabled' | 'hidden' | 'resultName' | 'connectionId'>>

/** What a new notebook begins with. Runs, kernels and what an original was allowed do not come along. */
export interface Template extends Partial<Pick<Notebook, 'mode' | 'cutoff'>> {
  title: string
  cells: readonly TemplateCell[]
  /** The bytes are shared. */
  files?: readonly Omit<FileRow, 'id' | 'notebookId'>[]
}

export interface NewNotebook {
  id: string
  ownerId: string
  kind: NotebookKind
  template: Template
  at: string
}

interface Tables {
  tables: NotebookTables
  files: FileTables
}

/** Nothing, when the owner's demo or blank notebook is already there. */
export function insertNotebook({ tables, files: rows }: Tables, { id, ownerId, kind, template, at }: NewNotebook): void {
  const { title, mode = 'auto', cutoff = false, cells, files = [] } = template
  const inserted = tables.insertNotebook({
    ...{ id, ownerId, title, kind, epoch: randomUUID(), rev: 0, mode, cutoff, network: [], kernels: [] },
    ...{ createdAt: at, updatedAt: at, deletedAt: null },
  })
  if (!inserted) return
  const keys = generateNKeysBetween(null, null, cells.length)
  for (const [index, cell] of cells.entries()) insertCell(tables, id, { cell, orderKey: keys[index] ?? '' })
  for (const file of files) rows.put({ ...file, id: randomUUID(), notebookId: id })
}

function insertCell(
  tables: NotebookTables,
  notebookId: string,
  { cell, orderKey }: { cell: TemplateCell; orderKey: string },
): void {
  const { language, source, disabled = false, hidden = false, resultName = null, connectionId = null } = cell
  const { defines, uses, syntaxError } = analyse(language, source)
  const id = randomUUID()
  tables.upsertCell({
    ...{ id, notebookId, orderKey, language, source, version: 1, resultName, connectionId, disabled, hidden },
    ...(syntaxError ? { defines: [], uses: [] } : { defines, uses }),
    ...{ status: 'idle', stale: cell.stale, result: cell.result, runId: null, startedAt: null, cause: null, exports: [] },
    ...{ deletedAt: null, deletedAfter: null },
  })
  for (const [seq, output] of cell.outputs.entries())
    tables.outputs.put(outputToRow(notebookId, { id }, output, { seq, earlier: false }))
}
