import { lt } from 'drizzle-orm'
import { authSession, authVerification } from './authSchema.ts'
import type { Database } from './client.ts'

/** Forgets sign-ins that ended before `now`: nobody can use them any more. Returns how many rows went. */
export function pruneSignIns(db: Database, now: Date): number {
  return [authSession, authVerification].reduce(
    (rows, table) => rows + db.delete(table).where(lt(table.expiresAt, now)).run().changes,
    0,
  )
}
