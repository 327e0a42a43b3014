import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { Database } from './client.ts'
import { everyColumn, p } from './columns.ts'
import { cells, outputs } from './schema.ts'

export type OutputRow = typeof outputs.$inferSelect

/** Named queries about what cells show. */
export type OutputTables = ReturnType<typeof outputTables>

export function outputTables(db: Database) {
  const q = prepare(db)
  return {
    /** Of the cells that are on the page. */
    of: (notebookId: string): OutputRow[] => q.of.all({ notebookId }),
    put: (row: OutputRow): void => void q.put.run(row),
    clear: (cellId: string): void => void q.clear.run({ cellId }),
    /** What the cell shows stands from before now. */
    makeEarlier: (cellId: string): void => void q.makeEarlier.run({ cellId }),
    dropEarlier: (cellId: string): void => void q.dropEarlier.run({ cellId }),
  }
}

function prepare(db: Database) {
  const row = everyColumn(outputs)
  const ofCell = eq(outputs.cellId, p('cellId'))
  const onThePage = and(eq(cells.notebookId, p('notebookId')), isNull(cells.deletedAt))
  return {
    of: db
      .select()
      .from(outputs)
      .where(
        and(
          eq(outputs.notebookId, p('notebookId')),
          inArray(outputs.cellId, db.select({ id: cells.id }).from(cells).where(onThePage)),
        ),
      )
      .orderBy(asc(outputs.seq))
      .prepare(),
    put: db
      .insert(outputs)
      .values(row.values)
      .onConflictDoUpdate({ target: [outputs.cellId, outputs.id], set: row.set })
      .prepare(),
    clear: db.delete(outputs).where(ofCell).prepare(),
    makeEarlier: db.update(outputs).set({ earlier: true }).where(ofCell).prepare(),
    dropEarlier: db.delete(outputs).where(and(ofCell, outputs.earlier)).prepare(),
  }
}
