import type { FileRow, FileTables } from '@rivulet/db/files'
import type { CellRow, JournalRow, NotebookTables, QueuedCell } from '@rivulet/db/notebooks'
import type { Change } from '../notebook/events.ts'
import type { NotebookState } from '../notebook/evolve.ts'
import { LIMITS, type NotebookKind, type NotebookSummary } from '../notebook/model.ts'
import { saveOutputs } from './cellOutputs.ts'
import type { HistoryStore } from './history.ts'
import { type Entry, entryOf } from './journal.ts'
import { insertNotebook, type NewNotebook } from './newNotebook.ts'
import { placeCells } from './places.ts'
import { cellToRow, fileToRow, notebookFromRows, runStateOf } from './rows.ts'
import type { Saving, SessionStore } from './sessionStore.ts'
import { touchedCells } from './touched.ts'

/** A repeatable request, by whom. */
export interface Operation {
  userId: string
  opId: string
  procedure: string
}

export type DeletedCell = Pick<
  CellRow,
  'language' | 'source' | 'version' | 'hidden' | 'disabled' | 'resultName' | 'connectionId'
> & { after: string | null }

export type BinnedCell = Pick<CellRow, 'id' | 'language' | 'source'> & { deletedAt: string }

/** How much of the journal the rows keep for resuming: more than this nobody is sent, who is further behind gets a snapshot. */
const JOURNAL_KEPT = { entries: 2_000, characters: 1024 * 1024 }
/** The journal may outgrow that by so much before it is pruned. */
const PRUNE_AFTER = { entries: 200, characters: 2 * 1024 * 1024 }
/** The bin of a notebook holds what a page may hold: whoever deletes all of it can take all of it back. */
const BIN_KEPT = { cells: LIMITS.cells, bytes: LIMITS.notebookBytes }
/** Answers to repeated requests, and what lies in a bin, are kept for so many days. */
const KEPT_DAYS = 30
const DAY_MS = 24 * 60 * 60 * 1000

/** Of the notebook itself; everything else of a decision is in other tables. */
const SAVED_FIELDS = ['title', 'mode', 'cutoff', 'network', 'kernels'] as const

/** Everything the sessions and the library keep in SQLite, in domain terms. Every method is one transaction. */
export class NotebookStore {
  readonly history: HistoryStore
  readonly tables: NotebookTables
  readonly files: FileTables

  constructor({ tables, files, history }: { tables: NotebookTables; files: FileTables; history: HistoryStore }) {
    this.tables = tables
    this.files = files
    this.history = history
  }

  ownerOf(id: string, { deleted = false } = {}): string | undefined {
    const row = this.tables.notebook(id)
    return row && (row.deletedAt !== null) === deleted ? row.ownerId : undefined
  }

  kindOf(id: string): NotebookKind | undefined {
    return this.tables.notebook(id)?.kind
  }

  provisioned(ownerId: string, kind: 'demo' | 'blank'): string | undefined {
    return this.tables.provisioned(ownerId, kind)
  }

