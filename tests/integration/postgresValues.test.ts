// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usePostgres } from '../support/postgres.ts'
import { TestEngine } from '../support/postgresEngine.ts'

const postgres = usePostgres()
let db: TestEngine
beforeAll(async () => {
  db = new TestEngine(postgres.server.url())
})
afterAll(() => db?.close())

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
    db.rules = { readOnly: true, statementMs: 60_000 }
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
