import { afterAll, describe, expect, test } from 'vitest'
import { batches, TestDuckDb } from '../support/duckdb.ts'

const duckdb = new TestDuckDb()
afterAll(() => duckdb[Symbol.asyncDispose]())

/** One engine for all: what one test leaves, others do not meet. */
let cells = 0
const cell = () => {
  cells += 1
  return { cell: `cell ${cells}` }
}

describe('statements', () => {
  test('the last one that gives rows is the result; those that change rows are counted', async () => {
    const answer = await duckdb.run(
      'create table counted as select * from range(3) t(i); select 1; insert into counted values (10), (11); select count(*) as n from counted; delete from counted where i > 9',
      cell(),
    )
    expect(answer).toMatchObject({ changed: 4, result: { rows: [[5]], total: 1, columns: [{ name: 'n', type: 'BIGINT' }] } })
    expect(await duckdb.run('update counted set i = i + 1', cell())).toEqual({ changed: 3 })
    expect(await duckdb.run('create view seen as from counted', cell())).toEqual({})
  })

  test.each([
    ['from range(2)', [[0], [1]]],
    [
      "values (1, 'a'), (2, 'b')",
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    ['with x as (select 5 as five) select five from x -- with a comment', [[5]]],
    ['(select 1)', [[1]]],
    [
      'table shown',
      [
        ['x', 1],
        ['y', 2],
        ['y', 3],
      ],
    ],
    ['show tables -- and a comment', [['shown']]],
    [
      'describe shown',
      [
        ['k', 'VARCHAR', 'YES', null, null, null],
        ['v', 'INTEGER', 'YES', null, null, null],
      ],
    ],
    ['select count(*) from (summarize shown)', [[2]]],
    [
      'summarize shown /* twice */',
      [['k', 'VARCHAR', 'x', 'y', 2, null, null, null, null, null, 3, '0.00'], expect.arrayContaining(['v'])],
    ],
    ['pivot shown on k using sum(v)', [[1, 5]]],
    ['with p as (pivot shown on k using sum(v)) select y from p', [[5]]],
    [`pivot (select *, \${x} as z from shown) on k in ('x', 'y') using sum(v)`, [['hole', 1, 5]]],
    [
      'unpivot (select 1 as a, 2 as b) on a, b into name n value v',
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    [
      "pragma table_info('shown')",
      [
        [0, 'k', 'VARCHAR', false, null, false],
        [1, 'v', 'INTEGER', false, null, false],
      ],
    ],
    ["insert into shown values ('z', 9) returning v, v", [[9, 9]]],
    ["delete from shown where k = 'x' returning *", [['x', 1]]],
  ])('%s', async (source, rows) => {
    await using one = new TestDuckDb()
    await one.run("create table shown as from (values ('x', 1), ('y', 2), ('y', 3)) t(k, v)", { cell: 'maker' })
    expect(await one.rows(source, { values: ['hole'] })).toEqual(rows)
  })

  test('a plan is shown in full, and running it is explained as well', async () => {
    const [row] = await duckdb.rows('explain select i, count(*) from range(10) t(i) group by i order by i', cell())
    expect(String(row?.[1]).length).toBeGreaterThan(400)
    expect((await duckdb.rows('explain analyze select 1', cell()))[0]?.[1]).toContain('Total Time')
  })
})

describe('columns', () => {
  test('the same name twice is shown twice, and has a key of its own', async () => {
    const { columns, rows } = await duckdb.result('select 1 as id, 2 as ID, 3 as id_1, 4 as id', cell())
    expect(columns.map(({ name, key }) => [name, key])).toEqual([
      ['id', 'id'],
      ['ID', 'ID_1'],
      ['id_1', 'id_1_1'],
      ['id', 'id_2'],
    ])
    expect(rows).toEqual([[1, 2, 3, 4]])
  })

  test('with values, too', async () => {
    const { columns } = await duckdb.result(`select \${a} as x, '$1' as x, \${a} + 1 as x_2 -- $1`, { ...cell(), values: [5] })
    expect(columns.map(({ name, key }) => [name, key])).toEqual([
      ['x', 'x'],
      ['x', 'x_1'],
      ['x_2', 'x_2'],
    ])
  })

  test.each(['rowid', 'ROWID'])('one may be called %s', async (name) => {
    const { handle, columns } = await duckdb.result(`select 10 - i as ${name}, i as kept, i as place from range(3) t(i)`, cell())
    expect(columns[0]).toMatchObject({ name, key: name })
    expect(await duckdb.page(handle, { offset: 1, limit: 1 })).toEqual({ rows: [[9, 1, 1]], total: 3 })
    const sorted = { offset: 0, limit: 2, sort: { column: name, descending: false }, filter: '1' }
    expect(await duckdb.page(handle, sorted)).toEqual({
      rows: [
        [9, 1, 1],
        [10, 0, 0],
      ],
      total: 2,
    })
    expect((await duckdb.objects(handle))[2]).toEqual({ [name]: 8n, kept: 2n, place: 2n })
  })
})

describe('tables of cells', () => {
  test('[S4] a cell is one transaction: what fails leaves nothing, nor what the cell had made before', async () => {
    const own = cell()
    await duckdb.run('create table kept_one as select 1 as a', own)
    const error = await duckdb.refusal("create table kept_two as select 2 as b; select cast('x' as int); select 3", own)
    expect(error).toMatchObject({ statement: 1, code: 'Conversion' })
    expect((await duckdb.engine.schema()).map(({ name }) => name).filter((name) => name.startsWith('kept_'))).toEqual([])
  })

  test('running again begins anew, forgetting takes all away; what another cell has replaced is that cell’s', async () => {
    const [own, other] = [cell(), cell()]
    const source = 'create table again as select 1 as a; create view of_it as from again; create temp table mine as select 5'
    await duckdb.run(source, own)
    await duckdb.run(source, own)
    await duckdb.run('create or replace table again as select 2 as a, 3 as b', other)
    await duckdb.engine.forget(own.cell)
    expect(await duckdb.rows('from again', cell())).toEqual([[2, 3]])
    expect((await duckdb.refusal('from of_it', cell())).message).toContain('of_it')
    await duckdb.engine.forget(other.cell)
    expect((await duckdb.refusal('from again', cell())).message).toContain('again')
  })

  test('the schema has tables and views with their columns, and no results', async () => {
    await using one = new TestDuckDb()
    expect(await one.engine.schema()).toEqual([])
    await one.run(
      'create table people(id int primary key, name varchar); create view names as select name from people; from people',
    )
    expect(await one.engine.schema()).toEqual([
      { schema: 'main', name: 'names', kind: 'view', columns: [{ name: 'name', type: 'VARCHAR', nullable: true }] },
      {
        ...{ schema: 'main', name: 'people', kind: 'table', rows: 0 },
        columns: [
          { name: 'id', type: 'INTEGER', nullable: false },
          { name: 'name', type: 'VARCHAR', nullable: true },
        ],
      },
    ])
    expect(
      await one.rows('select count(*) from information_schema.tables where table_schema = current_schema()', cell()),
    ).toEqual([[2]])
  })

  test('tables that are made of a PIVOT are the cell’s, too', async () => {
    const own = cell()
    const source =
      "create table turned as pivot (values ('x', 1), ('y', 2)) t(k, v) on k using sum(v); insert into turned pivot (values ('x', 3), ('y', 4)) t(k, v) on k using sum(v); from turned"
    for (let n = 0; n < 2; n += 1)
      expect(await duckdb.run(source, own)).toMatchObject({
        changed: 1,
        result: {
          rows: [
            [1, 2],
            [3, 4],
          ],
        },
      })
    await duckdb.engine.forget(own.cell)
    expect((await duckdb.refusal('from turned', cell())).code).toBe('Catalog')
  })

  test('what is temporary is there for its cell alone', async () => {
    expect(
      await duckdb.rows(
        'create temp macro twice(x) as x * 2; create temp table t as select 21 as a; select twice(a) from t',
        cell(),
      ),
    ).toEqual([[42]])
    expect((await duckdb.refusal('select twice(1)', cell())).code).toBe('Catalog')
  })
})

describe('values that are read as tables', () => {
  test('results of other cells, and rows that come in batches; nobody else sees either', async () => {
    const first = await duckdb.result("select i, 'n' || i as name from range(5) t(i)", cell())
    const tables = [
      { name: 'sales', from: 'result' as const, handle: first.handle },
      batches('prices', { id: [0, 1, 2, 3, 4], price: [1.5, 2.5, null, 4.5, 5.5] }, 2),
    ]
    const rows = await duckdb.rows('select name, price from sales join prices on i = id order by id desc limit 2', {
      ...cell(),
      tables,
    })
    expect(rows).toEqual([
      ['n4', 5.5],
      ['n3', 4.5],
    ])
    expect((await duckdb.refusal('from sales', cell())).message).toMatch(/^Table with name sales does not exist!/)
    expect((await duckdb.refusal('from prices', cell())).message).toMatch(/^Table with name prices does not exist!/)
  })

  test('a name like a table of a cell goes first, and names are quoted', async () => {
    await duckdb.run('create table twice as select 1 as a', cell())
    const named = batches('twice', { 'a "quoted" column': [7], select: ['x'] })
    expect(await duckdb.rows('from twice', { ...cell(), tables: [named] })).toEqual([[7, 'x']])
    expect(await duckdb.rows('from memory.main.twice', { ...cell(), tables: [batches('twice', { a: [7] })] })).toEqual([[1]])
  })

  test('a result without rows has its columns all the same', async () => {
    const empty = await duckdb.result('select 1 as a, [2] as b where false', cell())
    expect(empty).toMatchObject({ rows: [], total: 0, columns: [{ name: 'a' }, { type: 'INTEGER[]' }] })
    expect(await duckdb.objects(empty.handle)).toEqual([])
    const tables = [{ name: 'nothing', from: 'result' as const, handle: empty.handle }, batches('none', { x: [] })]
    expect(
      await duckdb.rows('select count(*), count(a), (select count(x) from none) from nothing', { ...cell(), tables }),
    ).toEqual([[0, 0, 0]])
  })

  test('a result that is read stays until the reader is done, though its cell runs again', async () => {
    const own = cell()
    const { handle } = await duckdb.result('select i from range(300000) t(i)', own)
    const pieces = duckdb.pieces(handle)
    await pieces.next()
    await duckdb.run('select 1', own)
    let bytes = 0
    for await (const piece of pieces) bytes += piece.length
    expect(bytes).toBeGreaterThan(200_000 * 8)
    expect(await duckdb.engine.page(handle, { offset: 0, limit: 1 })).toBeUndefined()
    expect(await duckdb.engine.read(handle)).toBeUndefined()
  })

  test('a result that is not kept any more cannot be read as a table', async () => {
    const own = cell()
    const { handle } = await duckdb.result('select 1', own)
    await duckdb.engine.forget(own.cell)
    const tables = [{ name: 'gone', from: 'result' as const, handle }]
    await expect(duckdb.run('from gone', { ...cell(), tables })).rejects.toMatchObject({ name: 'EngineGone', message: /“gone”/ })
    expect(await duckdb.rows('select 1', cell())).toEqual([[1]])
  })

  test('rows that cannot be fetched end the run, and leave nothing', async () => {
    const next = () => Promise.reject(new Error('the kernel is gone'))
    const tables = [{ name: 'never', from: 'batches' as const, columns: ['a'], next }]
    await expect(duckdb.run('from never', { ...cell(), tables })).rejects.toThrow('the kernel is gone')
    expect(await duckdb.rows('from never', { ...cell(), tables: [batches('never', { a: [1] })] })).toEqual([[1]])
  })
})

describe('errors', () => {
  test.each([
    ['select nope from range(3)', 7, 'Binder', /^Referenced column "nope" not found/],
    ["select 'é🦆', nope from range(3)", 17, 'Binder', /"nope"/],
    ['select * frm t', 13, 'Parser', /^syntax error at or near "t"$/],
    ["select 1 + cast('abc' as int)", 11, 'Conversion', /^Could not convert string 'abc' to INT32$/],
    ['show nowhere', 5, 'Catalog', /nowhere/],
    ['select error($$two\nlines$$)', undefined, 'Invalid Input', /^two\nlines$/],
    ['select x from nothing', 14, 'Catalog', /^Table with name nothing does not exist!/],
    ['selec 1', 0, 'Parser', /^syntax error at or near "selec"$/],
    ['insert into nothing values (1)', undefined, 'Catalog', /nothing/],
  ])('%s', async (source, offset, code, message) => {
    const error = await duckdb.refusal(source, cell())
    expect(error).toMatchObject({ statement: 0, code, offset })
    expect(error.message).toMatch(message)
    expect(error.message).not.toMatch(/LINE \d|rivulet_|exception_type/)
  })

  test('of several statements it is said which one, and where in it', async () => {
    expect(await duckdb.refusal('select 1; select 2;\n  select a, b', cell())).toMatchObject({ statement: 2, offset: 7 })
  })
})
