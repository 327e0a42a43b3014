import type { FileRow } from '@rivulet/db/files'
import type { CellRow, NotebookRow } from '@rivulet/db/notebooks'
import type { OutputRow } from '@rivulet/db/outputs'
import type { Engine, Internal } from '../notebook/engine.ts'
import type { NotebookState } from '../notebook/evolve.ts'
import { Cell, KernelState, NotebookFile, type Output } from '../notebook/model.ts'

/** Rows to domain values and back. What a row holds was written here, yet it is parsed: people edit rows in Drizzle Studio. */

export interface NotebookRows {
  row: NotebookRow
  cells: readonly CellRow[]
  outputs: readonly OutputRow[]
  files: readonly FileRow[]
}

export function notebookFromRows({ row, cells: cellRows, outputs: outputRows, files }: NotebookRows): NotebookState {
  const outputs = groupByCell(outputRows)
  const cells = cellRows.map((cell) => cellFromRow(cell, outputs.get(cell.id) ?? []))
  return {
    id: row.id,
    title: row.title,
    kind: row.kind,
    role: 'owner',
    epoch: row.epoch,
    rev: row.rev,
    mode: row.mode,
    cutoff: row.cutoff,
    network: row.network,
    kernels: KernelState.array().parse(row.kernels),
    files: files.map(fileFromRow),
    order: cells.map((cell) => cell.id),
    cells: new Map(cells.map((cell) => [cell.id, cell])),
  }
}

function fileFromRow({ notebookId: _, content: __, tableName, ...row }: FileRow): NotebookFile {
  return NotebookFile.parse({ ...row, table: tableName })
}

/** `content`: where its bytes are; of an upload that is what it is called by. */
export function fileToRow(notebookId: string, { table, ...file }: NotebookFile, content = file.id): FileRow {
  return { ...file, notebookId, content, tableName: table }
}

/** Node 20 has no `Map.groupBy`. */
function groupByCell(rows: readonly OutputRow[]): Map<string, OutputRow[]> {
  const groups = new Map<string, OutputRow[]>()
  for (const row of rows) {
    const group = groups.get(row.cellId)
    if (group) group.push(row)
    else groups.set(row.cellId, [row])
  }
  return groups
}

function cellFromRow(row: CellRow, outputs: readonly OutputRow[]): Cell {
  const optional = {
    resultName: row.resultName,
    connectionId: row.connectionId,
    runId: row.runId,
    startedAt: row.startedAt,
    cause: row.cause,
  }
  const { id, language, source, version, disabled, hidden, defines, uses, status, stale, result } = row
  const earlier = outputs.filter((output) => output.earlier)
  return Cell.parse({
    ...{ id, language, source, version, disabled, hidden, defines, uses, status, stale, result },
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
    outputs: outputs.filter((output) => !output.earlier).map(outputFromRow),
    ...(earlier.length > 0 && { earlier: earlier.map(outputFromRow) }),
  })
}

function outputFromRow(row: OutputRow): Output {
  const truncated = row.truncatedBytes === null ? {} : { truncated: { bytes: row.truncatedBytes } }
  return row.kind === 'stream'
    ? { id: row.id, kind: 'stream', name: row.name ?? 'stdout', text: row.text ?? '', ...truncated }
    : { id: row.id, kind: row.kind, data: row.data ?? {}, ...truncated }
}

/** Where an output stands: in the cell's list of its latest run, or in that of what stood there before. */
interface Place {
  seq: number
  earlier: boolean
}

export function outputToRow(
  notebookId: string,
  cell: Pick<Cell, 'id' | 'runId'>,
  output: Output,
  { seq, earlier }: Place,
): OutputRow {
  const content =
    output.kind === 'stream'
      ? { name: output.name, text: output.text, data: null }
      : { name: null, text: null, data: output.data }
  return {
    id: output.id,
    cellId: cell.id,
    notebookId,
    runId: earlier ? null : (cell.runId ?? null),
    seq,
    earlier,
    kind: output.kind,
    ...content,
    truncatedBytes: output.truncated?.bytes ?? null,
  }
}

export function runStateOf(cell: Cell, internal: Internal | undefined) {
  return {
    id: cell.id,
    status: cell.status,
    stale: cell.stale,
    result: cell.result,
    runId: cell.runId ?? null,
    startedAt: cell.startedAt ?? null,
    cause: cell.cause ?? null,
    exports: [...(internal?.handed ?? [])],
  }
}

export function cellToRow(engine: Engine, cell: Cell, orderKey: string): CellRow {
  return {
    ...runStateOf(cell, engine.internals.get(cell.id)),
    notebookId: engine.notebook.id,
    orderKey,
    language: cell.language,
    source: cell.source,
    version: cell.version,
    resultName: cell.resultName ?? null,
    connectionId: cell.connectionId ?? null,
    disabled: cell.disabled,
    hidden: cell.hidden,
    defines: cell.defines,
    uses: cell.uses,
    deletedAt: null,
    deletedAfter: null,
  }
}
