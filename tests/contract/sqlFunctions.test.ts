import { afterAll, expect, test } from 'vitest'
import { FUNCTIONS } from '../../web/src/features/cell/sql/functions.ts'
import { TestDuckDb } from '../support/duckdb.ts'
import { usePostgres } from '../support/postgres.ts'

const postgres = usePostgres()
const duckdb = new TestDuckDb()
afterAll(() => duckdb[Symbol.asyncDispose]())

/** The grammar's own: they are called like functions, and are none in the lists of the engines. */
const GRAMMAR = new Set(['coalesce', 'extract', 'greatest', 'least', 'nullif', 'current_date', 'substring', 'trim', 'unnest'])

test('functions that the editor offers for DuckDB are there', async () => {
  const { handle } = await duckdb.result('select distinct function_name from duckdb_functions()')
  const there = new Set<unknown>()
  for (let offset = 0; ; offset += 1_000) {
    const { rows } = await duckdb.page(handle, { offset, limit: 1_000 })
    for (const [name] of rows) there.add(name)
    if (rows.length < 1_000) break
  }
  expect(FUNCTIONS.duckdb.filter((name) => !there.has(name) && !GRAMMAR.has(name))).toEqual([])
})

test('and those for PostgreSQL there', async () => {
  const there = new Set((await postgres.server.admin('select distinct proname from pg_proc')).map(({ proname }) => proname))
  expect(FUNCTIONS.postgresql.filter((name) => !there.has(name) && !GRAMMAR.has(name))).toEqual([])
})

test('none stands there twice', () => {
  for (const names of Object.values(FUNCTIONS)) expect(names.length).toBe(new Set(names).size)
})
