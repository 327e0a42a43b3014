import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { batches, TestDuckDb } from '../support/duckdb.ts'

const duckdb = new TestDuckDb()
afterAll(() => duckdb[Symbol.asyncDispose]())

const RUNS = { numRuns: 25 }

/** A column goes in, and comes back through Arrow. */
async function roundTrip(values: readonly unknown[], size = 3): Promise<unknown[]> {
  const { handle } = await duckdb.result('select v from given', { tables: [batches('given', { v: values }, size)] })
  return (await duckdb.objects(handle)).map(({ v }) => v)
}

const text = fc.string({ unit: 'binary', maxLength: 60 })
const sparse = <T>(values: fc.Arbitrary<T>) => fc.array(fc.option(values, { freq: 3 }), { minLength: 1, maxLength: 40 })
const nulls = (values: readonly unknown[]) => values.every((value) => value === null)
const same = (value: unknown) => value

describe('[X5] values of the notebook arrive as they are', () => {
  test.each<[string, fc.Arbitrary<unknown>, (value: unknown) => unknown]>([
    ['booleans', fc.boolean(), same],
    ['whole numbers', fc.integer(), same],
    ['doubles', fc.double({ noDefaultInfinity: false }).map((value) => value + 0.5), same],
    ['texts', text, same],
    ['long texts', fc.string({ unit: 'grapheme', minLength: 10, maxLength: 300 }), same],
    ['bigints', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), same],
    ['Dates', fc.date({ noInvalidDate: true, min: new Date(-1e14), max: new Date(1e14) }), same],
    ['bytes', fc.uint8Array({ maxLength: 40 }), (value) => new Uint8Array(value as Uint8Array)],
    ['objects', fc.record({ a: fc.integer(), b: fc.option(text) }), (value) => JSON.parse(String(value))],
  ])('%s', async (_, values, back) => {
    await fc.assert(
      fc.asyncProperty(sparse(values), fc.integer({ min: 1, max: 40 }), async (column, size) => {
        fc.pre(!nulls(column))
        const arrived = await roundTrip(column, size)
        expect(arrived.map((value) => (value === null ? null : back(value)))).toEqual(column)
      }),
      RUNS,
    )
  })

  test('lists of each, with gaps, one in the other', async () => {
    const element = fc.constantFrom<fc.Arbitrary<unknown>>(fc.integer(), text, fc.boolean(), fc.double())
    await fc.assert(
      fc.asyncProperty(
        element.chain((each) => sparse(fc.array(fc.array(fc.option(each), { maxLength: 4 }), { maxLength: 4 }))),
        async (column) => {
          fc.pre(column.flat(3).some((value) => value !== null))
          const arrived = await roundTrip(column)
          expect(arrived.map(plain)).toEqual(column)
        },
      ),
      RUNS,
    )
  })

  test('long lists with NULLs in them, over many of the engine’s own pieces', async () => {
    const lists = Array.from({ length: 3 }, (_, n) =>
      Array.from({ length: 5_000 }, (_, k) => ((k + n) % 7 === 0 ? null : `text number ${k * n}`)),
    )
    const column = Array.from({ length: 5_000 }, (_, n) =>
      n % 1_700 === 0 ? (lists[n / 1_700] ?? null) : n % 3 === 0 ? null : [`${n}`],
    )
    expect((await roundTrip(column, 4_999)).map(plain)).toEqual(column)
  })

  test('many rows of everything at once', async () => {
    const rows = 50_000
    const columns = {
      n: Array.from({ length: rows }, (_, n) => (n % 11 === 0 ? null : n * 3)),
      x: Array.from({ length: rows }, (_, n) => n / 7),
      s: Array.from({ length: rows }, (_, n) => (n % 5 === 0 ? null : `the text of row ${n} ${n % 3 === 0 ? 'é🦆' : ''}`)),
      b: Array.from({ length: rows }, (_, n) => n % 2 === 0),
      d: Array.from({ length: rows }, (_, n) => new Date(n * 1_000_003)),
    }
    const { handle, total } = await duckdb.result('from given', { tables: [batches('given', columns, 7_001)] })
    expect(total).toBe(rows)
    const objects = await duckdb.objects(handle)
    for (const name of Object.keys(columns) as (keyof typeof columns)[]) {
      expect(objects.map((row) => row[name])).toEqual(columns[name])
    }
  })
})

