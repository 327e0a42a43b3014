// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { usePostgres } from '../support/postgres.ts'
import { TestEngine } from '../support/postgresEngine.ts'

const postgres = usePostgres()
let db: TestEngine
beforeAll(async () => {
  db = new TestEngine(postgres.server.url())
  await db.run('create table things (id int primary key, name text not null, price numeric(10, 2))')
  await db.run(`insert into things select n, 'thing ' || n, n * 1.25 from generate_series(1, 20000) n`)
})
afterAll(() => db?.close())
beforeEach(() => {
  db.rules = { readOnly: true, statementMs: 60_000 }
})

describe('results land in the embedded engine', () => {
  test('columns, types, first rows and the number of all', async () => {
    const result = await db.result('select id, name, price from things order by id')
    expect(result).toMatchObject({
      total: 20_000,
      columns: [{ type: 'INTEGER' }, { type: 'VARCHAR' }, { type: 'DECIMAL(10,2)' }],
    })
    expect(result.rows).toHaveLength(100)
    expect(result.rows[1]).toEqual([2, 'thing 2', '2.50'])
  })

  test('pages, sorted and filtered, without PostgreSQL', async () => {
    const { handle } = await db.result('select id, name from things')
    const page = await db.engine.page(handle, {
      offset: 1,
      limit: 2,
      sort: { column: 'id', descending: true },
      filter: 'thing 1999',
    })
    expect(page).toEqual({
      rows: [
        [19998, 'thing 19998'],
        [19997, 'thing 19997'],
      ],
      total: 11,
    })
  })

  test('all of it is read as Arrow', async () => {
    const { handle } = await db.result('select id, price from things order by id')
    const rows = await db.embedded.objects(handle)
    expect(rows).toHaveLength(20_000)
    expect(rows.at(-1)).toMatchObject({ id: 20_000 })
  })

  test('all of it is saved as a file', async () => {
    const { handle } = await db.result(`select n, n::numeric(9, 2) / 4 as q, 'x' || n as s from generate_series(1, 3000) n`)
    const file = await db.engine.save(handle, { format: 'csv', sort: { column: 'n', descending: true } })
    const bytes: Uint8Array[] = []
    for (let piece = await file?.next(); piece; piece = await file?.next()) bytes.push(piece)
    const lines = Buffer.concat(bytes).toString('utf8').split('\r\n')
    expect([lines.length, ...lines.slice(0, 2)]).toEqual([3_002, 'n,q,s', expect.stringMatching(/^3000,750(\.0+)?,x3000$/)])
  })

  test('of several statements the last that asks is shown, and all have effect', async () => {
    db.rules = { readOnly: false, statementMs: 60_000 }
    const answer = await db.run(`
      create temp table scratch (n int);
      select 'not this';
      insert into scratch values (1), (2), (3);
      update scratch set n = n + 1 where n > 1;
      select sum(n) as n from scratch;
    `)
    expect(answer).toMatchObject({ changed: 5, result: { rows: [[8]], total: 1 } })
  })

  test('without a query, rows of RETURNING are shown', async () => {
    db.rules = { readOnly: false, statementMs: 60_000 }
    const answer = await db.run(`update things set name = 'first' where id = 1 returning id, name`)
    expect(answer).toMatchObject({ changed: 1, result: { rows: [[1, 'first']] } })
  })

  test('no rows have columns all the same, and no columns are no result', async () => {
    expect(await db.result('select id, price, array[id] as a from things where false')).toMatchObject({
      ...{ total: 0, rows: [] },
      columns: [{ type: 'INTEGER' }, { type: 'DECIMAL(10,2)' }, { type: 'INTEGER[]' }],
    })
    expect(await db.run('select from things limit 3')).toEqual({})
  })

  test('columns of one name, of no name and of a strange one', async () => {
    const { columns, rows } = await db.result(`select 1 as a, 2 as a, 3 as "A", 4, 5 as "x""y; drop table things"`)
    expect(columns.map(({ name }) => name)).toEqual(['a', 'a', 'A', '?column?', 'x"y; drop table things'])
    expect(new Set(columns.map(({ key }) => key.toLowerCase())).size).toBe(5)
    expect(rows).toEqual([[1, 2, 3, 4, 5]])
  })

  test('a result much larger than a batch, in memory that does not grow with it', async () => {
    const { total, handle } = await db.result(`select n, repeat('x', 1000) as text from generate_series(1, 60000) n`)
    expect(total).toBe(60_000)
    const page = await db.engine.page(handle, { offset: 59_999, limit: 1 })
    expect(page?.rows[0]?.[0]).toBe(60_000)
  })

  test('explain is shown as its lines', async () => {
    const { columns, rows } = await db.result('explain select * from things')
    expect(columns[0]?.name).toBe('QUERY PLAN')
    expect(String(rows[0])).toContain('Seq Scan on things')
  })
})

