import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'

export type Database = BetterSQLite3Database<Record<string, never>>

export function openDatabase(path: string, { migrationsFolder = new URL('../migrations', import.meta.url).pathname } = {}) {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const sqlite = new Sqlite(path)
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = NORMAL')
  sqlite.pragma('foreign_keys = OFF')
  const db: Database = drizzle(sqlite)
  migrate(db, { migrationsFolder })
  sqlite.pragma('foreign_keys = ON')
  return { db, sqlite, close: () => sqlite.close() }
}
