import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@rivulet/db/client'
import { median, type Row, samplesOf } from '../support/figures.ts'

const ROUNDS = 500

/** What one durable decision costs the disk: SQLite alone, as the product sets it and as the strictest setting would have it. */
export async function commits(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-bench-'))
  const { sqlite, close } = openDatabase(join(folder, 'rivulet.db'))
  try {
    sqlite.exec('create table probe (at integer primary key, text text)')
    const insert = sqlite.prepare('insert into probe (text) values (?)')
    const one = sqlite.transaction(() => insert.run('x'.repeat(500)))
    const hundred = sqlite.transaction(() => {
      for (let n = 0; n < 100; n++) insert.run('x'.repeat(500))
    })
    const normal = median(await samplesOf(ROUNDS, () => one()))
    const many = median(await samplesOf(ROUNDS, () => hundred()))
    sqlite.pragma('synchronous = FULL')
    const full = median(await samplesOf(ROUNDS, () => one()))
    const floor = { what: 'synchronous = NORMAL, as the server has it', value: normal }
    return [
      { what: 'a commit of one row of 500 bytes', value: normal, unit: 'ms' },
      { what: '… of a hundred rows', value: many, unit: 'ms', floor },
      { what: '… of one row with synchronous = FULL', value: full, unit: 'ms', floor },
    ]
  } finally {
    close()
    rmSync(folder, { recursive: true, force: true })
  }
}