/** Typed arrays of a list of numbers are arrays again. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<unknown>, plain)
  return Array.isArray(value) ? value.map(plain) : value
}

describe('[X5] a column has the type that holds all of its values', () => {
  const typesOf = async (values: readonly unknown[], size = 1) => {
    const { columns, rows } = await duckdb.result('select v from given', { tables: [batches('given', { v: values }, size)] })
    return [columns[0]?.type, rows.map(([value]) => value)]
  }

  test.each([
    [[], 'INTEGER', []],
    [[null, null], 'INTEGER', [null, null]],
    [[1, 2 ** 31], 'BIGINT', [1, 2 ** 31]],
    [[1, 0.5, null], 'DOUBLE', [1, 0.5, null]],
    [[-0, 3], 'DOUBLE', [0, 3]],
    [[1, Number.NaN, Number.POSITIVE_INFINITY], 'DOUBLE', [1, 'NaN', 'Infinity']],
    [[1, 2n], 'BIGINT', [1, 2]],
    [[2n, 0.5], 'DOUBLE', [2, 0.5]],
    [[1, 2n ** 100n, null], 'HUGEINT', [1, String(2n ** 100n), null]],
    [[null, true], 'BOOLEAN', [null, true]],
    [[null, 'a'], 'VARCHAR', [null, 'a']],
    [[null, new Date(0)], 'TIMESTAMP WITH TIME ZONE', [null, '1970-01-01T00:00:00.000Z']],
    [[[], [1], [0.5, null]], 'DOUBLE[]', ['[]', '[1.0]', '[0.5, NULL]']],
    [[null, [], [['a']]], 'VARCHAR[][]', [null, '[]', '[[a]]']],
    [[[], { a: 1 }, [], [{ b: 2n ** 70n }]], 'JSON', ['[]', '{"a":1}', '[]', `[{"b":${2n ** 70n}}]`]],
    [[new Float64Array([1, 2]), new BigInt64Array([3n])], 'DOUBLE[]', ['[1.0, 2.0]', '[3.0]']],
    [[new Uint8Array([0, 97])], 'BLOB', ['\\x00a']],
    [['a\0b'], 'VARCHAR', ['a\0b']],
  ])('%o', async (values, type, cells) => {
    expect(await typesOf(values)).toEqual([type, cells])
    expect(await typesOf(values, 100)).toEqual([type, cells])
  })

  test.each<[unknown[], RegExp]>([
    [[null, undefined], /^given\[1\]\.v is undefined: write `\?\? null` where NULL is meant\.$/],
    [[1, 'a'], /^given\[1\]\.v is a text, and the rows before have numbers: a column has one type\.$/],
    [['a', null, 5], /^given\[2\]\.v is a number, and the rows before have texts/],
    [[true, 1], /^given\[1\]\.v is a number, and the rows before have booleans/],
    [[new Date(0), '1970-01-01'], /^given\[1\]\.v is a text, and the rows before have Dates/],
    [[{ a: 1 }, 'x'], /^given\[1\]\.v is a text, and the rows before have objects/],
    [[[1], ['a']], /^given\[1\]\.v is a list of texts, and the rows before have lists of numbers/],
    [[[1], { a: 1 }], /^given\[1\]\.v is an object, and the rows before have lists of numbers/],
    [[2n ** 60n + 1n, 0.5], /^given\[0\]\.v is a bigint too large to stand in one column with fractions/],
    [[0.5, 2n ** 60n + 1n], /^given\[1\]\.v is a bigint too large/],
    [[2n ** 130n], /^given\[0\]\.v has more than 128 bits/],
    [[1, () => 1], /^given\[1\]\.v is a function, which SQL does not have/],
    [[new Date(Number.NaN)], /^given\[0\]\.v is an invalid Date/],
    [[{ when: new Date(0) }], /^given\[0\]\.v\.when is a Date within JSON/],
    [[new Map()], /^given\[0\]\.v is a Map/],
    [['\ud800'], /^given\[0\]\.v has half of a character in it/],
  ])('%o is refused, and where it is is said', async (values, message) => {
    for (const size of [1, 100]) {
      const refused = await duckdb.refusal('from given', { tables: [batches('given', { v: values }, size)] })
      expect(refused.message).toMatch(message)
    }
    expect(await duckdb.rows('select 1')).toEqual([[1]])
  })

  test('columns of different lengths are a fault of whoever gives them', async () => {
    const next = async () => [[1, 2], [3]]
    await expect(
      duckdb.run('from given', { tables: [{ name: 'given', from: 'batches', columns: ['a', 'b'], next }] }),
    ).rejects.toThrow(/every column has a list/)
  })
})

describe('[X5] parameters arrive as they are', () => {
  test.each<[unknown, string, unknown]>([
    [5, 'INTEGER', 5],
    [2 ** 40, 'BIGINT', 2 ** 40],
    [0.1, 'DOUBLE', 0.1],
    [Number.NaN, 'DOUBLE', 'NaN'],
    [-0, 'DOUBLE', 0],
    [2n ** 62n, 'BIGINT', String(2n ** 62n)],
    [2n ** 100n, 'HUGEINT', String(2n ** 100n)],
    ['O\'Brien"; drop table x; --\0 é🦆', 'VARCHAR', 'O\'Brien"; drop table x; --\0 é🦆'],
    [true, 'BOOLEAN', true],
    [null, '"NULL"', null],
    [new Date(86_400_000), 'TIMESTAMP WITH TIME ZONE', '1970-01-02T00:00:00.000Z'],
    [new Uint8Array([1, 255]), 'BLOB', '\\x01\\xFF'],
    [[1, 2, null], 'INTEGER[]', '[1, 2, NULL]'],
    [['a', 'b'], 'VARCHAR[]', '[a, b]'],
    [[[0.5], []], 'DOUBLE[][]', '[[0.5], []]'],
    [[], '"NULL"[]', '[]'],
    [{ a: [1, { b: null }] }, 'JSON', '{"a":[1,{"b":null}]}'],
    [[{ a: 1 }], 'JSON', '[{"a":1}]'],
  ])('%o', async (value, type, cell) => {
    expect(await duckdb.rows(`select typeof(\${v}), \${v}`, { values: [value, value] })).toEqual([[type, cell]])
  })

  test('lists are looked into, and empty ones match nothing', async () => {
    const rows = (list: unknown[]) => duckdb.rows(`select i from range(5) t(i) where i in (\${list(xs)})`, { values: [list] })
    expect(await rows([1, 3])).toEqual([[1], [3]])
    expect(await rows([])).toEqual([])
  })
})

describe('[X5] results in every type of the engine', () => {
  test('the page shows them all', async () => {
    const { handle, columns, total } = await duckdb.result('from test_all_types()')
    expect(total).toBe(3)
    const { rows } = await duckdb.page(handle, { offset: 0, limit: 3 })
    const shown = Object.fromEntries(
      columns.map(({ key, type, shown }, n) => [key, [type, shown, rows[0]?.[n], rows[1]?.[n], rows[2]?.[n]]]),
    )
    expect(shown).toMatchObject({
      bool: ['BOOLEAN', 'boolean', false, true, null],
      tinyint: ['TINYINT', 'number', -128, 127, null],
      bigint: ['BIGINT', 'bigint', '-9223372036854775808', '9223372036854775807', null],
      hugeint: ['HUGEINT', 'bigint', '-170141183460469231731687303715884105728', '170141183460469231731687303715884105727', null],
      uhugeint: ['UHUGEINT', 'bigint', 0, '340282366920938463463374607431768211455', null],
      date: ['DATE', 'date', '5877642-06-25 (BC)', '5881580-07-10', null],
      time: ['TIME', 'string', '00:00:00', '24:00:00', null],
      timestamp: ['TIMESTAMP', 'date', '290309-12-22 (BC) 00:00:00', '294247-01-10 04:00:54.775806', null],
      timestamp_s: ['TIMESTAMP_S', 'date', '290309-12-22 (BC) 00:00:00', '294247-01-10 04:00:54', null],
      timestamp_ns: ['TIMESTAMP_NS', 'date', '1677-09-22T00:00:00.000Z', '2262-04-11T23:47:16.854775Z', null],
      float: ['FLOAT', 'number', -3.4028235e38, 3.4028235e38, null],
      double: ['DOUBLE', 'number', -1.7976931348623157e308, 1.7976931348623157e308, null],
      dec_4_1: ['DECIMAL(4,1)', 'number', '-999.9', '999.9', null],
      dec38_10: [
        'DECIMAL(38,10)',
        'number',
        '-9999999999999999999999999999.9999999999',
        '9999999999999999999999999999.9999999999',
        null,
      ],
      uuid: ['UUID', 'string', '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', null],
      interval: ['INTERVAL', 'string', '00:00:00', '83 years 3 months 999 days 00:16:39.999999', null],
      varchar: ['VARCHAR', 'string', '🦆🦆🦆🦆🦆🦆', 'goo\0se', null],
      blob: ['BLOB', 'string', 'thisisalongblob\\x00withnullbytes', '\\x00\\x00\\x00a', null],
      bit: ['BIT', 'string', '0010001001011100010101011010111', '10101', null],
      small_enum: [expect.stringMatching(/^ENUM/), 'string', 'DUCK_DUCK_ENUM', 'GOOSE', null],
      int_array: ['INTEGER[]', 'object', '[]', '[42, 999, NULL, NULL, -42]', null],
      struct: [expect.stringMatching(/^STRUCT/), 'object', "{'a': NULL, 'b': NULL}", "{'a': 42, 'b': 🦆🦆🦆🦆🦆🦆}", null],
      map: ['MAP(VARCHAR, VARCHAR)', 'object', '{}', '{key1=🦆🦆🦆🦆🦆🦆, key2=goose}', null],
      union: [expect.stringMatching(/^UNION/), 'object', 'Frank', '5', null],
      fixed_int_array: ['INTEGER[3]', 'object', '[NULL, 2, 3]', '[4, 5, 6]', null],
    })
  })

  test('and they can all be read', async () => {
    // These begin before any Date.
    const beyond = 'timestamp, timestamp_s, timestamp_ms, timestamp_tz, timestamp_array, timestamptz_array'
    const { handle, columns } = await duckdb.result(`select * exclude (${beyond}) from test_all_types()`)
    const objects = await duckdb.objects(handle)
    expect(Object.keys(objects[0] ?? {})).toEqual(columns.map(({ key }) => key))
    expect(Object.values(objects[2] ?? {}).every((value) => value === null)).toBe(true)
    expect(objects[1]).toMatchObject({
      ...{ bool: true, tinyint: 127, bigint: 2n ** 63n - 1n, ubigint: 2n ** 64n - 1n, double: Number.MAX_VALUE },
      ...{ hugeint: 2n ** 127n - 1n, uhugeint: String(2n ** 128n - 1n), uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
      ...{ dec_4_1: 9_999n, dec38_10: 10n ** 38n - 1n, varchar: 'goo\0se', small_enum: 'GOOSE', time: '24:00:00' },
      ...{ blob: new Uint8Array([0, 0, 0, 97]), interval: '83 years 3 months 999 days 00:16:39.999999' },
      ...{ struct: { a: 42, b: '🦆🦆🦆🦆🦆🦆' }, varchar_array: ['🦆🦆🦆🦆🦆🦆', 'goose', null, ''], union: '5' },
    })
    expect(objects[1]?.fixed_nested_varchar_array).toHaveLength(3)
    expect(plain(objects[1]?.array_of_structs)).toHaveLength(3)
  })

  test('what the engine prints of a value is what Arrow brings, for whatever it makes', async () => {
    const source = `
      select i, i * 0.25 as x, i % 3 = 0 as b, (i * 7919) % 1000 / 8 as q, 'row ' || i || repeat('·', (i % 40)::int) as s,
        case when i % 4 = 0 then null else i::hugeint * 123456789012345678901 end as h, (i / 8)::decimal(18, 3) as d,
        date '2020-02-28' + i::int as day, timestamp '1999-12-31 23:59:59.999999' + to_microseconds(i * 999) as ts,
        [i, null, i + 1] as l, {'k': i, 'v': ['a' || i, null]} as st, map {'m' || (i % 5): i} as m, ('x' || i)::blob as bl
      from range(7000) t(i)`
    const { handle } = await duckdb.result(source, { cell: 'all' })
    const objects = await duckdb.objects(handle)
    const table = { name: 'kept', from: 'result' as const, handle }
    const printed = await duckdb.result(
      'select i::varchar as i, x, b, q, s, h::varchar as h, d::varchar as d, day::varchar as day, epoch_us(ts) as ts, l, st, m::varchar as m, bl::varchar as bl from kept',
      { cell: 'printed', tables: [table] },
    )
    const expected = await duckdb.objects(printed.handle)
    expect(objects).toHaveLength(7_000)
    for (const [n, row] of objects.entries()) {
      const wanted = expected[n] ?? {}
      expect([n, String(row.i), row.x, row.b, row.q, row.s]).toEqual([n, wanted.i, wanted.x, wanted.b, wanted.q, wanted.s])
      expect(row.h === null ? null : String(row.h)).toBe(wanted.h)
      expect(Number(row.d) / 1_000).toBe(Number(wanted.d))
      expect((row.day as Date).toISOString().slice(0, 10)).toBe(wanted.day)
      expect(plain(row.l)).toEqual(plain(wanted.l))
      expect(row.st).toEqual(wanted.st)
      expect(Buffer.from(row.bl as Uint8Array).toString()).toBe(wanted.bl)
    }
  })
})
