import { describe, expect, test } from 'vitest'
import { errorOf, jsonOf, sql, tableOf, ts, usePages } from '../support/page.ts'
import { useSignedIn } from '../support/signedIn.ts'
import { codeOf } from '../support/testServer.ts'

const shared = useSignedIn()

const pages = usePages(shared)

describe('SQL cells on the embedded engine', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: holes of SQL cells look like those of templates.
  test('a result is a table to see, and a list of rows to TypeScript', async () => {
    const page = await pages.of(
      sql("select 40 + 2 as answer, 'é🦆' as name, null as nothing", 'r'),
      ts('({ rows: r, sum: r[0].answer + 1, isList: Array.isArray(r) })'),
    )
    const [query, code] = await page.runAll()
    expect(query?.result).toMatchObject({ kind: 'ok' })
    expect(tableOf(query)).toMatchObject({
      rows: [[42, 'é🦆', null]],
      total: 1,
      columns: [{ name: 'answer', type: 'number' }, {}, {}],
    })
    expect(jsonOf(code)).toEqual({ rows: [{ answer: 42, name: 'é🦆', nothing: null }], sum: 43, isList: true })
  })

  test('[X5] every type arrives as what it is: bigints, Dates, exact decimals, nested values, NULL', async () => {
    const page = await pages.of(
      sql(
        `select 9007199254740993::bigint as big, date '2024-02-29' as day, timestamp '2024-01-01 12:00:00' as at, 12.50::decimal(9,2) as price,
           [1.5::decimal(4,1), null] as prices, { a: 1, b: [true] } as nested, null::int as nothing, 'NaN'::double as odd, map { 'k': 2 } as m, 2::hugeint as huge`,
        'r',
      ),
      ts(`const [x] = r;
[typeof x.big, String(x.big), x.day.toISOString(), x.at.toISOString(), x.price, [...x.prices], x.nested.a, [...x.nested.b], x.nothing, Number.isNaN(x.odd), x.m.get('k'), typeof x.huge]`),
    )
    const [query, code] = await page.runAll()
    expect([query, code].map((cell) => errorOf(cell))).toEqual([undefined, undefined])
    expect(jsonOf(code)).toEqual([
      ...['bigint', '9007199254740993', '2024-02-29T00:00:00.000Z', '2024-01-01T12:00:00.000Z', '12.50', ['1.5', null]],
      ...[1, [true], null, true, 2, 'bigint'],
    ])
  })

  test('[X5] a time that no Date holds is refused by its place; as a text it arrives, and a Date has milliseconds', async () => {
    const times = `select i, case when i = 2 then 'infinity' else '2024-01-01 00:00:00.123456' end::timestamp as moment from range(3) t(i)`
    const page = await pages.of(
      sql(times, 'times'),
      ts('times.length'),
      sql(`select [date '5881580-07-10'] as days`, 'far'),
      ts('far.length'),
      sql(`select moment::text as moment from (${times})`, 'texts'),
      ts('texts.map(({ moment }) => moment)'),
      sql(`${times} limit 1`, 'near'),
      ts('near[0].moment.toISOString()'),
    )
    const [, inTimes, , inFar, , inTexts, , inNear] = await page.runAll()
    const refused = (place: string) => ({
      kind: 'thrown',
      message: expect.stringMatching(`^${place} is a time that no Date can hold`),
    })
    expect([errorOf(inTimes), errorOf(inFar)]).toMatchObject([refused('moment of row 3'), refused('days of row 1')])
    expect(jsonOf(inTexts)).toEqual(['2024-01-01 00:00:00.123456', '2024-01-01 00:00:00.123456', 'infinity'])
    expect(jsonOf(inNear)).toBe('2024-01-01T00:00:00.123Z')
  })

  test('[X3] a hole is a bound parameter: text stays text, and its change runs the query again', async () => {
    const page = await pages.of(ts('const who = "x\'; drop table t; --"'), sql('select ${who} as who, ${who.length} as n'))
    expect(tableOf((await page.runAll())[1])?.rows).toEqual([["x'; drop table t; --", 20]])
    expect(tableOf((await page.edit(0, 'const who = "Ada"'))[1])?.rows).toEqual([['Ada', 3]])
  })

  test('[X3] an unqualified table is a value of the notebook: rows of TypeScript, or the result of another cell', async () => {
    const page = await pages.of(
      ts('const orders = [{ id: 1n, price: 2.5, at: new Date(0) }, { id: 2n, price: null, at: new Date(1) }]'),
      sql('select count(*) as n, sum(price) as total, max(id) as id from orders', 'sums'),
      sql('select n * 2 as twice from sums'),
    )
    const [, sums, twice] = await page.runAll()
    expect(tableOf(sums)?.rows).toEqual([[2, 2.5, 2]])
    expect(tableOf(twice)?.rows).toEqual([[4]])
  })

  test('[X5] a property that a row does not have is NULL; one that is undefined is refused by name, but in a table that is an object', async () => {
    const page = await pages.of(
      ts("import { from } from 'arquero'\nconst ragged = [{ a: 1 }, { b: 2 }], gaps = from([{ c: 1 }, { c: undefined }])"),
      ts('const loose = [{ a: 1 }, { a: undefined }]'),
      sql('select * from ragged'),
      sql('select * from loose'),
      sql('select * from gaps'),
    )
    const [, , ragged, loose, gaps] = await page.runAll()
    expect([tableOf(ragged)?.rows, tableOf(gaps)?.rows]).toEqual([
      [
        [1, null],
        [null, 2],
      ],
      [[1], [null]],
    ])
    expect(errorOf(loose)).toMatchObject({
      kind: 'database',
      message: 'loose[1].a is undefined: write `?? null` where NULL is meant.',
    })
  })

  test('the rows of a cell go with it, and when it becomes one of another language', async () => {
    const page = await pages.of(sql('select 1 as n union all select 2'), sql('select 3 as n'))
    const [first, second] = await page.runAll()
    const rows = (handle = '') => shared.client.getRows.query({ notebookId: page.id, handle, offset: 0, limit: 10 })
    const handles = [first, second].map((cell) => tableOf(cell)?.handle)
    expect((await rows(handles[0])).rows).toEqual([[1], [2]])
    const [cellId = '', gone = ''] = page.cellIds
    await shared.client.setCell.mutate({ notebookId: page.id, cellId, language: 'markdown' })
    await shared.client.deleteCell.mutate({ notebookId: page.id, cellId: gone })
    for (const handle of handles)
      await expect.poll(() => codeOf(rows(handle)), { timeout: 20_000 }).toMatch(/NOT_FOUND|BAD_REQUEST/)
  })

  test('two values that are one table to the engine are refused by both of their names; either of them alone is read', async () => {
    const page = await pages.of(
      ts('const Orders = [{ n: 1 }], orders = [{ n: 2 }, { n: 3 }]'),
      sql('select count(*) from Orders union all select count(*) from orders'),
      sql('select sum(n) as s from Orders', 'Sums'),
      sql('select sum(n) as s from orders', 'sums'),
      sql('select Sums.s, sums.s from Sums, sums'),
    )
    const [, both, upper, lower, results] = await page.runAll()
    const message = expect.stringContaining('“Orders” and “orders” are two values of the notebook, but one table to DuckDB')
    expect(errorOf(both)).toMatchObject({ kind: 'database', message })
    expect([tableOf(upper)?.rows, tableOf(lower)?.rows]).toEqual([[[1]], [[5]]])
    expect(errorOf(results)).toMatchObject({ message: expect.stringContaining('“Sums” and “sums”') })
    expect(tableOf((await page.edit(1, 'select count(*) as n from orders'))[1])?.rows).toEqual([[2]])
  })

  test('[X4] a table that a cell creates is a definition: its readers follow, and running again begins anew', async () => {
    const page = await pages.of(
      sql('select sum(n) as total from numbers'),
      sql('create table numbers as select 1 as n union all select 2'),
    )
    const [total] = await page.runAll()
    expect(tableOf(total)?.rows).toEqual([[3]])
    const again = await page.edit(1, 'create table numbers as select 10 as n')
    expect(again[1]?.result).toMatchObject({ kind: 'ok' })
    expect(tableOf(again[0])?.rows).toEqual([[10]])
  })

  test('[G2] two cells that create the same table are in error, whatever its case', async () => {
    const page = await pages.of(sql('create table t as select 1 as a'), sql('CREATE TABLE "T" AS SELECT 2 AS a'))
    const cells = await page.cells()
    expect(cells.map((cell) => errorOf(cell)?.kind)).toEqual(['duplicate', 'duplicate'])
  })

  test('an error of the engine points at the user’s own place', async () => {
    const page = await pages.of(ts('const n = 1'), sql('-- é🦆\nselect ${n},\n  nowhere.x'))
    const error = errorOf((await page.runAll())[1])
    expect(error).toMatchObject({ kind: 'database', line: 3, column: 3 })
    expect(error && 'message' in error && error.message).toMatch(/nowhere/)
  })

  test('[X5] what cannot cross fails loudly, at its place', async () => {
    const page = await pages.of(ts('const f = () => 1'), sql('select 1,\n  ${f}'))
    expect(errorOf((await page.runAll())[1])).toMatchObject({
      kind: 'database',
      line: 2,
      column: 3,
      message: expect.stringMatching(/function/),
    })
  })

  test('[S4] a cell that fails leaves no result and no table', async () => {
    const page = await pages.of(
      sql('create table made as select 1 as a; select nowhere', 'r'),
      sql('select * from made'),
      ts('r'),
    )
    const [failed, reader, code] = await page.runAll()
    expect(errorOf(failed)?.kind).toBe('database')
    expect([reader, code].map((cell) => cell?.result.kind)).toEqual(['blocked', 'blocked'])
    const schema = await shared.client.getSchema.query({ notebookId: page.id })
    expect(schema.map(({ name }) => name)).not.toContain('made')
  })

  test('long results are paged, sorted and filtered where they are', async () => {
    const page = await pages.of(sql('select i, i % 7 as w from range(100000) t(i)'))
    const table = tableOf((await page.runAll())[0])
    expect(table).toMatchObject({ total: 100_000, handle: expect.any(String) })
    const ask = { notebookId: page.id, handle: table?.handle ?? '' }
    expect(await shared.client.getRows.query({ ...ask, offset: 99_998, limit: 5 })).toEqual({
      rows: [
        [99_998, 99_998 % 7],
        [99_999, 99_999 % 7],
      ],
      total: 100_000,
    })
    const sorted = await shared.client.getRows.query({ ...ask, offset: 0, limit: 1, sort: { column: 'i', descending: true } })
    expect(sorted.rows).toEqual([[99_999, 99_999 % 7]])
  })

  test('[S13] Stop ends a query; tables and values survive', async () => {
    const page = await pages.of(
      sql('create table kept as select 7 as n'),
      sql('select count(*) from range(1e6::bigint) a, range(1e6::bigint) b'),
    )
    const { runIds } = await shared.client.runAll.mutate({ notebookId: page.id })
    await page.follower.finished(runIds[0] ?? '')
    await page.follower.until((events) =>
      events.some(
        (event) =>
          event.type === 'changes' && event.changes.some((change) => change.type === 'run.started' && change.runId === runIds[1]),
      ),
    )
    await shared.client.interrupt.mutate({ notebookId: page.id })
    await page.follower.finished(runIds[1] ?? '')
    expect((await page.cells())[1]?.result.kind).toBe('interrupted')
    expect(tableOf((await page.edit(1, 'select n from kept'))[1])?.rows).toEqual([[7]])
  })
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above.
})