  /** The owner's demo or blank notebook, made now unless somebody was faster. */
  provision(wanted: NewNotebook & { kind: 'demo' | 'blank' }): string {
    return this.tables.transaction(() => {
      insertNotebook(this, wanted)
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

  /** How many notebooks somebody has, the bin's among them. */
  countOf(ownerId: string): number {
    return this.tables.countOf(ownerId)
  }

  create(notebook: NewNotebook, operation?: Operation): void {
    this.tables.transaction(() => {
      insertNotebook(this, notebook)
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

  /** Forgets old answers, and empties the bins of what has been there for 30 days. Returns how many rows went. */
  prune(now: number): number {
    const before = new Date(now - KEPT_DAYS * DAY_MS).toISOString()
    return this.tables.transaction(() => this.tables.prune(before) + this.history.prune(now))
  }

  load(id: string): { notebook: NotebookState; handed: Map<string, string[]> } | undefined {
    const row = this.tables.notebook(id)
    if (!row) return undefined
    const cells = this.tables.liveCells(id)
    return {
      notebook: notebookFromRows({ row, cells, outputs: this.tables.outputs.of(id), files: this.files.of(id) }),
      handed: new Map(cells.map((cell) => [cell.id, cell.exports])),
    }
  }

  /** With where the bytes of each are. */
  filesOf(id: string): FileRow[] {
    return this.files.of(id)
  }

  /** A deleted cell as it was, and behind which cell it stood. */
  deletedCell(notebookId: string, cellId: string): DeletedCell | undefined {
    const row = this.tables.cell(notebookId, cellId)
    return row?.deletedAt ? { ...row, after: row.deletedAfter } : undefined
  }

  /** What is in the notebook's bin, the latest first. */
  deletedCells(notebookId: string): BinnedCell[] {
    return this.tables
      .deletedCells(notebookId)
      .flatMap(({ id, language, source, deletedAt }) => (deletedAt ? [{ id, language, source, deletedAt }] : []))
  }

  forNotebook(notebookId: string): SessionStore {
    const readKeys = () => new Map(this.tables.liveCells(notebookId).map((cell) => [cell.id, cell.orderKey]))
    let orderKeys = readKeys()
    const unpruned = { entries: 0, characters: 0 }
    return {
      save: (saving) => {
        try {
          this.tables.transaction(() => {
            this.save(saving, orderKeys)
            if (saving.entry) this.prunedSometimes(notebookId, unpruned, saving.entry)
          })
        } catch (error) {
          // The rows went back; the keys must, too.
          orderKeys = readKeys()
          throw error
        }
      },
      entriesSince: (rev, limit) => this.entriesSince(notebookId, rev, limit),
      keptChanges: () => this.tables.journalAfter(notebookId, -1).map(changesOf),
    }
  }

  private remember(operation: Operation | undefined, notebookId: string, result: unknown, at: string): void {
    if (operation) this.tables.insertOperation({ ...operation, notebookId, result, at })
  }

  private save({ before, after, events, entry, operation, userId, restored }: Saving, orderKeys: Map<string, string>): void {
    const { notebook } = after
    const at = entry?.event.at ?? new Date().toISOString()
    if (entry) {
      this.saveHeader(before, notebook, at)
      this.saveCells({ before, after, events }, orderKeys, at)
      const { changes, by } = entry.event
      this.history.record({ before, changes, rev: entry.rev, at, by, restored })
      this.tables.appendJournal({ notebookId: notebook.id, rev: entry.rev, at, actor: by, changes: entry.json })
    }
    if (operation)
      this.remember({ userId, opId: operation.opId, procedure: operation.procedure }, notebook.id, operation.result, at)
  }

  private prunedSometimes(notebookId: string, grown: { entries: number; characters: number }, entry: Entry): void {
    grown.entries += 1
    grown.characters += entry.json.length
    if (grown.entries < PRUNE_AFTER.entries && grown.characters < PRUNE_AFTER.characters) return
    this.tables.pruneJournal(notebookId, JOURNAL_KEPT)
    Object.assign(grown, { entries: 0, characters: 0 })
  }

  private saveHeader(before: NotebookState, after: NotebookState, at: string): void {
    const { id, title, mode, cutoff, network, kernels, rev } = after
    const changed = SAVED_FIELDS.some((field) => before[field] !== after[field])
    if (changed) this.tables.updateNotebook(id, { title, mode, cutoff, network, kernels, rev, updatedAt: at })
    else this.tables.setRev(id, rev, at)
  }

  private saveCells(
    { before, after, events }: Pick<Saving, 'before' | 'after' | 'events'>,
    orderKeys: Map<string, string>,
    at: string,
  ): void {
    const { notebook } = after
    const touched = touchedCells(events)
    for (const [id, file] of touched.files) {
      if (file) this.files.put(fileToRow(notebook.id, file))
      else this.files.remove(id)
    }
    placeCells(notebook.order, touched.placed, orderKeys)
    const places = touched.deleted.size > 0 ? new Map(before.order.map((id, index) => [id, index])) : undefined
    for (const id of touched.deleted) {
      if (notebook.cells.has(id)) continue
      orderKeys.delete(id)
      this.tables.markCellDeleted(id, at, before.order[(places?.get(id) ?? 0) - 1] ?? null)
      // A cell that comes back has not run.
      this.tables.outputs.clear(id)
    }
    if (touched.deleted.size > 0) this.tables.pruneBin(notebook.id, BIN_KEPT)
    for (const id of touched.rows) {
      const cell = notebook.cells.get(id)
      if (cell) this.tables.upsertCell(cellToRow(after, cell, orderKeys.get(id) ?? ''))
    }
    this.saveRunStates(
      before,
      after,
      [...touched.runs].filter((id) => !touched.rows.has(id)),
    )
    for (const [id, outputIds] of touched.outputs) {
      const cell = notebook.cells.get(id)
      if (cell) saveOutputs(this.tables.outputs, notebook.id, { before: before.cells.get(id), cell, outputIds })
    }
    for (const id of touched.runs) {
      const gone = before.cells.get(id)?.earlier && !notebook.cells.get(id)?.earlier
      if (gone && touched.outputs.get(id) !== 'all') this.tables.outputs.dropEarlier(id)
    }
  }

  private saveRunStates(before: NotebookState, after: Saving['after'], ids: readonly string[]): void {
    const queued: QueuedCell[] = []
    for (const id of ids) {
      const cell = after.notebook.cells.get(id)
      if (!cell) continue
      const state = runStateOf(cell, after.internals.get(id))
      const onlyQueued = state.status === 'queued' && !state.stale && state.exports.length === 0
      if (onlyQueued && before.cells.get(id)?.result === cell.result) queued.push(state)
      else this.tables.setRunState(state)
    }
    this.tables.queueCells(queued)
  }

  private entriesSince(notebookId: string, rev: number, limit: number): Entry[] | undefined {
    const { first, characters } = this.tables.journalExtent(notebookId, rev)
    if (first !== rev + 1 || characters > limit) return undefined
    return this.tables.journalAfter(notebookId, rev).map((row) => {
      return entryOf({ type: 'changes', rev: row.rev, at: row.at, by: row.actor, changes: changesOf(row) })
    })
  }
}

/** Written by `save` from `Change`s, and by nothing else. */
const changesOf = (row: JournalRow) => row.changes as Change[]
