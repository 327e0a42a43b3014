import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type Sqlite from 'better-sqlite3'

/** Table of a backup that holds the bytes of people's files, in pieces; the server knows nothing of it. */
export const FILES_TABLE = 'backup_files'

const PIECE = 4 * 2 ** 20
/** What the server calls them; what it brings along by itself has another form. */
const CONTENT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Second names for all files that there are now, so that one which is removed while the database is copied is there still. What comes
 * meanwhile is found under its first name.
 */
export function holdFiles(folder: string): { folders: readonly string[]; release(): void } {
  if (!existsSync(folder)) return { folders: [], release: () => undefined }
  const held = mkdtempSync(`${folder}.backup-`)
  for (const name of readdirSync(folder).filter((each) => CONTENT.test(each))) {
    try {
      linkSync(join(folder, name), join(held, name))
    } catch {
      // Removed just now, or a disk without links: then it is taken from where it is, as long as it is there.
    }
  }
  return { folders: [held, folder], release: () => rmSync(held, { recursive: true, force: true }) }
}

/** Into a backup goes every file that its notebooks name. */
export function packFiles(copy: Sqlite.Database, folders: readonly string[]): void {
  copy.exec(`create table ${FILES_TABLE} (content text, piece integer, bytes blob not null, primary key (content, piece))`)
  const insert = copy.prepare(`insert into ${FILES_TABLE} values (?, ?, ?)`)
  const buffer = Buffer.alloc(PIECE)
  for (const content of contentsIn(copy)) {
    const path = folders.map((folder) => join(folder, content)).find(existsSync)
    if (path === undefined) continue
    const file = openSync(path, 'r')
    try {
      for (let piece = 0; ; piece += 1) {
        const length = readSync(file, buffer, 0, PIECE, null)
        if (length === 0) break
        insert.run(content, piece, buffer.subarray(0, length))
      }
    } finally {
      closeSync(file)
    }
  }
}

/** Out of a backup into the folder. A file never changes: one that is there is the one. Returns how many were written. */
export function unpackFiles(backup: Sqlite.Database, folder: string): number {
  const read = backup
    .prepare<[string, number], Buffer>(`select bytes from ${FILES_TABLE} where content = ? and piece = ?`)
    .pluck()
  const contents = backup.prepare<[], string>(`select distinct content from ${FILES_TABLE}`).pluck().all()
  const missing = contents.filter((content) => CONTENT.test(content) && !existsSync(join(folder, content)))
  if (missing.length > 0) mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const content of missing) {
    // As an upload that has not come in whole: swept when this is cut short.
    const partial = join(folder, `${content}.part`)
    const file = openSync(partial, 'w', 0o600)
    try {
      for (let piece = 0; ; piece += 1) {
        const bytes = read.get(content, piece)
        if (!bytes) break
        writeSync(file, bytes)
      }
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(partial, join(folder, content))
  }
  return missing.length
}

/** Files that the next database does not name would be swept by the server: they stay beside it, as the database before does. */
export function setFilesAside(next: Sqlite.Database, folder: string, aside: string): void {
  if (!existsSync(folder)) return
  const named = new Set(contentsIn(next))
  const others = readdirSync(folder).filter((name) => CONTENT.test(name) && !named.has(name))
  if (others.length > 0) mkdirSync(aside, { recursive: true, mode: 0o700 })
  for (const name of others) renameSync(join(folder, name), join(aside, name))
}

/** A database of before there were files has none. */
function contentsIn(sqlite: Sqlite.Database): string[] {
  const isThere = sqlite.prepare("select 1 from sqlite_master where type = 'table' and name = 'files'").get()
  if (!isThere) return []
  return sqlite
    .prepare<[], string>('select distinct content from files')
    .pluck()
    .all()
    .filter((content) => CONTENT.test(content))
}
