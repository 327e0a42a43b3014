// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import { DuckDBBlobValue, DuckDBListValue, DuckDBTimestampTZValue } from '@duckdb/node-api'
import { bind } from '@rivulet/server/src/language/sql/bind.ts'
import { parseSync } from 'libpg-query'
import { describe, expect, test } from 'vitest'
import { bound, readCell, tryToBind, useDuckDb } from '../../support/sqlBound.ts'

const duckDb = useDuckDb()

describe('[X3] a hole is a parameter', () => {
  test.each([
    ['select ${a}', ['select  $1 ', 'select  cast($1 as int4) ']],
    ['select ${a}, ${b}, ${a}', ['select  $1 ,  $2 ,  $1 ', 'select  cast($1 as int4) ,  $2 ,  cast($1 as int4) ']],
    ['select t.${ident(b)} from t', ['select t. "two"  from t', 'select t. "two"  from t']],
    ['select "a"${ident(b)}', ['select "a" "two" ', 'select "a" "two" ']],
    ['select -- ${a}\n${b} /* ${a} */', ['select -- ${a}\n $1 ', 'select -- ${a}\n $1 ']],
  ])('%s', (source, [duckdb, postgresql]) => {
    const values = source.includes('${a}') && source.includes('select ${a}') ? [1, 'two'] : ['two']
    expect(bound(source, values).text).toBe(duckdb)
    expect(bound(source, values, 'postgresql').text).toBe(postgresql)
  })

  test('every statement counts its own', () => {
    const cell = readCell('select ${a};\n-- second\nselect ${b}, ${a};', 'duckdb')
    const all = cell.statements.map((statement) => bind(cell, statement, ['A', 'B']))
    expect(all).toMatchObject([
      { text: 'select  $1 ', parameters: [{ type: 'text', value: 'A' }] },
      {
        text: '-- second\nselect  $1 ,  $2 ',
        parameters: [
          { type: 'text', value: 'B' },
          { type: 'text', value: 'A' },
        ],
      },
    ])
  })

  test('a statement is the text of the user between its semicolons', () => {
    const cell = readCell("  select 'a;b' /* ; */ ; ; select $$;$$\n-- end;\n", 'duckdb')
    const texts = cell.statements.map((statement) => {
      const result = bind(cell, statement, [])
      return result.ok && result.text
    })
    expect(texts).toEqual(["select 'a;b'", 'select $$;$$'])
  })
})

const INT64 = 2n ** 63n

