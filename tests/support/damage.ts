import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import Sqlite from 'better-sqlite3'

export const PAGE = 4_096
export const NOISE = Buffer.alloc(PAGE, 0xa7)

export const pagesOf = (file: string): number => Math.floor(statSync(file).size / PAGE)

export function overwrite(file: string, at: number, bytes: Buffer): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, bytes, 0, bytes.length, at)
  closeSync(handle)
}

/** Makes a database larger than what is looked through before anything is served; returns where its new table begins. */
export function makeLarge(path: string): number {
  const sqlite = new Sqlite(path)
  sqlite.exec(`create table ballast (n integer primary key, bytes blob);
    with recursive seq(n) as (select 1 union all select n + 1 from seq where n < 12000) insert into ballast select n, randomblob(3000) from seq`)
  const root = sqlite.prepare<[], number>("select rootpage from sqlite_master where name = 'ballast'").pluck().get() ?? 0
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  sqlite.close()
  return (root - 1) * PAGE
}
