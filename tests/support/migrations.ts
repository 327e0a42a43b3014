import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const MIGRATIONS = resolve(import.meta.dirname, '../../db/migrations')

/** A copy of the first `count` migrations in a folder of its own: what a version of then knew. */
export function migrationsUpTo(count: number, folder: string): string {
  const copy = mkdtempSync(join(folder, 'migrations-'))
  cpSync(MIGRATIONS, copy, { recursive: true })
  const path = join(copy, 'meta/_journal.json')
  const journal: { entries: unknown[] } = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }))
  return copy
}
