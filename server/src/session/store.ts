import { randomUUID } from 'node:crypto'
import type { NewCellRow, NotebookTables } from '@rivulet/db/notebooks'
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'
import { analyse } from '../language/languages.ts'
import type { Event } from '../notebook/engine.ts'
import type { Change } from '../notebook/events.ts'
import type { NotebookState } from '../notebook/evolve.ts'
import type { Cell, Language, NotebookKind, NotebookSummary } from '../notebook/model.ts'
import type { Entry } from './journal.ts'
import { cellToRow, notebookFromRows, outputToRow, runStateOf } from './rows.ts'
import type { Saving, SessionStore } from './session.ts'

/** A repeatable request, by whom. */
export interface Operation {
  userId: string
  opId: string
  procedure: string
}

/** What a new notebook begins with; runs and kernels of an original do not come along. */
export interface Template {
  title: string
  cells: readonly (Pick<Cell, 'language' | 'source' | 'outputs' | 'result' | 'stale'> &
    Partial<Pick<Cell, 'disabled' | 'hidden' | 'resultName'>>)[]
}

interface NewNotebook {
  id: string
  ownerId: string
  kind: NotebookKind
  template: Template
  at: string
}

/** How much history rows keep for resuming; older followers get a snapshot. */
const JOURNAL_KEPT = 2_000
const PRUNE_EVERY = 200

/** Everything the sessions and the library keep in SQLite, in domain terms. Every method is one transaction. */
export class NotebookStore {
  private readonly tables: NotebookTables

  constructor(tables: NotebookTables) {
    this.tables = tables
  }

  ownerOf(id: string, { deleted = false } = {}): string | undefined {
    const row = this.tables.notebook(id)
    return row && (row.deletedAt !== null) === deleted ? row.ownerId : undefined
  }

  provisioned(ownerId: string, kind: 'demo' | 'blank'): string | undefined {
    return this.tables.provisioned(ownerId, kind)
  }

  /** The owner's demo or blank notebook, made now unless somebody was faster. */
  provision(wanted: NewNotebook & { kind: 'demo' | 'blank' }): string {
    return this.tables.transaction(() => {
      this.insert(wanted)
      const id = this.tables.provisioned(wanted.ownerId, wanted.kind)
      if (!id) throw new Error(`the ${wanted.kind} notebook of ${wanted.ownerId} was not stored`)
      return id
    })
  }

  list(ownerId: string, deleted: boolean): NotebookSummary[] {
    return this.tables
      .list(ownerId, deleted)
      .map(({ deletedAt, ...row }) => ({ ...row, role: 'owner', ...(deletedAt && { deletedAt }) }))
  }

  create(notebook: NewNotebook, operation?: Operation): void {
    this.tables.transaction(() => {
      this.insert(notebook)
      this.remember(operation, notebook.id, { id: notebook.id, rev: 0 }, notebook.at)
    })
  }

  remove(id: string, at: string, operation?: Operation): number {
    return this.tables.transaction(() => {
      const rev = this.tables.notebook(id)?.rev ?? 0
      this.tables.updateNotebook(id, { deletedAt: at, kind: 'user' })
      this.remember(operation, id, { rev }, at)
      return rev
    })
  }

  restore(id: string, operation?: Operation): number {
    return this.tables.transaction(() => {
      const rev = this.tables.notebook(id)?.rev ?? 0
      this.tables.updateNotebook(id, { deletedAt: null })
      this.remember(operation, id, { rev }, new Date().toISOString())
      return rev
    })
  }

  /** What this user's request was answered before; the procedure must be the same. */
  answered(userId: string, opId: string): { procedure: string; result: unknown } | undefined {
    return this.tables.operation(userId, opId)
  }

  load(id: string): { notebook: NotebookState; handed: Map<string, string[]> } | undefined {
    const row = this.tables.notebook(id)
    if (!row) return undefined
    const cells = this.tables.liveCells(id)
    return {
      notebook: notebookFromRows(row, cells, this.tables.outputsOf(id)),
      handed: new Map(cells.map((cell) => [cell.id, cell.exports])),
    }
  }

  /** A deleted cell as it was, and where it stood. */
  deletedCell(
    notebookId: string,
    cellId: string,
  ): { language: Language; source: string; version: number; after: string | null } | undefined {
    const row = this.tables.cell(notebookId, cellId)
    return row?.deletedAt
      ? { language: row.language, source: row.source, version: row.version, after: row.deletedAfter }
      : undefined
  }

  forNotebook(notebookId: string): SessionStore {
    const readKeys = () => new Map(this.tables.liveCells(notebookId).map((cell) => [cell.id, cell.orderKey]))
    let orderKeys = readKeys()
    return {
      save: (saving) => {
        try {
          this.tables.transaction(() => this.save(saving, orderKeys))
        } catch (error) {
          // The rows went back; the keys must, too.
          orderKeys = readKeys()
          throw error
        }
      },
      entriesSince: (rev, limit) => this.entriesSince(notebookId, rev, limit),
    }
  }

  private insert({ id, ownerId, kind, template, at }: NewNotebook): void {
    const header = { id, ownerId, kind, title: template.title, epoch: randomUUID(), rev: 0, mode: 'auto' as const, cutoff: false }
    if (!this.tables.insertNotebook({ ...header, createdAt: at, updatedAt: at, deletedAt: null })) return
    const keys = generateNKeysBetween(null, null, template.cells.length)
    for (const [index, cell] of template.cells.entries()) this.insertCell(id, cell, keys[index] ?? '')
  }

