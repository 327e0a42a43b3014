import type { PageQuery } from '@rivulet/server/src/kernel/sql/engine.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestDuckDb } from '../support/duckdb.ts'

const duckdb = new TestDuckDb()
afterAll(() => duckdb[Symbol.asyncDispose]())

const ROWS = 6_000
let handle = ''
beforeAll(async () => {
  const result = await duckdb.result(
    `select (i * 7919) % ${ROWS} as n, case when i % 5 = 0 then null else (i * 31 % 400) / 8 end as x,
       case when i % 7 = 0 then null else 'Name ' || (i % 97) || '%_' end as s, date '2024-01-01' + (i % 50)::int as d,
       i % 3 = 0 as b, [i % 4, i] as l
     from range(${ROWS}) t(i)`,
    { cell: 'pages' },
  )
  handle = result.handle
})

/** Every row that a question gives, page by page. */
async function all(query: Omit<PageQuery, 'offset' | 'limit'>, limit: number): Promise<{ rows: unknown[][]; total: number }> {
  const rows: unknown[][] = []
  for (;;) {
    const page = await duckdb.page(handle, { ...query, offset: rows.length, limit })
    rows.push(...page.rows)
    if (page.rows.length === 0) return { rows, total: page.total }
  }
}

/** The same, as the engine itself answers. */
async function byEngine(rest: string): Promise<unknown[][]> {
  const table = { name: 'shown', from: 'result' as const, handle }
  const answer = await duckdb.result(
    `select * exclude (place) from (select *, row_number() over () as place from shown) ${rest}`,
    {
      cell: 'oracle',
      tables: [table],
    },
  )
  return (await duckdb.page(answer.handle, { offset: 0, limit: 10_000 })).rows
}

describe('pages', () => {
  test('in the order of the query, from anywhere', async () => {
    const expected = await byEngine('order by place')
    expect(expected).toHaveLength(ROWS)
    expect((await all({}, 997)).rows).toEqual(expected)
    expect(await duckdb.page(handle, { offset: ROWS - 1, limit: 100 })).toEqual({ rows: expected.slice(-1), total: ROWS })
    expect(await duckdb.page(handle, { offset: ROWS, limit: 100 })).toEqual({ rows: [], total: ROWS })
    expect(await duckdb.page(handle, { offset: 0, limit: 0 })).toEqual({ rows: [], total: ROWS })
  })

  test.each(['n', 'x', 's', 'd', 'b', 'l'])(
    'sorted by %s, with what is missing last, and rows that are equal in their order',
    async (column) => {
      for (const [descending, direction] of [
        [false, 'asc'],
        [true, 'desc'],
      ] as const) {
        const expected = await byEngine(`order by ${column} ${direction} nulls last, place`)
        expect((await all({ sort: { column, descending } }, 1_700)).rows).toEqual(expected)
        expect((await duckdb.page(handle, { offset: 40, limit: 60, sort: { column, descending } })).rows).toEqual(
          expected.slice(40, 100),
        )
      }
    },
  )

  test('filtered by a text, whatever it is and wherever it stands', async () => {
    const texts = fc.oneof(
      fc.constantFrom('NAME 9', '%', '_', 'name 1%', "'", '\\', '2024-01-3', '12', 'true', '[0, ', 'é', '  ', '"; drop table x'),
      fc.string({ maxLength: 2 }),
    )
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(undefined, { column: 'x', descending: true }), async (filter, sort) => {
        fc.pre(!filter.includes('\0'))
        const wanted = filter.trim().toLowerCase().replaceAll("'", "''")
        const has = ['n', 'x', 's', 'd', 'b', 'l'].map((each) => `contains(lower(${each}::varchar), '${wanted}')`).join(' or ')
        const expected = await byEngine(`where ${wanted ? has : 'true'} order by ${sort ? 'x desc nulls last, ' : ''}place`)
        const { rows, total } = await all({ filter, ...(sort && { sort }) }, 2_500)
        expect([rows, total]).toEqual([expected, expected.length])
      }),
      { numRuns: 25 },
    )
  })

  test('filtered by single columns, and by all of them at once', async () => {
    const filters = [
      { column: 's', text: ' name 1' },
      { column: 'd', text: '2024-02' },
    ]
    const expected = await byEngine(
      "where contains(lower(s), 'name 1') and contains(d::varchar, '2024-02') and contains(n::varchar || coalesce(x::varchar, ''), '5') order by place",
    )
    const { rows, total } = await all({ filters, filter: '5' }, 100)
    const seen = rows.filter(([n, x]) => `${n}${x ?? ''}`.includes('5'))
    expect(seen).toEqual(expected)
    expect(total).toBe(rows.length)
  })

  test('many orders at once, and the same one asked for twice at the same time', async () => {
    const queries = ['n', 'x', 's', 'd', 'b', 'n', 'x'].map((column) => ({
      offset: 3_000,
      limit: 5,
      sort: { column, descending: true },
    }))
    const pages = await Promise.all(queries.map((query) => duckdb.page(handle, query)))
    for (const [n, query] of queries.entries()) expect(pages[n]).toEqual(await duckdb.page(handle, query))
    expect(
      await duckdb.rows("select count(*) < 12 from duckdb_tables() where schema_name like 'rivulet%'", { cell: 'counts' }),
    ).toEqual([[true]])
  })

  test('while something else runs', async () => {
    const running = duckdb.run('select count(*) from range(100000) a, range(100000) b', { cell: 'long', runId: 'long' })
    const ended = running.catch((error: unknown) => error)
    expect((await duckdb.page(handle, { offset: 10, limit: 2 })).rows).toHaveLength(2)
    expect(
      (await duckdb.page(handle, { offset: 10, limit: 2, sort: { column: 's', descending: true }, filter: 'name' })).rows,
    ).toHaveLength(2)
    await duckdb.engine.cancel('long')
    expect(await ended).toMatchObject({ name: 'RunCancelled' })
  })

  test('a question that makes no sense is refused; a result of nobody is not there', async () => {
    const wrong = duckdb.page(handle, { offset: 0, limit: 1, sort: { column: 'nope', descending: false } })
    await expect(wrong).rejects.toMatchObject({ name: 'DatabaseError', message: 'The result has no column “nope”.' })
    await expect(duckdb.page(handle, { offset: 0, limit: 1, filter: 'a\0' })).rejects.toMatchObject({ name: 'DatabaseError' })
    expect(await duckdb.engine.page('nobody:1', { offset: 0, limit: 1 })).toBeUndefined()
    expect(await duckdb.engine.page(`${handle}0000`, { offset: 0, limit: 1 })).toBeUndefined()
  })
})

