import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { holdFiles, packFiles } from './backupFiles.ts'
import { KEY_FILES } from './keyFiles.ts'
import { makeOwnFile } from './ownFile.ts'

/** The message is for the operator: what went wrong, and what was left as it was. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}

/** Where people's files are. */
export const FILES_FOLDER = 'files'
/** Table of a backup that holds those files; the server knows nothing of it. */
export const KEYS_TABLE = 'backup_keys'

export interface BackupOptions {
  dataDir: string
  target: string
  /** False: whoever has the file cannot open connections with it, and whoever restores it must have kept the keys. */
  keys: boolean
  /** False: people's files stay out of it, and whoever restores it must have kept the folder of files. */
  files?: boolean
}

/**
 * Copies everything that is committed now into one file, also while a server writes: one read transaction, which
 * waits for nobody and lets nobody wait. The file appears under its name only once it is complete and was checked.
 * @throws BackupError
 */
export function backUp({ dataDir, target, keys, files = true }: BackupOptions): void {
  const path = join(dataDir, 'rivulet.db')
  if (!existsSync(path)) throw new BackupError(`There is no database ${path}.`)
  if (existsSync(target)) throw new BackupError(`${target} is there already. Choose another name; nothing was written.`)
  const partial = `${target}.partial`
  mkdirSync(dirname(target), { recursive: true })
  rmSync(partial, { force: true })
  const held = files ? holdFiles(join(dataDir, FILES_FOLDER)) : undefined
  try {
    makeOwnFile(partial)
    copy(path, partial)
    finish(partial, keys ? readKeys(dataDir) : [], held?.folders)
    syncFile(partial)
    renameSync(partial, target)
  } catch (error) {
    for (const file of [partial, `${partial}-journal`]) rmSync(file, { force: true })
    const why = error instanceof Error ? error.message : String(error)
    throw error instanceof BackupError ? error : new BackupError(`The backup was not made: ${why}.`, { cause: error })
  } finally {
    held?.release()
  }
}

function copy(path: string, target: string): void {
  const source = new Sqlite(path, { fileMustExist: true })
  try {
    source.prepare('vacuum into ?').run(target)
  } finally {
    source.close()
  }
}

interface KeyFile {
  name: string
  content: string
}

/** Read after the copy was made: a key is written before anything that needs it. */
function readKeys(dataDir: string): KeyFile[] {
  return KEY_FILES.flatMap((name) => {
    const path = join(dataDir, name)
    return existsSync(path) ? [{ name, content: readFileSync(path, 'utf8') }] : []
  })
}

function finish(path: string, keys: readonly KeyFile[], files: readonly string[] | undefined): void {
  const copied = new Sqlite(path, { fileMustExist: true })
  try {
    copied.exec(`create table ${KEYS_TABLE} (name text primary key, content text not null)`)
    const insert = copied.prepare(`insert into ${KEYS_TABLE} values (?, ?)`)
    for (const { name, content } of keys) insert.run(name, content)
    if (files !== undefined) packFiles(copied, files)
    const damage = damageOf(copied)
    if (damage) {
      throw new BackupError(
        `The database is damaged (${damage}), so that no backup was made of it. See "a damaged database" in docs/operations.md.`,
      )
    }
  } finally {
    copied.close()
  }
}

/** What is wrong with a database's file, in SQLite's words; undefined when nothing is. */
export function damageOf(sqlite: Sqlite.Database): string | undefined {
  const found = sqlite.prepare<[], string>('pragma integrity_check(5)').pluck().all()
  if (found.join() !== 'ok') return found.join('; ')
  const orphans = sqlite.prepare<[], string>('select distinct "table" from pragma_foreign_key_check').pluck().all()
  return orphans.length > 0 ? `rows without their parent in ${orphans.join(', ')}` : undefined
}

/** On the disk, not in its cache: only then may it take a name that is relied on. */
export function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