  private insertCell(notebookId: string, cell: Template['cells'][number], orderKey: string): void {
    const { language, source, disabled = false, hidden = false, resultName = null } = cell
    const { defines, uses, syntaxError } = analyse(language, source)
    const row: NewCellRow = {
      ...{
        id: randomUUID(),
        notebookId,
        orderKey,
        language,
        source,
        version: 1,
        resultName,
        connectionId: null,
        disabled,
        hidden,
      },
      ...(syntaxError ? { defines: [], uses: [] } : { defines, uses }),
      ...{ status: 'idle', stale: cell.stale, result: cell.result, runId: null, startedAt: null, cause: null, exports: [] },
      ...{ deletedAt: null, deletedAfter: null },
    }
    this.tables.upsertCell(row)
    for (const [seq, output] of cell.outputs.entries())
      this.tables.putOutput(outputToRow(notebookId, { id: row.id }, seq, output))
  }

  private remember(operation: Operation | undefined, notebookId: string, result: unknown, at: string): void {
    if (operation) this.tables.insertOperation({ ...operation, notebookId, result, at })
  }

  private save({ before, after, events, entry, operation, userId }: Saving, orderKeys: Map<string, string>): void {
    const { notebook } = after
    const at = entry?.at ?? new Date().toISOString()
    if (entry) {
      this.saveHeader(before, notebook, at)
      this.saveCells({ before, after, events }, orderKeys, at)
      this.tables.appendJournal({ notebookId: notebook.id, rev: entry.rev, at, actor: entry.by, changes: entry.changes })
      if (entry.rev % PRUNE_EVERY === 0) this.tables.pruneJournal(notebook.id, entry.rev - JOURNAL_KEPT)
    }
    if (operation)
      this.remember({ userId, opId: operation.opId, procedure: operation.procedure }, notebook.id, operation.result, at)
  }

  private saveHeader(before: NotebookState, { id, title, mode, cutoff, rev }: NotebookState, at: string): void {
    const changed = before.title !== title || before.mode !== mode || before.cutoff !== cutoff
    if (changed) this.tables.updateNotebook(id, { title, mode, cutoff, rev, updatedAt: at })
    else this.tables.setRev(id, rev, at)
  }

  private saveCells(
    { before, after, events }: Pick<Saving, 'before' | 'after' | 'events'>,
    orderKeys: Map<string, string>,
    at: string,
  ): void {
    const { notebook } = after
    const touched = touchedCells(events)
    placeCells(notebook.order, touched.placed, orderKeys)
    for (const id of touched.deleted) {
      if (notebook.cells.has(id)) continue
      orderKeys.delete(id)
      this.tables.markCellDeleted(id, at, before.order[before.order.indexOf(id) - 1] ?? null)
    }
    for (const id of touched.rows) {
      const cell = notebook.cells.get(id)
      if (cell) this.tables.upsertCell(cellToRow(after, cell, orderKeys.get(id) ?? ''))
    }
    for (const id of touched.runs) {
      const cell = notebook.cells.get(id)
      if (cell && !touched.rows.has(id)) this.tables.setRunState(runStateOf(cell, after.internals.get(id)))
    }
    for (const [id, outputIds] of touched.outputs) {
      const cell = notebook.cells.get(id)
      if (cell) this.saveOutputs(notebook.id, cell, outputIds)
    }
  }

  /** `'all'`: the cell's outputs began anew. */
  private saveOutputs(notebookId: string, cell: Cell, outputIds: ReadonlySet<string> | 'all'): void {
    if (outputIds === 'all') this.tables.clearOutputs(cell.id)
    for (const [seq, output] of cell.outputs.entries()) {
      if (outputIds === 'all' || outputIds.has(output.id)) this.tables.putOutput(outputToRow(notebookId, cell, seq, output))
    }
  }

  private entriesSince(notebookId: string, rev: number, limit: number): Entry[] | undefined {
    const rows = this.tables.journalAfter(notebookId, rev)
    if (rows[0]?.rev !== rev + 1) return undefined
    const entries = rows.map(({ rev: at, ...row }) => {
      // Written by `save` from `Change`s, and by nothing else.
      return { rev: at, at: row.at, by: row.actor, changes: row.changes as Change[], size: JSON.stringify(row.changes).length }
    })
    return entries.reduce((sum, entry) => sum + entry.size, 0) > limit ? undefined : entries
  }
}

interface Touched {
  /** Cells whose whole row is written. */
  rows: Set<string>
  /** Cells of which only what runs change is written. */
  runs: Set<string>
  placed: Set<string>
  deleted: Set<string>
  outputs: Map<string, Set<string> | 'all'>
}

const RUN_FIELDS: ReadonlySet<string> = new Set([
  'status',
  'stale',
  'result',
  'runId',
  'startedAt',
  'cause',
  'outputs',
  'progress',
])

function touchedCells(events: readonly Event[]): Touched {
  const touched: Touched = { rows: new Set(), runs: new Set(), placed: new Set(), deleted: new Set(), outputs: new Map() }
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

/** Gives every placed cell a key between its neighbours' keys, so that no other row is written. */
function placeCells(order: readonly string[], placed: ReadonlySet<string>, keys: Map<string, string>): void {
  if (placed.size === 0) return
  for (const id of placed) keys.delete(id)
  for (const [index, id] of order.entries()) {
    if (!placed.has(id)) continue
    const left = keys.get(order[index - 1] ?? '') ?? null
    const next = order.slice(index + 1).find((other) => !placed.has(other))
    keys.set(id, generateKeyBetween(left, (next && keys.get(next)) ?? null))
  }
}
