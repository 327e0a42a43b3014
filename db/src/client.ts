import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { damageText, lookThrough } from './integrity.ts'
import { makeOwnFile, OWN } from './ownFile.ts'

export type Database = BetterSQLite3Database<Record<string, never>>

export interface OpenDatabase {
  db: Database
  sqlite: Sqlite.Database
  /** All of it was looked through for damage: it is new, or small enough. */
  checked: boolean
  /** Checkpoints and closes. */
  close(): void
}

/** Why a database could not be opened; the message names the file and says what to do. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError'
  readonly kind: 'no-folder' | 'read-only' | 'newer' | 'corrupt' | 'migration' | 'in-use'

  constructor(kind: DatabaseOpenError['kind'], message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
  }
}

export interface OpenOptions {
  /** Where the migrations are, when not beside the sources. */
  migrationsFolder?: string
  /** Told of every statement that is executed, with its values. */
  onStatement?: (sql: string) => void
}

export const SOURCE_MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))
const BUSY_MS = 5_000

/**
 * Opens the database file, made when absent, and brings it to this program's schema. An existing file is backed up beside
 * itself before it is migrated.
 * @throws DatabaseOpenError
 */
export function openDatabase(
  path: string,
  { migrationsFolder = SOURCE_MIGRATIONS, onStatement }: OpenOptions = {},
): OpenDatabase {
  const existed = path !== ':memory:' && existsSync(path)
  const sqlite = connect(path, onStatement)
  try {
    const { checked, damage } = existed ? lookThrough(sqlite, path) : { checked: true }
    if (damage !== undefined) throw new DatabaseOpenError('corrupt', damageText(path, damage))
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = NORMAL')
    sqlite.pragma(`busy_timeout = ${BUSY_MS}`)
    const db: Database = drizzle(sqlite)
    bringUpToDate(sqlite, db, { path, existed, migrationsFolder })
    sqlite.pragma('foreign_keys = ON')
    return { db, sqlite, checked, close: () => close(sqlite) }
  } catch (error) {
    sqlite.close()
    throw explained(error, path)
  }
}

function connect(path: string, onStatement: OpenOptions['onStatement']): Sqlite.Database {
  try {
    if (path !== ':memory:' && !existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true })
      makeOwnFile(path)
    }
    return new Sqlite(path, onStatement && { verbose: (sql) => onStatement(String(sql)) })
  } catch (error) {
    throw new DatabaseOpenError(
      'no-folder',
      `The database ${path} cannot be opened: its folder is missing and cannot be made, or it belongs to another user.`,
      error,
    )
  }
}

function close(sqlite: Sqlite.Database): void {
  if (!sqlite.open) return
  try {
    sqlite.pragma('optimize')
    sqlite.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    sqlite.close()
  }
}

interface Target {
  path: string
  existed: boolean
  migrationsFolder: string
}

function bringUpToDate(sqlite: Sqlite.Database, db: Database, { path, existed, migrationsFolder }: Target): void {
  const applied = appliedMigrations(sqlite)
  const known = knownMigrations(migrationsFolder)
  const last = applied.at(-1)
  if (isNewer(sqlite, migrationsFolder)) {
    throw new DatabaseOpenError(
      'newer',
      `The database ${path} was written by a newer version of Rivulet. Start that version, or choose another DATA_DIR.`,
    )
  }
  if (applied.length === known.length) return
  if (existed && applied.length > 0) backUp(sqlite, path, last ?? 0)
  // With foreign keys on, rebuilding a parent table deletes its children; inside the migration's transaction the pragma has no effect.
  sqlite.pragma('foreign_keys = OFF')
  migrate(db, { migrationsFolder })
  const broken = sqlite.pragma('foreign_key_check')
  if (Array.isArray(broken) && broken.length > 0) {
    throw new DatabaseOpenError(
      'migration',
      `Migrating ${path} left ${broken.length} rows without their parent. The backup beside it is untouched.`,
    )
  }
}

/** Its schema has what this program's migrations do not know. */
export function isNewer(sqlite: Sqlite.Database, migrationsFolder: string): boolean {
  return (appliedMigrations(sqlite).at(-1) ?? 0) > (knownMigrations(migrationsFolder).at(-1) ?? 0)
}

function appliedMigrations(sqlite: Sqlite.Database): number[] {
  const table = sqlite.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'").get()
  if (!table) return []
  return sqlite
    .prepare<[], { created_at: number }>('select created_at from __drizzle_migrations order by created_at')
    .all()
    .map((row) => Number(row.created_at))
}

function knownMigrations(folder: string): number[] {
  const journal: { entries: { when: number }[] } = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8'))
  return journal.entries.map((entry) => entry.when)
}

/** A copy of everything committed, named after the schema it has and the moment it was made. */
function backUp(sqlite: Sqlite.Database, path: string, version: number): void {
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  const copy = `${path}.backup-${version}-${new Date().toISOString().replace(/[:.]/g, '-')}`
  copyFileSync(path, copy)
  chmodSync(copy, OWN)
}

function explained(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_READONLY') || code === 'EACCES')
    return new DatabaseOpenError('read-only', `The database ${path} is read-only.`, error)
  if (code.startsWith('SQLITE_CANTOPEN'))
    return new DatabaseOpenError('no-folder', `The database ${path} cannot be opened.`, error)
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new DatabaseOpenError('corrupt', damageText(path, String(error instanceof Error && error.message)), error)
  }
  return error
}
