import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import type { Database } from './client.ts'
import { everyColumn, given, p } from './columns.ts'
import { outputTables } from './outputs.ts'
import { cells, journal, notebooks, operations } from './schema.ts'

export type NotebookRow = typeof notebooks.$inferSelect
export type CellRow = typeof cells.$inferSelect
export type JournalRow = typeof journal.$inferSelect
/** `changes` is JSON already: it is serialised once, for the row and for every follower. */
export type NewJournalRow = Omit<JournalRow, 'changes'> & { changes: string }
export type QueuedCell = Pick<CellRow, 'id' | 'runId' | 'cause'>
export type OperationRow = typeof operations.$inferInsert
export type ListRow = Pick<NotebookRow, 'id' | 'title' | 'kind' | 'updatedAt' | 'deletedAt'> & { cellCount: number }

/** Named queries about notebooks and what belongs to them. Rows in, rows out; all synchronous, statements prepared once. */
export type NotebookTables = ReturnType<typeof notebookTables>

export function notebookTables(db: Database) {
  const q = prepare(db)
  return {
    outputs: outputTables(db),
    /** Runs `work` in one immediate transaction; a throw rolls everything back. */
    transaction: <T>(work: () => T): T => db.transaction(work, { behavior: 'immediate' }),

    notebook: (id: string): NotebookRow | undefined => q.notebook.get({ id }),
    provisioned: (ownerId: string, kind: 'demo' | 'blank'): string | undefined => q.provisioned.get({ ownerId, kind })?.id,
    list: (ownerId: string, deleted: boolean): ListRow[] => (deleted ? q.bin : q.list).all({ ownerId }),
    /** How many somebody has, the bin's among them. */
    countOf: (ownerId: string): number => q.countOf.get({ ownerId })?.count ?? 0,
    liveCells: (notebookId: string): CellRow[] => q.liveCells.all({ notebookId }),
    cell: (notebookId: string, id: string): CellRow | undefined => q.cell.get({ notebookId, id }),
    deletedCells: (notebookId: string): CellRow[] => q.deletedCells.all({ notebookId }),
    journalAfter: (notebookId: string, rev: number): JournalRow[] => q.journalAfter.all({ notebookId, rev }),
    /** What `journalAfter` would read, without reading it. */
    journalExtent: (notebookId: string, rev: number): { first: number | null; characters: number } =>
      q.journalExtent.get({ notebookId, rev }) ?? { first: null, characters: 0 },

    /** False when the id, or the owner's demo or blank notebook, is already there. */
    insertNotebook: (row: typeof notebooks.$inferInsert): boolean =>
      db.insert(notebooks).values(row).onConflictDoNothing().run().changes > 0,
    updateNotebook: (id: string, patch: Partial<NotebookRow>): void => {
      db.update(notebooks).set(patch).where(eq(notebooks.id, id)).run()
    },
    /** The columns of every decision; anything else of a notebook changes rarely. */
    setRev: (id: string, rev: number, updatedAt: string): void => void q.setRev.run({ id, rev, updatedAt }),
    upsertCell: (row: CellRow): void => void q.upsertCell.run(row),
    /** Of a cell with a row: what runs change, and nothing else. */
    setRunState: (row: Pick<CellRow, 'id' | 'status' | 'stale' | 'result' | 'runId' | 'startedAt' | 'cause' | 'exports'>): void =>
      void q.setRunState.run(row),
    /** Of cells with rows that wait for their turn now: not stale, handing nothing on, their last result still there. */
    queueCells: (queued: readonly QueuedCell[]): void => {
      if (queued.length === 0) return
      q.queueCells.run({ queued: JSON.stringify(queued.map(({ id, runId, cause }) => [id, runId, JSON.stringify(cause)])) })
    },
    markCellDeleted: (id: string, deletedAt: string, deletedAfter: string | null): void =>
      void q.markCellDeleted.run({ id, deletedAt, deletedAfter }),
    /** Keeps what was deleted last: at most so many cells, and of the older ones no more than `bytes` of source in all. */
    pruneBin: (notebookId: string, keep: { cells: number; bytes: number }): void => void q.pruneBin.run({ notebookId, ...keep }),
    appendJournal: (row: NewJournalRow): void => void q.appendJournal.run(row),
    /** Keeps the newest entries: at most so many, and of the older ones no more than `characters` in all. */
    pruneJournal: (notebookId: string, keep: { entries: number; characters: number }): void =>
      void q.pruneJournal.run({ notebookId, ...keep }),

    operation: (userId: string, opId: string) => q.operation.get({ userId, opId }),
    insertOperation: (row: OperationRow): void => {
      db.insert(operations).values(row).run()
    },
    /** Operations older than `before`, and what has been in a bin since before it. Returns how many rows went. */
    prune: (before: string): number =>
      [
        db.delete(operations).where(lt(operations.at, before)),
        db.delete(notebooks).where(and(isNotNull(notebooks.deletedAt), lt(notebooks.deletedAt, before))),
        db.delete(cells).where(and(isNotNull(cells.deletedAt), lt(cells.deletedAt, before))),
      ].reduce((rows, statement) => rows + statement.run().changes, 0),
  }
}

