// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import * as fc from 'fast-check'
import { scanSync } from 'libpg-query'
import { describe, expect, test } from 'vitest'
import { bound, tryToBind, useDuckDb } from '../../support/sqlBound.ts'

const duckDb = useDuckDb()

/** What would end a string, a name, a comment or a statement, if it ever became a part of the text. */
const INJECTIONS = [
  "'; drop table t; --",
  "' or '1' = '1",
  '"; drop table t; --',
  '" from secrets --',
  "\\'; select 1; --",
  '$$; select 1; $$',
  '$1',
  '${x}',
  '*/ select 1 /*',
  '-- ',
  "E'\\",
  'a.b',
  '"a"."b"',
  'select',
  ' ',
  '\n',
  ';',
  "''",
  '""',
  'U&"\\0022"',
  '\u00a0',
  '🦆"é',
  'ʼ＇＂',
]
const text = fc.oneof(
  fc.constantFrom(...INJECTIONS),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.array(fc.constantFrom(...INJECTIONS), { maxLength: 4 }).map((parts) => parts.join('')),
  fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', ';', '-', '/', '*', 'a', '\n', '\u00a0', '`'), maxLength: 12 }),
)

describe('[X3] text never becomes SQL', () => {
  /** Places where a value or a name touches everything it could run into. */
  const HOSTS = [
    "select ${v}, 'a'${v}'b', E'\\''${v} E'c\\'', $$d$$${v} $x$e$x$ from ${ident(n)} where ${v} in (${list(vs)})",
    'select ${ident(n)}."a", "b"${ident(n)}, t.${ident(n)}."c" -- ${ident(n)}\n, u&${ident(n)}/* ${v} */${v}--\n',
    'select (${v})-${v}*-${v}/${v}::text,[${v}]',
  ]

  test('the tokens are the same whatever the values are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HOSTS), text, text, (source, value, name) => {
        fc.pre(name !== '' && Buffer.byteLength(name) <= 63)
        for (const dialect of ['duckdb', 'postgresql'] as const) {
          const valuesOf = (v: string, n: string) => valuesFor(source, { v, n, vs: [v, v] })
          const tokensOf = (sql: string) => scanSync(sql).tokens.map(({ tokenType, text: token }) => ({ tokenType, token }))
          const quoted = `"${name.replaceAll('"', '""')}"`
          const found = tokensOf(bound(source, valuesOf(value, name), dialect).text)
          const harmless = tokensOf(bound(source, valuesOf('v', 'n'), dialect).text)
          expect(found).toEqual(harmless.map((each) => (each.token === '"n"' ? { ...each, token: quoted } : each)))
        }
      }),
      { numRuns: 500 },
    )
  })

  /** In the order of their first appearance. */
  function valuesFor(source: string, given: Record<string, unknown>): unknown[] {
    const names = [...source.replace(/--.*|\/\*.*?\*\//g, '').matchAll(/\$\{(?:\w+\()?(\w+)\)?\}/g)].map(([, name]) =>
      String(name),
    )
    return [...new Set(names)].map((name) => given[name])
  }

  test('DuckDB gives values and names back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (value, name) => {
        fc.pre(name.trim() !== '')
        const source =
          'select ${v} as ${ident(n)}, t.${ident(n)} from (select ${v} as ${ident(n)}) t where ${v} in (${list([v])})'
        const { rows, columns } = await duckDb.runCell(source, [value, name, [value]])
        expect(rows).toEqual([[value, value]])
        // A second column of one name is renamed by the driver.
        expect(columns[0]).toBe(name)
      }),
      { numRuns: 300 },
    )
  })

  test('a table by a hostile name', async () => {
    const name = `"; drop table t; -- 'é`
    const create = bound('create table ${ident(n)} as select ${v} as i', [name, 1])
    await duckDb.runBound(create)
    expect((await duckDb.runCell('from main.${ident(n)}', [name])).rows).toEqual([[1]])
    expect((await duckDb.runCell('from ${ident(n)}', [['memory', 'main', name]])).rows).toEqual([[1]])
  })

  test.each<[unknown, string]>([
    [5, 'This value is no string, and so no name'],
    ['', 'This value is empty: a name needs a letter'],
    ['a\0b', 'This value has a character that no name can have'],
    ['\ud800', 'This value has a character that no name can have'],
    ['é'.repeat(32), 'This value has 64 bytes: a name can have 63'],
    [[], 'This value is a list of 0: a name has one to three parts'],
    [['a', 1], 'This value at [1] is no string, and so no name'],
  ])('%o is no name', (value, message) => {
    expect(tryToBind('from ${ident(n)}', [value], 'postgresql')).toEqual({ ok: false, error: { message, line: 1, column: 6 } })
  })
})