describe('[X5] values arrive equal, with their type', () => {
  const time = new Date('2024-02-29T12:34:56.789Z')
  const micros = (date: Date) => new DuckDBTimestampTZValue(BigInt(date.getTime()) * 1000n)
  const list = (...items: unknown[]) => new DuckDBListValue(items as never)

  test.each<[value: unknown, type: string, back?: unknown]>([
    [null, 'INTEGER'],
    [true, 'BOOLEAN'],
    [0, 'INTEGER'],
    [-(2 ** 31), 'INTEGER'],
    [2 ** 31, 'BIGINT', BigInt(2 ** 31)],
    [Number.MAX_SAFE_INTEGER, 'BIGINT', BigInt(Number.MAX_SAFE_INTEGER)],
    [2 ** 53, 'DOUBLE'],
    [0.1, 'DOUBLE'],
    [-0, 'DOUBLE'],
    [5e-324, 'DOUBLE'],
    [Number.MAX_VALUE, 'DOUBLE'],
    [Number.NaN, 'DOUBLE'],
    [Number.POSITIVE_INFINITY, 'DOUBLE'],
    [1n, 'BIGINT'],
    [INT64 - 1n, 'BIGINT'],
    [-INT64, 'BIGINT'],
    [INT64, 'HUGEINT'],
    [-(2n ** 127n) + 1n, 'HUGEINT'],
    ['', 'VARCHAR'],
    ['it\'s "quoted" \\ $1 ${x} -- \n\0\u2028 🦆', 'VARCHAR'],
    [time, 'TIMESTAMP WITH TIME ZONE', micros(time)],
    [new Date(-8.64e15), 'TIMESTAMP WITH TIME ZONE', micros(new Date(-8.64e15))],
    [new Date(8.64e15), 'TIMESTAMP WITH TIME ZONE', micros(new Date(8.64e15))],
    [new Uint8Array([0, 255, 39]), 'BLOB', new DuckDBBlobValue(Buffer.from([0, 255, 39]))],
    [new Uint8Array([7]).buffer, 'BLOB', new DuckDBBlobValue(Buffer.from([7]))],
    [[1, 2, null], 'INTEGER[]', list(1, 2, null)],
    [[1, 0.5], 'DOUBLE[]', list(1, 0.5)],
    [[1, 2n], 'BIGINT[]', list(1n, 2n)],
    [[1n, 0.5], 'DOUBLE[]', list(1, 0.5)],
    [['a', "'"], 'VARCHAR[]', list('a', "'")],
    [[time], 'TIMESTAMP WITH TIME ZONE[]', list(micros(time))],
    [[[1], [], [null, 2.5]], 'DOUBLE[][]', list(list(1), list(), list(null, 2.5))],
    [new Float32Array([1, 0.5]), 'DOUBLE[]', list(1, 0.5)],
    [new BigInt64Array([1n]), 'BIGINT[]', list(1n)],
    [new BigUint64Array([2n ** 64n - 1n]), 'HUGEINT[]', list(2n ** 64n - 1n)],
    [new Int16Array([-1]), 'INTEGER[]', list(-1)],
  ])('%o is %s', async (value, type, back = value) => {
    const { rows, types } = await duckDb.runCell('select ${x}', [value])
    expect(rows).toEqual([[back]])
    expect(types).toEqual([type])
  })

  test.each([
    [{ a: 1, b: [true, null, 'x"\n'], c: { d: 2n ** 64n } }, '{"a":1,"b":[true,null,"x\\"\\n"],"c":{"d":18446744073709551616}}'],
    [[{ a: 1 }, { a: undefined }], '[{"a":1},{}]'],
    [[1, 'a', true], '[1,"a",true]'],
    [Object.assign(Object.create(null), { __proto__x: 1 }), '{"__proto__x":1}'],
  ])('%o is JSON', async (value, json) => {
    const { rows } = await duckDb.runCell('select ${x}, typeof(${x})', [value])
    expect(rows).toEqual([[json, 'JSON']])
  })

  class Point {
    x = 1
  }
  const circle: unknown[] = []
  circle.push(circle)
  const ring: Record<string, unknown> = {}
  ring.self = ring

  // By number, as no title could show a list that contains itself.
  const unfit: { value: unknown; message: string }[] = [
    { value: undefined, message: 'This value is undefined: write `?? null` where NULL is meant' },
    { value: [1, undefined], message: 'This value at [1] is undefined: write `?? null` where NULL is meant' },
    { value: () => 1, message: 'This value is a function, which SQL does not have' },
    { value: Symbol('x'), message: 'This value is a symbol, which SQL does not have' },
    { value: new Date(Number.NaN), message: 'This value is an invalid Date' },
    { value: 'a\ud800', message: 'This value has half of a character in it (a lone surrogate)' },
    { value: 2n ** 127n, message: 'This value has more than 128 bits' },
    { value: new Map(), message: 'This value is a Map, which has no equal in SQL' },
    { value: new Point(), message: 'This value is a Point, which has no equal in SQL' },
    { value: { a: [1, { b: Number.NaN }] }, message: 'This value at .a[1].b is NaN, which JSON does not have' },
    { value: { a: new Date(0) }, message: 'This value at .a is a Date within JSON, which has no dates: use its `toISOString()`' },
    { value: { a: [undefined] }, message: 'This value at .a[0] is undefined, which JSON does not have' },
    { value: [0.5, 2n ** 60n + 1n], message: 'This value at [1] is a bigint too large to stand in one list with fractions' },
    { value: circle, message: `This value at ${'[0]'.repeat(50)} is nested too deeply, or contains itself` },
    { value: ring, message: `This value at ${'.self'.repeat(50)} is nested too deeply, or contains itself` },
  ]

  test.each(unfit.map(({ message }, n) => [message, n] as const))('%s', (message, n) => {
    const value = unfit[n]?.value
    expect(tryToBind('select\n  ${x}', [value])).toEqual({ ok: false, error: { message, line: 2, column: 3 } })
  })

  test('PostgreSQL cannot store NUL, and has no limit to whole numbers', () => {
    expect(tryToBind('select ${x}', ['a\0'], 'postgresql')).toMatchObject({ ok: false })
    expect(bound('select ${x}', [2n ** 200n], 'postgresql').parameters).toEqual([{ type: 'numeric', value: String(2n ** 200n) }])
  })

  test('PostgreSQL is told every type but that of texts, which is what their place asks for', () => {
    const values = [1.5, true, new Date(0), new Uint8Array(), { a: 1 }, [[1], [2]], [], ['a'], null]
    const source = `select ${values.map((_, n) => `\${v${n}}`).join(', ')}`
    expect(bound(source, values, 'postgresql').text.replace(/\s+/g, ' ')).toBe(
      'select cast($1 as float8) , cast($2 as bool) , cast($3 as timestamptz) , cast($4 as bytea) , cast($5 as jsonb) , cast($6 as int4[]) , $7 , $8 , $9 ',
    )
  })
})