function prepare(db: Database) {
  const listed = (deleted: boolean) =>
    db
      .select({
        id: notebooks.id,
        title: notebooks.title,
        kind: notebooks.kind,
        updatedAt: notebooks.updatedAt,
        deletedAt: notebooks.deletedAt,
        // Written out: in a subquery Drizzle leaves the table names away.
        cellCount: sql<number>`(select count(*) from cells c where c.notebook_id = notebooks.id and c.deleted_at is null)`,
      })
      .from(notebooks)
      .where(and(eq(notebooks.ownerId, p('ownerId')), deleted ? isNotNull(notebooks.deletedAt) : isNull(notebooks.deletedAt)))
      .orderBy(desc(notebooks.updatedAt))
      .prepare()
  const cellsWhere = (deleted: boolean) =>
    and(eq(cells.notebookId, p('notebookId')), deleted ? isNotNull(cells.deletedAt) : isNull(cells.deletedAt))
  const cell = everyColumn(cells)
  return {
    notebook: db
      .select()
      .from(notebooks)
      .where(eq(notebooks.id, p('id')))
      .prepare(),
    provisioned: db
      .select({ id: notebooks.id })
      .from(notebooks)
      .where(and(eq(notebooks.ownerId, p('ownerId')), eq(notebooks.kind, p('kind'))))
      .prepare(),
    countOf: db
      .select({ count: count() })
      .from(notebooks)
      .where(eq(notebooks.ownerId, p('ownerId')))
      .prepare(),
    list: listed(false),
    bin: listed(true),
    liveCells: db.select().from(cells).where(cellsWhere(false)).orderBy(asc(cells.orderKey)).prepare(),
    deletedCells: db.select().from(cells).where(cellsWhere(true)).orderBy(desc(cells.deletedAt)).prepare(),
    cell: db
      .select()
      .from(cells)
      .where(and(eq(cells.notebookId, p('notebookId')), eq(cells.id, p('id'))))
      .prepare(),
    journalAfter: db
      .select()
      .from(journal)
      .where(and(eq(journal.notebookId, p('notebookId')), gt(journal.rev, p('rev'))))
      .orderBy(asc(journal.rev))
      .prepare(),
    setRev: db
      .update(notebooks)
      .set({ rev: sql`${p('rev')}`, updatedAt: sql`${p('updatedAt')}` })
      .where(eq(notebooks.id, p('id')))
      .prepare(),
    journalExtent: db
      .select({
        first: sql<number | null>`min(${journal.rev})`,
        characters: sql<number>`coalesce(sum(length(${journal.changes})), 0)`,
      })
      .from(journal)
      .where(and(eq(journal.notebookId, p('notebookId')), gt(journal.rev, p('rev'))))
      .prepare(),
    // Prepared, although they are written often only in large edits: building them costs ten times as much as running them.
    upsertCell: db.insert(cells).values(cell.values).onConflictDoUpdate({ target: cells.id, set: cell.set }).prepare(),
    markCellDeleted: db
      .update(cells)
      .set({ deletedAt: sql`${p('deletedAt')}`, deletedAfter: sql`${p('deletedAfter')}` })
      .where(eq(cells.id, p('id')))
      .prepare(),
    pruneBin: db.delete(cells).where(inArray(cells.id, outOfTheBin)).prepare(),
    setRunState: db
      .update(cells)
      .set({
        status: given(cells.status),
        stale: given(cells.stale),
        result: given(cells.result),
        runId: given(cells.runId),
        startedAt: given(cells.startedAt),
        cause: given(cells.cause),
        exports: given(cells.exports),
      })
      .where(eq(cells.id, p('id')))
      .prepare(),
    // One statement for all: a request to run may queue thousands.
    queueCells: db
      .update(cells)
      .set({
        status: 'queued',
        stale: false,
        startedAt: null,
        exports: [],
        runId: sql`queued.value ->> 1`,
        cause: sql`queued.value ->> 2`,
      })
      .from(sql`json_each(${p('queued')}) as queued`)
      .where(sql`${cells.id} = queued.value ->> 0`)
      .prepare(),
    appendJournal: db
      .insert(journal)
      .values({
        ...{ notebookId: p('notebookId'), rev: p('rev'), at: p('at'), actor: p('actor') },
        // As it is: the column would serialise the text once more.
        changes: sql`${p('changes')}`,
      })
      .prepare(),
    pruneJournal: db
      .delete(journal)
      .where(and(eq(journal.notebookId, p('notebookId')), lte(journal.rev, lastToGo)))
      .prepare(),
    operation: db
      .select()
      .from(operations)
      .where(and(eq(operations.userId, p('userId')), eq(operations.opId, p('opId'))))
      .prepare(),
  }
}

/** The newest revision that is not kept: too many entries, or too much text, come after it. */
const lastToGo = sql`(
  select coalesce(max(rev), -1) from (
    select rev, row_number() over (order by rev desc) as place, sum(length(changes)) over (order by rev desc) as size
    from journal where notebook_id = ${p('notebookId')}
  ) where place > ${p('entries')} or size > ${p('characters')}
)`

/** Deleted cells that are not kept: too many, or too much text, went after them. The length of a text is known without reading it. */
const outOfTheBin = sql`(
  select id from (
    select id, row_number() over latest as place, sum(octet_length(source)) over latest as size
    from cells where notebook_id = ${p('notebookId')} and deleted_at is not null
    window latest as (order by deleted_at desc, rowid desc)
  ) where place > ${p('cells')} or size > ${p('bytes')}
)`
