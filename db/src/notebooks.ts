import { and, asc, desc, eq, gt, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Database } from './client.ts'
import { cells, journal, notebooks, operations, outputs } from './schema.ts'

export type NotebookRow = typeof notebooks.$inferSelect
export type CellRow = typeof cells.$inferSelect
export type NewCellRow = typeof cells.$inferInsert
export type OutputRow = typeof outputs.$inferSelect
export type NewOutputRow = typeof outputs.$inferInsert
export type JournalRow = typeof journal.$inferSelect
export type OperationRow = typeof operations.$inferInsert
export type ListRow = Pick<NotebookRow, 'id' | 'title' | 'kind' | 'updatedAt' | 'deletedAt'> & { cellCount: number }

/** Named queries about notebooks and what belongs to them. Rows in, rows out; all synchronous, statements prepared once. */
export type NotebookTables = ReturnType<typeof notebookTables>

export function notebookTables(db: Database) {
  const q = prepare(db)
  return {
    /** Runs `work` in one immediate transaction; a throw rolls everything back. */
    transaction: <T>(work: () => T): T => db.transaction(work, { behavior: 'immediate' }),

    notebook: (id: string): NotebookRow | undefined => q.notebook.get({ id }),
    provisioned: (ownerId: string, kind: 'demo' | 'blank'): string | undefined => q.provisioned.get({ ownerId, kind })?.id,
    list: (ownerId: string, deleted: boolean): ListRow[] => (deleted ? q.bin : q.list).all({ ownerId }),
    liveCells: (notebookId: string): CellRow[] => q.liveCells.all({ notebookId }),
    cell: (notebookId: string, id: string): CellRow | undefined => q.cell.get({ notebookId, id }),
    deletedCells: (notebookId: string): CellRow[] => q.deletedCells.all({ notebookId }),
    outputsOf: (notebookId: string): OutputRow[] => q.outputsOf.all({ notebookId }),
    journalAfter: (notebookId: string, rev: number): JournalRow[] => q.journalAfter.all({ notebookId, rev }),

    /** False when the id, or the owner's demo or blank notebook, is already there. */
    insertNotebook: (row: typeof notebooks.$inferInsert): boolean =>
      db.insert(notebooks).values(row).onConflictDoNothing().run().changes > 0,
    updateNotebook: (id: string, patch: Partial<NotebookRow>): void => {
      db.update(notebooks).set(patch).where(eq(notebooks.id, id)).run()
    },
    /** The columns of every decision; anything else of a notebook changes rarely. */
    setRev: (id: string, rev: number, updatedAt: string): void => void q.setRev.run({ id, rev, updatedAt }),
    upsertCell: (row: NewCellRow): void => {
      db.insert(cells).values(row).onConflictDoUpdate({ target: cells.id, set: row }).run()
    },
    /** Of a cell with a row: what runs change, and nothing else. */
    setRunState: (row: Pick<CellRow, 'id' | 'status' | 'stale' | 'result' | 'runId' | 'startedAt' | 'cause' | 'exports'>): void =>
      void q.setRunState.run(row),
    markCellDeleted: (id: string, deletedAt: string, deletedAfter: string | null): void => {
      db.update(cells).set({ deletedAt, deletedAfter }).where(eq(cells.id, id)).run()
    },
    clearOutputs: (cellId: string): void => void q.clearOutputs.run({ cellId }),
    putOutput: (row: NewOutputRow): void => {
      db.insert(outputs)
        .values(row)
        .onConflictDoUpdate({ target: [outputs.cellId, outputs.id], set: row })
        .run()
    },
    appendJournal: (row: JournalRow): void => void q.appendJournal.run(row),
    pruneJournal: (notebookId: string, before: number): void => {
      db.delete(journal)
        .where(and(eq(journal.notebookId, notebookId), lt(journal.rev, before)))
        .run()
    },

    operation: (userId: string, opId: string) => q.operation.get({ userId, opId }),
    insertOperation: (row: OperationRow): void => {
      db.insert(operations).values(row).run()
    },
    pruneOperations: (before: string): void => {
      db.delete(operations).where(lt(operations.at, before)).run()
    },
  }
}

function prepare(db: Database) {
  const p = sql.placeholder
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
    list: listed(false),
    bin: listed(true),
    liveCells: db.select().from(cells).where(cellsWhere(false)).orderBy(asc(cells.orderKey)).prepare(),
    deletedCells: db.select().from(cells).where(cellsWhere(true)).orderBy(desc(cells.deletedAt)).prepare(),
    cell: db
      .select()
      .from(cells)
      .where(and(eq(cells.notebookId, p('notebookId')), eq(cells.id, p('id'))))
      .prepare(),
    outputsOf: db
      .select()
      .from(outputs)
      .where(eq(outputs.notebookId, p('notebookId')))
      .orderBy(asc(outputs.seq))
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
    setRunState: db
      .update(cells)
      .set({
        status: sql`${p('status')}`,
        stale: sql`${sql.param(p('stale'), cells.stale)}`,
        result: sql`${sql.param(p('result'), cells.result)}`,
        runId: sql`${p('runId')}`,
        startedAt: sql`${p('startedAt')}`,
        cause: sql`${sql.param(p('cause'), cells.cause)}`,
        exports: sql`${sql.param(p('exports'), cells.exports)}`,
      })
      .where(eq(cells.id, p('id')))
      .prepare(),
    clearOutputs: db
      .delete(outputs)
      .where(eq(outputs.cellId, p('cellId')))
      .prepare(),
    appendJournal: db
      .insert(journal)
      .values({ notebookId: p('notebookId'), rev: p('rev'), at: p('at'), actor: p('actor'), changes: p('changes') })
      .prepare(),
    operation: db
      .select()
      .from(operations)
      .where(and(eq(operations.userId, p('userId')), eq(operations.opId, p('opId'))))
      .prepare(),
  }
}
