import { openDatabase } from '@rivulet/db/client'
import { notebookTables } from '@rivulet/db/notebooks'
import { userTables } from '@rivulet/db/users'
import { afterEach, beforeEach, expect, test } from 'vitest'

const AT = '2026-01-01T00:00:00.000Z'
const LATER = '2026-03-01T00:00:00.000Z'
const BEFORE = '2026-02-01T00:00:00.000Z'
const SYSTEM = { userId: 'system', name: 'System', via: 'system' as const }

let database: ReturnType<typeof openDatabase>
let tables: ReturnType<typeof notebookTables>
beforeEach(() => {
  database = openDatabase(':memory:')
  tables = notebookTables(database.db)
  for (const id of ['u', 'v']) userTables(database.db).insert({ id, name: id, kind: 'guest', createdAt: AT })
})
afterEach(() => database.close())

const notebook = (id: string, more: { ownerId?: string; kind?: 'demo' | 'user'; deletedAt?: string } = {}) =>
  tables.insertNotebook({
    ...{
      id,
      ownerId: 'u',
      title: id,
      kind: 'user',
      epoch: 'e',
      rev: 0,
      mode: 'auto',
      cutoff: false,
      createdAt: AT,
      updatedAt: AT,
    },
    ...more,
  })

const cell = (id: string, more: Partial<Parameters<typeof tables.upsertCell>[0]> = {}) =>
  tables.upsertCell({
    ...{ id, notebookId: 'n', orderKey: 'a0', language: 'typescript', source: id, version: 1, disabled: false, hidden: false },
    ...{ resultName: null, connectionId: null, defines: [], uses: [], status: 'idle', stale: false, result: { kind: 'none' } },
    ...{ runId: null, startedAt: null, cause: null, exports: [], deletedAt: null, deletedAfter: null },
    ...more,
  })

test('an owner has one demo, however often it is inserted', () => {
  expect(notebook('first', { kind: 'demo' })).toBe(true)
  expect(notebook('second', { kind: 'demo' })).toBe(false)
  expect(notebook('other', { kind: 'demo', ownerId: 'v' })).toBe(true)
  expect(tables.provisioned('u', 'demo')).toBe('first')
})

test('a cell is written whole and comes back whole, nulls included', () => {
  notebook('n')
  cell('c', { source: 'a\0b', defines: ['x'], cause: { kind: 'requested' } })
  cell('c', { source: 'b', disabled: true })
  const [row] = tables.liveCells('n')
  expect(row).toMatchObject({ source: 'b', disabled: true, defines: [], cause: null, resultName: null })
  expect(database.sqlite.prepare('select cause from cells').pluck().get()).toBeNull()
})

test('outputs of deleted cells are not read with the notebook', () => {
  notebook('n')
  for (const id of ['kept', 'gone']) {
    cell(id)
    const content = { kind: 'stream' as const, name: 'stdout' as const, text: id, data: null, truncatedBytes: null }
    tables.outputs.put({ id: 'o', cellId: id, notebookId: 'n', runId: null, seq: 0, earlier: false, ...content })
  }
  tables.markCellDeleted('gone', AT, 'kept')
  expect(tables.outputs.of('n').map((output) => output.text)).toEqual(['kept'])
})

test('the journal keeps the newest entries, by number and by size', () => {
  notebook('n')
  const append = (rev: number, characters = 10) =>
    tables.appendJournal({ notebookId: 'n', rev, at: AT, actor: SYSTEM, changes: JSON.stringify(['x'.repeat(characters - 4)]) })
  const kept = () => tables.journalAfter('n', -1).map((row) => row.rev)
  for (let rev = 1; rev <= 10; rev += 1) append(rev)
  tables.pruneJournal('n', { entries: 20, characters: 1_000 })
  expect(kept()).toHaveLength(10)
  expect(tables.journalExtent('n', 4)).toEqual({ first: 5, characters: 60 })
  tables.pruneJournal('n', { entries: 6, characters: 1_000 })
  expect(kept()).toEqual([5, 6, 7, 8, 9, 10])
  tables.pruneJournal('n', { entries: 6, characters: 30 })
  expect(kept()).toEqual([8, 9, 10])
  append(11, 100)
  tables.pruneJournal('n', { entries: 6, characters: 30 })
  expect(kept()).toEqual([])
  expect(tables.journalExtent('n', 0)).toEqual({ first: null, characters: 0 })
})

test('what is old goes: answers, notebooks and cells in the bin, with everything that belongs to them; nothing else', () => {
  notebook('n')
  notebook('old', { deletedAt: AT })
  notebook('fresh', { deletedAt: LATER })
  cell('live')
  cell('binned', { deletedAt: AT })
  cell('lately binned', { deletedAt: LATER })
  cell('of old', { notebookId: 'old' })
  for (const [opId, at] of [
    ['1', AT],
    ['2', LATER],
  ] as const)
    tables.insertOperation({ userId: 'u', opId, procedure: 'p', notebookId: 'n', result: {}, at })
  expect(tables.prune(BEFORE)).toBe(3)
  expect(tables.prune(BEFORE)).toBe(0)
  expect(database.sqlite.prepare('select id from notebooks order by id').pluck().all()).toEqual(['fresh', 'n'])
  expect(database.sqlite.prepare('select id from cells order by id').pluck().all()).toEqual(['lately binned', 'live'])
  expect([tables.operation('u', '1'), tables.operation('u', '2')?.opId]).toEqual([undefined, '2'])
})

test('[C9] a notebook’s bin keeps what was deleted last: so many cells, so many bytes of source', () => {
  notebook('n')
  notebook('other')
  for (const [day, id] of ['a', 'b', 'c', 'd'].entries())
    cell(id, { source: 'é'.repeat(5), deletedAt: `2026-03-0${day + 1}T00:00:00.000Z` })
  cell('live', { source: 'x'.repeat(100) })
  cell('elsewhere', { notebookId: 'other', source: 'x'.repeat(100), deletedAt: AT })
  const binned = () => tables.deletedCells('n').map(({ id }) => id)
  tables.pruneBin('n', { cells: 3, bytes: 1_000 })
  expect(binned()).toEqual(['d', 'c', 'b'])
  tables.pruneBin('n', { cells: 3, bytes: 29 })
  expect(binned()).toEqual(['d', 'c'])
  expect([tables.liveCells('n').length, tables.deletedCells('other').length]).toEqual([1, 1])
})
