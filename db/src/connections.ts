import { and, asc, eq, sql } from 'drizzle-orm'
import type { Database } from './client.ts'
import { connections, operations } from './schema.ts'

export type ConnectionRow = typeof connections.$inferSelect

/** Named queries about connections to databases outside. Synchronous. */
export type ConnectionTables = ReturnType<typeof connectionTables>

export function connectionTables(db: Database) {
  const own = and(eq(connections.ownerId, sql.placeholder('ownerId')), eq(connections.id, sql.placeholder('id')))
  const find = db.select().from(connections).where(own).prepare()
  const list = db
    .select()
    .from(connections)
    .where(eq(connections.ownerId, sql.placeholder('ownerId')))
    .orderBy(asc(connections.name))
    .prepare()
  return {
    transaction: <T>(work: () => T): T => db.transaction(work, { behavior: 'immediate' }),
    /** By name. */
    list: (ownerId: string): ConnectionRow[] => list.all({ ownerId }),
    find: (ownerId: string, id: string): ConnectionRow | undefined => find.get({ ownerId, id }),
    insert: (row: ConnectionRow): void => void db.insert(connections).values(row).run(),
    update: (id: string, patch: Partial<Pick<ConnectionRow, 'name' | 'sealed' | 'readOnly'>> & { updatedAt: string }): void => {
      db.update(connections).set(patch).where(eq(connections.id, id)).run()
    },
    remove: (id: string): void => void db.delete(connections).where(eq(connections.id, id)).run(),
    insertOperation: (row: typeof operations.$inferInsert): void => void db.insert(operations).values(row).run(),
  }
}
