import { and, eq, inArray, notInArray, sql } from 'drizzle-orm'
import type { Database } from './client.ts'
import { connections, identities, notebooks, operations, users } from './schema.ts'

export type UserRow = typeof users.$inferSelect
export interface IdentityKey {
  iss: string
  sub: string
}

/** Named queries about users and who they are to issuers. Synchronous. */
export type UserTables = ReturnType<typeof userTables>

export function userTables(db: Database) {
  const find = db
    .select({ user: users })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(and(eq(identities.iss, sql.placeholder('iss')), eq(identities.sub, sql.placeholder('sub'))))
    .prepare()
  return {
    transaction: <T>(work: () => T): T => db.transaction(work, { behavior: 'immediate' }),
    find: (identity: IdentityKey): UserRow | undefined => find.get({ ...identity })?.user,
    insert: (user: UserRow): void => {
      db.insert(users).values(user).run()
    },
    /** Points the identity at the user, whoever it pointed at before. */
    assign: ({ iss, sub }: IdentityKey, userId: string, createdAt: string): void => {
      db.insert(identities)
        .values({ iss, sub, userId, createdAt })
        .onConflictDoUpdate({ target: [identities.iss, identities.sub], set: { userId } })
        .run()
    },
    update: (id: string, patch: Pick<UserRow, 'name' | 'kind'>): void => {
      db.update(users).set(patch).where(eq(users.id, id)).run()
    },
    /** Gives everything of one user to another: a demo or blank notebook the other has already comes along as an ordinary one. */
    merge: (from: string, to: string): void => {
      const taken = db.select({ kind: notebooks.kind }).from(notebooks).where(eq(notebooks.ownerId, to))
      const provisioned = inArray(notebooks.kind, ['demo', 'blank'])
      db.update(notebooks)
        .set({ kind: 'user' })
        .where(and(eq(notebooks.ownerId, from), provisioned, inArray(notebooks.kind, taken)))
        .run()
      db.update(notebooks).set({ ownerId: to }).where(eq(notebooks.ownerId, from)).run()
      moveConnections(db, from, to)
      const done = db.select({ opId: operations.opId }).from(operations).where(eq(operations.userId, to))
      db.update(operations)
        .set({ userId: to })
        .where(and(eq(operations.userId, from), notInArray(operations.opId, done)))
        .run()
      db.update(identities).set({ userId: to }).where(eq(identities.userId, from)).run()
      db.delete(users).where(eq(users.id, from)).run()
    },
  }
}

/** Names are unique to their owner: one that is taken gets a number. */
function moveConnections(db: Database, from: string, to: string): void {
  const namesOf = (ownerId: string) =>
    db.select({ id: connections.id, name: connections.name }).from(connections).where(eq(connections.ownerId, ownerId)).all()
  const taken = new Set(namesOf(to).map(({ name }) => name))
  for (const { id, name } of namesOf(from)) {
    let free = name
    for (let n = 2; taken.has(free); n += 1) free = `${name} (${n})`
    taken.add(free)
    db.update(connections).set({ ownerId: to, name: free }).where(eq(connections.id, id)).run()
  }
}