describe('cells of a page', () => {
  test('long texts are cut, between characters, and never travel whole', async () => {
    const [row = []] = await duckdb.rows(
      "select repeat('🦆', 5000) as s, repeat('x', 200) as t, range(100000) as l, repeat('ab', 5000)::blob as b",
      { cell: 'cut' },
    )
    expect(row[0]).toBe(`${'🦆'.repeat(100)}…`)
    expect(row[1]).toBe('x'.repeat(200))
    expect([String(row[2]).length, String(row[3]).length]).toEqual([201, 201])
    expect(String(row[3])).toMatch(/^(ab){100}…$/)
  })

  test('numbers that JSON cannot hold are texts, and decimals with all of their digits', async () => {
    const numbers =
      "select 2::bigint ** 53 - 1 as a, 9007199254740991::bigint as b, 9007199254740992::bigint as c, 'nan'::double as d, '-inf'::float as e, 0.1::float as f, 1.10::decimal(5,2) as g, 12345678901234567.8::decimal(38,1) as h"
    expect(await duckdb.rows(numbers, { cell: 'cut' })).toEqual([
      [9007199254740991, 9007199254740991, '9007199254740992', 'NaN', '-Infinity', 0.1, '1.10', '12345678901234567.8'],
    ])
  })

  test('times are written as Dates are', async () => {
    const times =
      "select date '2024-02-29', timestamp '2024-02-29 01:02:03', timestamp '1969-12-31 23:59:59.999999', timestamptz '2024-02-29 00:00:00+01', 'infinity'::timestamp, 'infinity'::date, time '10:00'"
    expect(await duckdb.rows(times, { cell: 'cut' })).toEqual([
      [
        '2024-02-29',
        '2024-02-29T01:02:03.000Z',
        '1969-12-31T23:59:59.999999Z',
        '2024-02-28T23:00:00.000Z',
        'infinity',
        'infinity',
        '10:00:00',
      ],
    ])
  })
})
