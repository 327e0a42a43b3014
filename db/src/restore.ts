import { randomInt, randomUUID } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, linkSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { BackupError, damageOf, FILES_FOLDER, KEYS_TABLE, syncFile } from './backup.ts'
import { FILES_TABLE, setFilesAside, unpackFiles } from './backupFiles.ts'
import { isNewer, SOURCE_MIGRATIONS } from './client.ts'
import { KEY_FILES } from './keyFiles.ts'
import { lockFolder } from './lock.ts'
import { giveToOwnerOf } from './owner.ts'
import { OWN } from './ownFile.ts'

export interface Restored {
  /** The database that was there before, when there was one. */
  replaced: string | undefined
  /** Names of the key files that the backup held. */
  keys: string[]
}

/** A step that no notebook and no cell has taken by itself: versions and revisions of before mean nothing afterwards. */
const SHORTEST_LEAP = 1_000_000
const LONGEST_LEAP = 1_000_000_000

/**
 * Puts a backup in the place of the database, which stays beside it. Every notebook begins a new epoch: what clients
 * remember of the time since the backup must not be taken for what happens now.
 * @throws BackupError, or DatabaseOpenError while a server runs; then nothing was changed
 */
export function restore(dataDir: string, backup: string, migrationsFolder = SOURCE_MIGRATIONS): Restored {
  const lock = lockFolder(dataDir)
  const incoming = join(dataDir, 'rivulet.db.restoring')
  try {
    check(backup, migrationsFolder)
    copyFileSync(backup, incoming)
    chmodSync(incoming, OWN)
    const files = join(dataDir, FILES_FOLDER)
    const keys = makeReady(incoming, files)
    syncFile(incoming)
    const suffix = `replaced-${new Date().toISOString().replace(/[:.]/g, '-')}`
    for (const { name, content } of keys) putKey(join(dataDir, name), content, suffix)
    separate(incoming, files, `${files}.${suffix}`)
    giveToOwnerOf(dataDir, [incoming, ...keys.map(({ name }) => join(dataDir, name)), ...withContents(files)])
    return { replaced: exchange(join(dataDir, 'rivulet.db'), incoming, suffix), keys: keys.map(({ name }) => name) }
  } finally {
    for (const file of [incoming, `${incoming}-journal`]) rmSync(file, { force: true })
    lock.release()
  }
}

/** Before anything is touched: it is a whole database of ours that this program can read. */
function check(backup: string, migrationsFolder: string): void {
  if (!existsSync(backup)) throw new BackupError(`There is no file ${backup}. Nothing was changed.`)
  const sqlite = new Sqlite(backup, { readonly: true })
  try {
    const problem = problemOf(sqlite, migrationsFolder)
    if (problem) throw new BackupError(`${backup} ${problem}. Nothing was changed.`)
  } finally {
    sqlite.close()
  }
}

function problemOf(sqlite: Sqlite.Database, migrationsFolder: string): string | undefined {
  try {
    if (!hasTable(sqlite, 'notebooks')) return 'is not a database of Rivulet'
    if (isNewer(sqlite, migrationsFolder)) return 'was written by a newer version of Rivulet: restore it with that version'
    const damage = damageOf(sqlite)
    return damage && `is damaged: ${damage}`
  } catch (error) {
    return `is not a database, or is damaged (${error instanceof Error ? error.message : String(error)})`
  }
}

const hasTable = (sqlite: Sqlite.Database, name: string): boolean =>
  sqlite.prepare("select 1 from sqlite_master where type = 'table' and name = ?").get(name) !== undefined

/** The copy, as the server is to find it. Returns the key files that were in it. */
function makeReady(path: string, files: string): { name: string; content: string }[] {
  const sqlite = new Sqlite(path, { fileMustExist: true })
  try {
    sqlite.function('new_epoch', () => randomUUID())
    // What is dropped here is overwritten: the keys must not stay in the file.
    sqlite.pragma('secure_delete = ON')
    // Copies that the migration makes are restored, too: they hold no keys.
    const keys = hasTable(sqlite, KEYS_TABLE)
      ? sqlite.prepare<[], { name: string; content: string }>(`select name, content from ${KEYS_TABLE}`).all()
      : []
    if (hasTable(sqlite, FILES_TABLE)) unpackFiles(sqlite, files)
    const leap = randomInt(SHORTEST_LEAP, LONGEST_LEAP)
    sqlite.transaction(() => {
      sqlite.exec(`drop table if exists ${KEYS_TABLE}; drop table if exists ${FILES_TABLE}`)
      sqlite.prepare('update notebooks set epoch = new_epoch(), rev = rev + ?').run(leap)
      sqlite.prepare('update cells set version = version + ?').run(leap)
      // Positions and versions of the old epoch are of no use to anybody.
      sqlite.exec('delete from journal')
    })()
    sqlite.exec('vacuum')
    return keys.filter(({ name }) => KEY_FILES.some((known) => known === name))
  } finally {
    sqlite.close()
  }
}

/** Files that only the database before names. */
function separate(path: string, files: string, aside: string): void {
  const sqlite = new Sqlite(path, { readonly: true })
  try {
    setFilesAside(sqlite, files, aside)
  } finally {
    sqlite.close()
  }
}

/** A folder, when it is there, and what lies in it. */
function withContents(folder: string): string[] {
  return existsSync(folder) ? [folder, ...readdirSync(folder).map((name) => join(folder, name))] : []
}

/** A key that is another one stays beside it: what was encrypted with it is in the database that is replaced. */
function putKey(path: string, content: string, suffix: string): void {
  if (existsSync(path)) renameSync(path, `${path}.${suffix}`)
  writeFileSync(path, content, { mode: OWN })
}

/** At no moment is there no database: the new one takes the name of the old one, which has a second name by then. */
function exchange(path: string, incoming: string, suffix: string): string | undefined {
  const kept = `${path}.${suffix}`
  const had = existsSync(path)
  if (had) fold(path)
  // A log that could not be folded in belongs to the old file: the new one must not find it.
  for (const log of ['-wal', '-shm']) if (existsSync(path + log)) renameSync(path + log, kept + log)
  if (had) linkSync(path, kept)
  renameSync(incoming, path)
  return had ? kept : undefined
}

/** What is only in the write-ahead log goes into the file, as far as that can be read. */
function fold(path: string): void {
  try {
    const sqlite = new Sqlite(path)
    try {
      sqlite.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      sqlite.close()
    }
  } catch (error) {
    // It is damaged, which may be why it is replaced: its log is kept beside it.
    if (!(error instanceof Sqlite.SqliteError)) throw error
  }
}
