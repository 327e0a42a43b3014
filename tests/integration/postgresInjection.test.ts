// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { usePostgres } from '../support/postgres.ts'
import { TestEngine } from '../support/postgresEngine.ts'

const postgres = usePostgres()
let db: TestEngine
beforeAll(() => {
  // It may write: what is injected would be felt.
  db = new TestEngine(postgres.server.url())
})
afterAll(() => db?.close())
beforeEach(async () => {
  await db.run(
    `drop table if exists accounts; create table accounts (id int, name text); insert into accounts values (1, 'one'), (2, 'two')`,
  )
})

const untouched = async () =>
  expect(await db.rows('select * from accounts order by id')).toEqual([
    [1, 'one'],
    [2, 'two'],
  ])

const HOSTILE = [
  `'; drop table accounts; --`,
  `'' or 1 = 1 --`,
  `\\'; delete from accounts; --`,
  `$$; delete from accounts; $$`,
  `$1`,
  `$tag$ union select * from accounts $tag$`,
  `" ; drop table accounts; "`,
  `/* */ */ ; delete from accounts; /*`,
  `-- \n; delete from accounts;\r\n`,
  `E'\\x27; delete from accounts; --'`,
  `＇; delete from accounts; --`,
  `ʼ ‘ ’ ` + '` ´',
  `\u202e'; delete from accounts`,
  `{"a,b",NULL,"\\\\"}`,
  `\\x27`,
  `%s %I \${x} {{x}} :name ?`,
  `🦆\u0301é\uFEFF`,
  ' leading and trailing \t\n',
  '',
]

describe('[X3] a text is a text, whatever is in it', () => {
  test.each(HOSTILE)('%j as a value', async (text) => {
    expect(await db.rows('select ${text}::text, length(${text})', { values: [text] })).toEqual([[text, [...text].length]])
    expect(await db.rows('select count(*)::int from accounts where name = ${text}', { values: [text] })).toEqual([[0]])
    await untouched()
  })

  test.each(HOSTILE)('%j in lists, JSON and arrays', async (text) => {
    const [row] = await db.rows(
      "select (${a}::text[])[2], ${b}::jsonb ->> 'key', ${text} in (${list(c)}), (select count(*)::int from accounts where name in (${list(c)}))",
      { values: [['x', text, null], { key: text }, text, ['y', text]] },
    )
    expect(row).toEqual([text, text, true, 0])
    await untouched()
  })

  test.each(HOSTILE.filter((text) => text !== '' && Buffer.byteLength(text) < 60))(
    '%j as the name of a column and a table',
    async (text) => {
      await db.run('create table ${ident(text)} (${ident(text)} int); insert into ${ident(text)} values (7)', { values: [text] })
      const { columns, rows } = await db.result('select ${ident(text)} from ${ident(text)}', { values: [text] })
      expect(columns[0]?.name).toBe(text)
      expect(rows).toEqual([[7]])
      await db.run('drop table ${ident(text)}', { values: [text] })
      await untouched()
    },
  )

  test('any text at all', async () => {
    const texts = fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => text.isWellFormed() && !text.includes('\0'))
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 20 }), async (all) => {
        const { handle, total } = await db.result('select x from unnest(${all}::text[]) with ordinality u(x, n) order by n', {
          values: [all],
        })
        const rows = await db.embedded.objects(handle)
        expect(total).toBe(all.length)
        expect(rows.map(({ x }) => x)).toEqual(all)
      }),
      { numRuns: Number(process.env.RUNS ?? 25) },
    )
    await untouched()
  })

  test('a second statement in a text that is no value is refused by PostgreSQL itself', async () => {
    const { request } = db.request('select 1')
    const [statement] = request.statements
    if (!statement) throw new Error('There is no statement')
    const two = { ...statement, text: 'select 1; delete from accounts' }
    await expect(db.engine.run({ ...request, statements: [two] })).rejects.toMatchObject({ code: '42601' })
    await untouched()
  })
})

describe('values arrive as what they are', () => {
  test.each([
    [42, 'pg_typeof(${x})::text', 'integer'],
    [2 ** 40, 'pg_typeof(${x})::text', 'bigint'],
    [1.5, 'pg_typeof(${x})::text', 'double precision'],
    [12345678901234567890n, 'pg_typeof(${x})::text', 'numeric'],
    [true, 'pg_typeof(${x})::text', 'boolean'],
    [new Date('2020-02-29T12:00:00.123Z'), "${x} = timestamptz '2020-02-29 12:00:00.123+00'", true],
    [new Date(-62_198_755_200_000), "${x} = timestamptz '0002-01-01 00:00:00+00 BC'", true],
    [new Date(253_402_300_800_000), "${x} = timestamptz '10000-01-01 00:00:00+00'", true],
    [new Uint8Array([0, 39, 92, 255]), "${x} = '\\x00275cff'::bytea", true],
    [[1, null, 3], 'pg_typeof(${x})::text', 'integer[]'],
    [
      [
        [1, 2],
        [3, 4],
      ],
      '(${x})[2][1]',
      3,
    ],
    [[new Uint8Array([1])], "(${x})[1] = '\\x01'::bytea", true],
    [[new Date(0)], "(${x})[1] = timestamptz 'epoch'", true],
    [{ a: [1, 'x'] }, "${x} -> 'a' ->> 1", 'x'],
    [null, '${x}::int is null', true],
    [Number.NaN, "${x} = 'NaN'::float8", true],
    [Number.POSITIVE_INFINITY, "${x} = 'Infinity'::float8", true],
  ])('%o: %s', async (value, expression, expected) => {
    expect(await db.rows(`select ${expression}`, { values: [value] })).toEqual([[expected]])
  })

  test('an empty list matches nothing, and its opposite everything', async () => {
    expect(await db.rows('select count(*)::int from accounts where id in (${list(x)})', { values: [[]] })).toEqual([[0]])
    expect(await db.rows('select count(*)::int from accounts where id not in (${list(x)})', { values: [[]] })).toEqual([[2]])
  })
})
