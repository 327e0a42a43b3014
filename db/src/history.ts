import { and, asc, desc, eq, gt, inArray, lt, lte, sql } from 'drizzle-orm'
import type { Database } from './client.ts'
import { history } from './schema.ts'

export type HistoryRow = typeof history.$inferSelect
export type NewHistoryRow = Omit<typeof history.$inferInsert, 'id'>

/** Named queries about what people did to a notebook. The newest come first. */
export type HistoryTables = ReturnType<typeof historyTables>

export function historyTables(db: Database) {
  const q = prepare(db)
  return {
    /** Typing that began at `since` or later and that nothing else has followed, at most `limit` entries. */
    openBursts: (notebookId: string, since: string, limit: number): HistoryRow[] =>
      q.openBursts.all({ notebookId, since, limit }),
    /** Entries older than the one with this id. */
    before: (notebookId: string, id: number, limit: number): HistoryRow[] => q.before.all({ notebookId, id, limit }),
    entry: (notebookId: string, id: number): HistoryRow | undefined => q.entry.get({ notebookId, id }),
    /** Everything newer than the entry with this id, the oldest first. */
    after: (notebookId: string, id: number): HistoryRow[] => q.after.all({ notebookId, id }),

    insert: (row: NewHistoryRow): void => void db.insert(history).values(row).run(),
    update: (id: number, row: Pick<HistoryRow, 'rev' | 'at' | 'steps' | 'characters'>): void => {
      db.update(history).set(row).where(eq(history.id, id)).run()
    },
    remove: (ids: readonly number[]): void => {
      db.delete(history)
        .where(inArray(history.id, [...ids]))
        .run()
    },
    /** Keeps the newest entries of a notebook: at most so many, and of the older ones no more than `characters` in all. */
    pruneOne: (notebookId: string, keep: { entries: number; characters: number }): void =>
      void q.pruneOne.run({ notebookId, ...keep }),
    /** Of every notebook, all up to its last entry from before `before`: what is kept has no gap. Returns how many rows went. */
    pruneOld: (before: string): number => q.pruneOld.run({ before }).changes,
  }
}

function prepare(db: Database) {
  const own = eq(history.notebookId, p('notebookId'))
  return {
    openBursts: db
      .select()
      .from(history)
      .where(and(own, gt(history.id, lastClosed)))
      .orderBy(desc(history.id))
      .limit(p('limit'))
      .prepare(),
    before: db
      .select()
      .from(history)
      .where(and(own, lt(history.id, p('id'))))
      .orderBy(desc(history.id))
      .limit(p('limit'))
      .prepare(),
    entry: db
      .select()
      .from(history)
      .where(and(own, eq(history.id, p('id'))))
      .prepare(),
    after: db
      .select()
      .from(history)
      .where(and(own, gt(history.id, p('id'))))
      .orderBy(asc(history.id))
      .prepare(),
    pruneOne: db
      .delete(history)
      .where(and(own, lte(history.id, lastToGo)))
      .prepare(),
    pruneOld: db.delete(history).where(inArray(history.id, tooOld)).prepare(),
  }
}

const p = sql.placeholder

const lastClosed = sql`coalesce((
  select id from history where notebook_id = ${p('notebookId')} and (started_at < ${p('since')} or not burst)
  order by id desc limit 1
), 0)`

/** The newest entry that is not kept: too many entries, or too much text, come after it. */
const lastToGo = sql`(
  select coalesce(max(id), -1) from (
    select id, row_number() over (order by id desc) as place, sum(characters) over (order by id desc) as size
    from history where notebook_id = ${p('notebookId')}
  ) where place > ${p('entries')} or size > ${p('characters')}
)`

const tooOld = sql`(
  select h.id from history h
  join (select notebook_id, max(id) as last from history where at < ${p('before')} group by notebook_id) gone
  on h.notebook_id = gone.notebook_id and h.id <= gone.last
)`