describe('what only reads', () => {
  test.each([
    'insert into things values (-1)',
    'delete from things',
    'truncate things',
    'create table more (n int)',
    'with gone as (delete from things returning 1) select * from gone',
    'select nextval(pg_get_serial_sequence($$things$$, $$id$$)), lo_create(0)',
    `do $$ begin execute 'delete from things'; end $$`,
    `do $$ begin execute 'set transaction read write'; delete from things; end $$`,
    `do $$ begin commit; delete from things; end $$`,
    `select set_config('transaction_read_only', 'off', true)`,
    'call pg_sleep(1)',
  ])('is not talked into more: %s', async (source) => {
    const { error } = await db.refusal(source)
    expect(error.message).not.toBe('')
    expect(await db.rows('select count(*)::int from things where id > 0')).toEqual([[20_000]])
  })

  test('says who decides that', async () => {
    const { error } = await db.refusal('delete from things')
    expect(error).toMatchObject({ code: '25006', message: expect.stringContaining('This connection only reads.') })
  })

  test.each([
    'begin',
    'commit',
    'rollback',
    'set transaction read write',
    'reset all',
    'prepare p as select 1',
    'copy things to stdout',
    `copy things from program 'true'`,
  ])('what would end the transaction of a run, or cannot work in one, is refused before it runs: %s', async (source) => {
    const { error, place } = await db.refusal(`select 1;\n  ${source}`)
    expect(error.statement).toBe(1)
    expect(place).toEqual({ line: 2, column: 3 })
  })

  test('a superuser is refused, whom PostgreSQL does not stop; who may write is let in', async () => {
    const admin = new TestEngine(postgres.server.adminUrl, { readOnly: true })
    try {
      const { error } = await admin.refusal('select 1')
      expect(error.message).toContain('superuser')
      admin.rules = { readOnly: false, statementMs: 60_000 }
      expect(await admin.rows('select 1')).toEqual([[1]])
    } finally {
      await admin.close()
    }
  })

  test('one run does not meet what another told the session', async () => {
    const single = new TestEngine(postgres.server.url(), { max: 1 })
    try {
      await single.run(
        `create temp table mine (n int); select set_config('search_path', 'pg_catalog', false), set_config('default_transaction_read_only', 'on', false), pg_advisory_lock(7)`,
      )
      const { error } = await single.refusal('select * from mine')
      expect(error.code).toBe('42P01')
      expect(await single.rows('select count(*)::int from things')).toEqual([[20_000]])
      expect(await db.rows('select pg_try_advisory_lock(7)')).toEqual([[true]])
    } finally {
      await single.close()
    }
  })
})

describe('errors', () => {
  test('with the place in the cell, in characters', async () => {
    const { error, place } = await db.refusal(`select 1;\nselect '🦆é', nme from things`)
    expect(error).toMatchObject({ code: '42703', statement: 1 })
    expect(place).toEqual({ line: 2, column: 15 })
  })

  test('behind values the place is still that in the cell', async () => {
    const { place } = await db.refusal('select ${"a long text"}, ${1}, nme from things', { values: ['a long text', 1] })
    expect(place).toEqual({ line: 1, column: 32 })
  })

  test('what goes wrong in row after row says so', async () => {
    const { error } = await db.refusal('select 1 / (n - 15000) from generate_series(1, 20000) n')
    expect(error).toMatchObject({ code: '22012', message: 'Division by zero.' })
  })

  test('the last statement that fails takes all with it', async () => {
    db.rules = { readOnly: false, statementMs: 60_000 }
    await db.refusal('create table half (n int); insert into half values (1); select 1 / 0')
    const { error } = await db.refusal('select * from half')
    expect(error.code).toBe('42P01')
  })

  test('constraints that are looked at in the end', async () => {
    db.rules = { readOnly: false, statementMs: 60_000 }
    await db.run(
      'create table parents (id int primary key); create table children (parent int references parents deferrable initially deferred)',
    )
    const { error } = await db.refusal('insert into children values (1)')
    expect(error.code).toBe('23503')
    expect(await db.rows('select count(*)::int from children')).toEqual([[0]])
  })

  test('a table that has changed meanwhile is as it is now', async () => {
    db.rules = { readOnly: false, statementMs: 60_000 }
    await db.run('create table shifting (a int); insert into shifting values (1)')
    expect(await db.rows('select * from shifting')).toEqual([[1]])
    await db.run(`alter table shifting alter a type text; alter table shifting add b date default '2020-01-01'`)
    expect(await db.rows('select * from shifting')).toEqual([['1', '2020-01-01']])
  })

  test('a value of the notebook is no table there', async () => {
    const { request } = db.request('select 1')
    const table = { name: 'sales', from: 'result', handle: 'x' } as const
    await expect(db.engine.run({ ...request, tables: [table] })).rejects.toThrow('sales is a value of the notebook')
  })
})

test('tables, views and their columns, with a size', async () => {
  db.rules = { readOnly: false, statementMs: 60_000 }
  await db.run('create view cheap as select id, price from things where price < 10; analyze things')
  db.rules = { readOnly: true, statementMs: 60_000 }
  const schema = await db.engine.schema()
  expect(schema.find(({ name }) => name === 'things')).toEqual({
    ...{ schema: 'public', name: 'things', kind: 'table', rows: 20_000 },
    columns: [
      { name: 'id', type: 'integer', nullable: false },
      { name: 'name', type: 'text', nullable: false },
      { name: 'price', type: 'numeric(10,2)', nullable: true },
    ],
  })
  expect(schema.find(({ name }) => name === 'cheap')).toMatchObject({
    kind: 'view',
    columns: [{ name: 'id' }, { name: 'price' }],
  })
  expect(schema.some(({ schema: space }) => space.startsWith('pg_') || space === 'information_schema')).toBe(false)
})
