import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openDatabase } from '@rivulet/db/client'
import * as schema from '@rivulet/db/schema'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const MIGRATIONS = resolve(import.meta.dirname, '../../../db/migrations')

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-test-'))
  path = join(folder, 'rivulet.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Journal {
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[]
}

const journalOf = (migrations: string): Journal => JSON.parse(readFileSync(join(migrations, 'meta/_journal.json'), 'utf8'))

/** A copy of the migrations, changed: up to `count` of them, and `sql` as one more. */
function migrations({ count, sql }: { count?: number; sql?: string }): string {
  const copy = mkdtempSync(join(folder, 'migrations-'))
  cpSync(MIGRATIONS, copy, { recursive: true })
  const journal = journalOf(copy)
  journal.entries = journal.entries.slice(0, count)
  if (sql !== undefined) {
    const last = journal.entries.at(-1)
    journal.entries.push({
      idx: journal.entries.length,
      version: '6',
      when: (last?.when ?? 0) + 1,
      tag: 'one_more',
      breakpoints: true,
    })
    writeFileSync(join(copy, 'one_more.sql'), sql)
  }
  writeFileSync(join(copy, 'meta/_journal.json'), JSON.stringify(journal))
  return copy
}

/** One user with a notebook, a cell, an output and a decision, in the columns of the first version. */
function fill(sqlite: Sqlite.Database): void {
  sqlite.exec(`
    insert into users values ('u', 'Ada', 'member', '2026-01-01T00:00:00.000Z');
    insert into notebooks (id, owner_id, title, kind, epoch, rev, mode, cutoff, created_at, updated_at)
      values ('n', 'u', 'Mine', 'user', 'e', 3, 'auto', 0, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');
    insert into cells (id, notebook_id, order_key, language, source, version, disabled, hidden, defines, uses, status, stale, result, exports)
      values ('c', 'n', 'a0', 'typescript', '1', 1, 0, 0, '[]', '[]', 'idle', 0, '{"kind":"none"}', '[]');
    insert into outputs (cell_id, id, notebook_id, seq, kind) values ('c', 'o', 'n', 0, 'value');
    insert into journal values ('n', 3, '2026-01-01T00:00:00.000Z', '{}', '[]');
  `)
}

const counts = (sqlite: Sqlite.Database) =>
  ['users', 'notebooks', 'cells', 'outputs', 'journal'].map((table) =>
    sqlite.prepare(`select count(*) from ${table}`).pluck().get(),
  )

const REBUILD = `CREATE TABLE new_notebooks AS SELECT * FROM notebooks;--> statement-breakpoint
DROP TABLE notebooks;--> statement-breakpoint
CREATE TABLE notebooks (id text PRIMARY KEY NOT NULL, owner_id text NOT NULL REFERENCES users(id) ON DELETE CASCADE, title text);--> statement-breakpoint
INSERT INTO notebooks SELECT id, owner_id, title FROM new_notebooks;--> statement-breakpoint
DROP TABLE new_notebooks;`

describe('a database with somebody’s work in it', () => {
  test('of the first version is brought up to date, with a backup beside it', () => {
    const first = openDatabase(path, { migrationsFolder: migrations({ count: 1 }) })
    fill(first.sqlite)
    first.close()
    const { sqlite, close } = openDatabase(path)
    expect(counts(sqlite)).toEqual([1, 1, 1, 1, 1])
    expect(sqlite.prepare('select title, kernels from notebooks').get()).toEqual({ title: 'Mine', kernels: '[]' })
    expect(sqlite.pragma('foreign_keys', { simple: true })).toBe(1)
    // What was done before there was a history is not in it.
    expect(sqlite.prepare('select count(*) from history').pluck().get()).toBe(0)
    close()
    const backups = readdirSync(folder).filter((name) => name.startsWith('rivulet.db.backup-'))
    expect(backups).toHaveLength(1)
    const backup = new Sqlite(join(folder, backups[0] ?? ''), { readonly: true })
    expect(counts(backup)).toEqual([1, 1, 1, 1, 1])
    expect(backup.prepare("select count(*) from pragma_table_info('notebooks') where name = 'kernels'").pluck().get()).toBe(0)
    backup.close()
  })

  test('keeps every row when a migration builds a parent table anew', () => {
    const before = openDatabase(path)
    fill(before.sqlite)
    before.close()
    const { sqlite, close } = openDatabase(path, { migrationsFolder: migrations({ sql: REBUILD }) })
    expect(counts(sqlite)).toEqual([1, 1, 1, 1, 1])
    // And the keys are enforced again.
    expect(() => sqlite.exec("delete from cells; insert into journal values ('nobody', 1, '', '{}', '[]')")).toThrow(
      /FOREIGN KEY/,
    )
    close()
  })

  test('is refused when a migration leaves rows without their parent; the backup has them', () => {
    const before = openDatabase(path)
    fill(before.sqlite)
    before.close()
    expect(() => openDatabase(path, { migrationsFolder: migrations({ sql: 'DELETE FROM notebooks;' }) })).toThrow(
      expect.objectContaining({ kind: 'migration', message: expect.stringContaining('backup') }),
    )
    const backup = readdirSync(folder).find((name) => name.startsWith('rivulet.db.backup-')) ?? ''
    const sqlite = new Sqlite(join(folder, backup), { readonly: true })
    expect(counts(sqlite)).toEqual([1, 1, 1, 1, 1])
    sqlite.close()
  })

  test('that is up to date is neither migrated nor copied', () => {
    openDatabase(path).close()
    openDatabase(path).close()
    expect(readdirSync(folder)).toEqual(['rivulet.db'])
  })
})

test('the schema and the migrations are the same: `pnpm db:generate` has nothing to do', async () => {
  // Imported here: it takes a second, and the other tests need not wait for it.
  const { generateSQLiteDrizzleJson, generateSQLiteMigration } = await import('drizzle-kit/api')
  const last = journalOf(MIGRATIONS).entries.at(-1)
  const number = String(last?.idx).padStart(4, '0')
  const stored = JSON.parse(readFileSync(join(MIGRATIONS, `meta/${number}_snapshot.json`), 'utf8'))
  const current = await generateSQLiteDrizzleJson(schema, stored.id)
  expect(await generateSQLiteMigration(stored, current)).toEqual([])
  // A test that cannot see a difference proves nothing.
  const { journal: _, ...less } = schema
  expect(await generateSQLiteMigration(stored, await generateSQLiteDrizzleJson(less, stored.id))).not.toEqual([])
})
