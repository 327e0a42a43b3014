import type { Event } from '../notebook/engine.ts'
import type { NotebookFile } from '../notebook/model.ts'

/** What a decision's events change in the rows, so that nothing else is written. */
export interface Touched {
  /** Cells whose whole row is written. */
  rows: Set<string>
  /** Cells of which only what runs change is written. */
  runs: Set<string>
  placed: Set<string>
  deleted: Set<string>
  outputs: Map<string, Set<string> | 'all'>
  /** By id; undefined when it was removed. */
  files: Map<string, NotebookFile | undefined>
}

const RUN_FIELDS: ReadonlySet<string> = new Set([
  'status',
  'stale',
  'result',
  'runId',
  'startedAt',
  'cause',
  'outputs',
  'earlier',
  'progress',
  'tail',
])

export function touchedCells(events: readonly Event[]): Touched {
  const sets = { rows: new Set<string>(), runs: new Set<string>(), placed: new Set<string>(), deleted: new Set<string>() }
  const touched: Touched = { ...sets, outputs: new Map(), files: new Map() }
  for (const event of events) touch(touched, event)
  return touched
}

function touch(touched: Touched, event: Event): void {
  switch (event.type) {
    case 'notebook.set':
      return
    case 'cell.inserted':
      touched.rows.add(event.cell.id)
      touched.placed.add(event.cell.id)
      touched.outputs.set(event.cell.id, 'all')
      return
    case 'cell.moved':
      touched.rows.add(event.cellId)
      touched.placed.add(event.cellId)
      return
    case 'cell.deleted':
      touched.deleted.add(event.cellId)
      return
    case 'cell.edited':
      touched.rows.add(event.cellId)
      return
    case 'cell.set':
      if (Object.keys(event.patch).some((field) => !RUN_FIELDS.has(field))) touched.rows.add(event.cellId)
      touched.runs.add(event.cellId)
      if (event.patch.outputs) touched.outputs.set(event.cellId, 'all')
      return
    case 'internal.set':
      if (event.patch.handed) touched.runs.add(event.cellId)
      return
    case 'run.started':
      touched.runs.add(event.cellId)
      touched.outputs.set(event.cellId, 'all')
      return
    case 'run.finished':
      touched.runs.add(event.cellId)
      return
    case 'file.set':
      touched.files.set(event.file.id, event.file)
      return
    case 'file.removed':
      touched.files.set(event.fileId, undefined)
      return
    case 'output.appended':
      touchOutput(touched, event.cellId, event.output.id)
      return
  }
}

function touchOutput(touched: Touched, cellId: string, outputId: string): void {
  const known = touched.outputs.get(cellId)
  if (known === 'all') return
  if (known) known.add(outputId)
  else touched.outputs.set(cellId, new Set([outputId]))
}
