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

const VALUES: [string, string, unknown][] = [
  ['true', 'BOOLEAN', true],
  ['null::bool', 'BOOLEAN', null],
  ['(-32768)::int2', 'SMALLINT', -32768],
  ['2147483647', 'INTEGER', 2147483647],
  ['9223372036854775807', 'BIGINT', '9223372036854775807'],
  ['4294967295::oid', 'UINTEGER', 4294967295],
  ['1.1::float4', 'FLOAT', 1.1],
  ['0.1::float8 + 0.2::float8', 'DOUBLE', 0.30000000000000004],
  [`'NaN'::float8`, 'DOUBLE', 'NaN'],
  [`'-infinity'::float8`, 'DOUBLE', '-Infinity'],
  ['1.50::numeric(4, 2)', 'DECIMAL(4,2)', '1.50'],
  [`'NaN'::numeric(4, 2)`, 'DOUBLE', 'NaN'],
  ['12345678901234567890.123456789', 'DECIMAL(38,9)', '12345678901234567890.123456789'],
  ['avg(x) from (values (1), (2), (2)) v(x)', 'DECIMAL(18,16)', '1.6666666666666667'],
  ['sum(x) from (values (9007199254740993), (0)) v(x)', 'DECIMAL(18,0)', '9007199254740993'],
  [`'Infinity'::numeric`, 'DOUBLE', 'Infinity'],
  ['1e40::numeric', 'VARCHAR', `1${'0'.repeat(40)}`],
  ['null::numeric', 'DECIMAL(18,0)', null],
  ['-0.5 + 0 * 1e-16', 'DECIMAL(18,16)', '-0.5000000000000000'],
  ['-12345678901234567890.00000000000000000012', 'VARCHAR', '-12345678901234567890.00000000000000000012'],
  ['-123456789012345678.00000000000000000012', 'DECIMAL(38,20)', '-123456789012345678.00000000000000000012'],
  ['-0.99999999999999999999999999999999999999', 'DECIMAL(38,38)', '-0.99999999999999999999999999999999999999'],
  ['1::numeric / 3', 'DECIMAL(38,20)', '0.33333333333333333333'],
  ['(-7.25)::numeric(30, 10)', 'DECIMAL(30,10)', '-7.2500000000'],
  ['99999999999999999999999999999999999999', 'DECIMAL(38,0)', '99999999999999999999999999999999999999'],
  ['-0.000000000000000001', 'DECIMAL(18,18)', '-0.000000000000000001'],
  [`'it''s "é" \\ 🦆'`, 'VARCHAR', `it's "é" \\ 🦆`],
  [`''`, 'VARCHAR', ''],
  [`'a'::char(3)`, 'VARCHAR', 'a  '],
  [`'\\xdeadbeef'::bytea`, 'BLOB', '\\xDE\\xAD\\xBE\\xEF'],
  [`date '2020-02-29'`, 'DATE', '2020-02-29'],
  [`date '0044-03-15 BC'`, 'DATE', '-000043-03-15'],
  [`time '13:14:15.123456'`, 'TIME', '13:14:15.123456'],
  [`timestamp '2020-02-29 12:00:00.000001'`, 'TIMESTAMP', '2020-02-29T12:00:00.000001Z'],
  [`timestamptz '2020-02-29 12:00:00+02'`, 'TIMESTAMP WITH TIME ZONE', '2020-02-29T10:00:00.000Z'],
  [`timestamptz '1800-01-01 00:00:00 America/New_York'`, 'TIMESTAMP WITH TIME ZONE', '1800-01-01T04:56:02.000Z'],
  [`interval '1 year 2 mons -3 days 04:05:06.7'`, 'INTERVAL', '1 year 2 months -3 days 04:05:06.7'],
  [`'{"a": 12345678901234567890}'::jsonb`, 'JSON', '{"a": 12345678901234567890}'],
  [`'[1, 2]'::json`, 'JSON', '[1, 2]'],
  [`'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid`, 'UUID', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['array[1, null, 3]', 'INTEGER[]', '[1, NULL, 3]'],
  [`array['a,b', 'c"d', 'NULL', null, '\\', '']`, 'VARCHAR[]', `['a,b', 'c"d', 'NULL', NULL, \\, '']`],
  [`array[[1, 2], [3, 4]]`, 'INTEGER[][]', '[[1, 2], [3, 4]]'],
  [`'[0:1]={5,6}'::int[]`, 'INTEGER[]', '[5, 6]'],
  [`array[1.5, 2.25]::numeric[]`, 'DECIMAL(18,2)[]', '[1.50, 2.25]'],
  [`array[timestamptz '2020-01-01 00:00+00']`, 'TIMESTAMP WITH TIME ZONE[]', `['2020-01-01 00:00:00+00']`],
  [`array['\\x00ff'::bytea]`, 'BLOB[]', expect.stringContaining('\\xFF')],
  [`int4range(1, 5)`, 'VARCHAR', '[1,5)'],
  [`inet '10.0.0.1/8'`, 'VARCHAR', '10.0.0.1/8'],
  [`'1 2'::tsvector`, 'VARCHAR', `'1' '2'`],
  [`point(1, 2)`, 'VARCHAR', '(1,2)'],
  [`row(1, 'a')`, 'VARCHAR', '(1,a)'],
  [`'happy'::mood`, 'VARCHAR', 'happy'],
  [`array['happy', 'sad']::mood[]`, 'VARCHAR', '{happy,sad}'],
  [`'5'::positive`, 'INTEGER', 5],
]

describe('values of PostgreSQL keep what they are', () => {
  beforeAll(async () => {
    db.rules = { readOnly: false, statementMs: 60_000 }
    await db.run(`create type mood as enum ('happy', 'sad'); create domain positive as int check (value > 0);`)
  })

  test.each(VALUES)('%s is %s', async (expression, type, shown) => {
    const { columns, rows } = await db.result(`select ${expression.includes(' from ') ? expression : `${expression} as x`}`)
    expect({ type: columns[0]?.type, value: rows[0]?.[0] }).toEqual({ type, value: shown })
  })

  test('arrays of several dimensions in one column stay JSON', async () => {
    const { columns, rows } = await db.result(`select * from (values (array[1]), (array[[1, 2]]), ('{}'), (null)) v(a)`)
    expect(columns[0]?.type).toBe('JSON')
    expect(rows).toEqual([['["1"]'], ['[["1","2"]]'], ['[]'], [null]])
  })

  test('a column whose numbers get wider later is as wide as the widest', async () => {
    const { columns, rows } = await db.result(
      'select n / 10.0^(n % 4) as x from generate_series(1, 5000) n order by n desc limit 2',
    )
    expect(columns[0]?.type).toMatch(/^DECIMAL\(\d+,\d+\)$/)
    expect(rows[0]?.map(Number)).toEqual([5000])
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