describe('[X3] a list', () => {
  const three = 'from (values (1), (2), (3), (null)) t(i)'
  const numbers = async (condition: string, xs: unknown) => {
    const { rows } = await duckDb.runCell(`select i ${three} where i ${condition} order by i`, [xs])
    return rows.map(([i]) => i)
  }

  test.each([
    ['in (${list(xs)})', [1, 3], [1, 3]],
    ['in ${list(xs)}', new Set([2]), [2]],
    ['not in (${list(xs)})', [1], [2, 3]],
    ['not  in ( /* which */ ${list(xs)} )', new Int8Array([2, 3]), [1]],
    ['in (${list(xs)})', [], []],
    ['in ${list(xs)}', [], []],
    ['not in (${list(xs)})', [], [1, 2, 3, null]],
    ['in (1, ${list(xs)})', [2], [1, 2]],
    ['= greatest(${list(xs)})', [1, 2], [2]],
  ])('where i %s with %o', async (condition, xs, expected) => {
    expect(await numbers(condition, xs)).toEqual(expected)
  })

  test.each(["'a'", '1.5::decimal(4, 2)', "date '2020-01-01'", '[1]', "{'a': 1}", 'true', 'null::uuid'])(
    'nothing is in an empty list, whatever its type: %s',
    async (value) => {
      const source = `select ${value} in (\${list(xs)}), ${value} not in (\${list(xs)})`
      expect((await duckDb.runCell(source, [[]])).rows).toEqual([[false, true]])
    },
  )

  test('in PostgreSQL an empty one binds as `in` does', () => {
    const source = 'select 1 where not a || b in (${list(xs)}) and a = b not in (${list(xs)}) or c'
    const { text } = bound(source, [[]], 'postgresql')
    expect(text.replace(/\s+/g, ' ')).toBe(
      "select 1 where not a || b operator(=) any ('{}') and a = b operator(<>) all ('{}') or c",
    )
    const [statement] = parseSync(text).stmts as { stmt: { SelectStmt: { whereClause: unknown } } }[]
    // (not ((a || b) in …)) and (a = (b not in …)) or c
    expect(statement?.stmt.SelectStmt.whereClause).toMatchObject({
      BoolExpr: {
        boolop: 'OR_EXPR',
        args: [
          {
            BoolExpr: {
              boolop: 'AND_EXPR',
              args: [
                { BoolExpr: { boolop: 'NOT_EXPR', args: [{ A_Expr: { kind: 'AEXPR_OP_ANY', lexpr: { A_Expr: {} } } }] } },
                { A_Expr: { kind: 'AEXPR_OP', rexpr: { A_Expr: { kind: 'AEXPR_OP_ALL' } } } },
              ],
            },
          },
          { ColumnRef: {} },
        ],
      },
    })
  })

  test.each([
    ['select ${list(x)}', 5, 'This value is no list'],
    ['select ${list(x)}', 'text', 'This value is no list'],
    ['select f(${list(x)})', [], 'This value is an empty list, which can only stand in `in (…)`'],
    ['select 1 in (1, ${list(x)})', [], 'This value is an empty list, which can only stand in `in (…)`'],
    ['select 1 in (${list(x)})', [1, undefined], 'This value at [1] is undefined: write `?? null` where NULL is meant'],
    [
      'select 1 in (${list(x)})',
      Array(65_536).fill(1),
      'This value brings more than 65,535 parameters: make it a table and join with it',
    ],
  ])('%s with %o is refused', (source, value, message) => {
    expect(tryToBind(source, [value])).toMatchObject({ ok: false, error: { message } })
  })
})

describe('places of the engine are places in the cell', () => {
  test('DuckDB counts bytes', async () => {
    await duckDb.run('set errors_as_json = true')
    const source = '-- é🦆\nselect ${ident(n)}, \'é🦆\u00a0\',\u00a0${v},\n  nowhere from (select 1 as "é")'
    const sql = bound(source, ['é', 'x'.repeat(50)])
    const failure = await duckDb.runBound(sql).catch((error: Error) => error)
    if (!(failure instanceof Error)) throw new Error('The query should fail')
    const { position } = JSON.parse(failure.message) as { position: string }
    expect(sql.positionOf(Number(position))).toEqual({ line: 3, column: 3 })
    await duckDb.run('set errors_as_json = false')
  })

  test('PostgreSQL counts characters from 1', () => {
    const source = "select ${ident(n)}, 'é🦆',\r\n  ${v}, nowhere"
    const { text: sql, positionOf } = bound(source, ['🦆', 1], 'postgresql')
    const at = [...sql.slice(0, sql.indexOf('nowhere'))].length + 1
    expect(positionOf(at)).toEqual({ line: 2, column: 9 })
    expect(positionOf([...sql.slice(0, sql.indexOf('cast'))].length + 1)).toEqual({ line: 2, column: 3 })
    expect(positionOf(1)).toEqual({ line: 1, column: 1 })
    expect(positionOf(10_000)).toEqual({ line: 2, column: 16 })
  })

  test('those in a later statement count from its own beginning', () => {
    const cell = readCell('select 1;\n  select oops, ${x}', 'duckdb')
    const second = cell.statements[1]
    const result = second && bind(cell, second, [1])
    if (!result?.ok) throw new Error('The second statement should bind')
    expect(result.positionOf('select '.length)).toEqual({ line: 2, column: 10 })
  })
})
