// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import { lex } from '@rivulet/server/src/language/sql/lexer.ts'
import { readSql } from '@rivulet/server/src/language/sql/sql.ts'
import type { Dialect } from '@rivulet/server/src/language/sql/tokens.ts'
import * as fc from 'fast-check'
import { loadModule, scanSync } from 'libpg-query'
import { beforeAll, describe, expect, test } from 'vitest'
import { QUERIES, STATEMENTS } from '../../support/sqlCorpus.ts'

beforeAll(loadModule)

const DIALECTS: Dialect[] = ['duckdb', 'postgresql']

/** Tokens as `kind:text`, or why there are none and where. */
function tokens(source: string, dialect: Dialect = 'postgresql'): string {
  const lexed = lex(source, dialect)
  if (!lexed.ok) return `${lexed.offset}! ${lexed.message}`
  return lexed.tokens.map(({ kind, start, end }) => `${kind[0]}:${source.slice(start, end)}`).join(' ')
}

describe('tokens', () => {
  test.each([
    ['', ''],
    [' \t\n\r\f', ''],
    ['select A1_b$c, é', 'w:select w:A1_b$c p:, w:é'],
    ['"a" "b""c" ""', 'q:"a" q:"b""c" q:""'],
    ["'a' '' 'it''s' 'a\\'", "s:'a' s:'' s:'it''s' s:'a\\'"],
    ["e'a\\'b' E'\\\\' E'''' xe'a'", "s:e'a\\'b' s:E'\\\\' s:E'''' w:xe s:'a'"],
    ["E'a'\n'b\\'c'", "s:E'a'\n'b\\'c'"],
    ["E'a' -- it's\n 'b\\'c'", "s:E'a' -- it's\n 'b\\'c'"],
    ["E'a' 'b\\' c", "s:E'a' s:'b\\' w:c"],
    ["E'a' /* x\n */ 'b\\' c", "s:E'a' s:'b\\' w:c"],
    ["'a'\n'b\\' c", "s:'a' s:'b\\' w:c"],
    ["U&'a''\\0041' U&\"x\" u & 'x'", "s:U&'a''\\0041' q:U&\"x\" w:u o:& s:'x'"],
    ["n'x' b'01' x'ff'", "w:n s:'x' w:b s:'01' w:x s:'ff'"],
    ["$$a'b$$ $x$ $$ $y$ $x$ $é_1$'$é_1$", "s:$$a'b$$ s:$x$ $$ $y$ $x$ s:$é_1$'$é_1$"],
    ['a$$b', 'w:a$$b'],
    ['a -- b\nc --', 'w:a w:c'],
    ['a -- b\rc', 'w:a w:c'],
    ['a -- b\u2028c', 'w:a'],
    ['a /* b /* c */ d */ e /**/ f /***/', 'w:a w:e w:f'],
    ['1 1.5 .5 5. 1e5 1.5e-3 0xfF 0b01 0o17 1_000', 'n:1 n:1.5 n:.5 n:5. n:1e5 n:1.5e-3 n:0xfF n:0b01 n:0o17 n:1_000'],
    ['1..2 t.1 1a 1e', 'n:1 p:. n:.2 w:t n:.1 n:1 w:a n:1 w:e'],
    ["a->>'b' a::int x:=1 a<=>b", "w:a o:->> s:'b' w:a p::: w:int w:x p::= n:1 w:a o:<=> w:b"],
    ['a+-1 a--1', 'w:a o:+- n:1 w:a'],
    ['a*/*x*/b', 'w:a o:* w:b'],
    ['[1:2] {a} (b);', 'p:[ n:1 p:: n:2 p:] p:{ w:a p:} p:( w:b p:) p:;'],
    ['a ? b ?| c', 'w:a o:? w:b o:?| w:c'],
    ['\u00a0a', 'w:\u00a0a'],
    ['${x}, ${ {a: "}"}.a }', 'h:${x} p:, h:${ {a: "}"}.a }'],
    ['${`${"}"}`}+${/}/.test(x)}', 'h:${`${"}"}`} o:+ h:${/}/.test(x)}'],
    ['${a /* } */ // }\n}', 'h:${a /* } */ // }\n}'],
    ['t.${x}.c (${x})::int', 'w:t p:. h:${x} p:. w:c p:( h:${x} p:) p::: w:int'],
  ])('%j', (source, expected) => {
    expect(tokens(source)).toBe(expected)
  })

  test.each([
    ['a\u00a0b\u3000c\ufeff', 'w:a w:b w:c'],
    ['a#1 /* \u00a0 */', 'w:a o:# n:1'],
    ["E'a'\u00a0\n'b\\'c'", "s:E'a'\u00a0\n'b\\'c'"],
  ])('DuckDB has spaces of its own: %j', (source, expected) => {
    expect(tokens(source, 'duckdb')).toBe(expected)
  })

  test.each([
    ['-- ${a} ${b\n${c}', ['${a}']],
    ['/* ${ {d} } ${`}`} ${ */ select 1', ['${ {d} }', '${`}`}']],
    ['/* ${c + /* d */} */ */ select 1', ['${c + /* d */}']],
    ["select 1 -- it's ${e} and ${f}", ['${e}', '${f}']],
  ])('%j keeps the holes in its comments', (source, holes) => {
    const lexed = lex(source, 'duckdb')
    if (!lexed.ok) throw new Error(lexed.message)
    expect(lexed.remarks.map(({ start, end }) => source.slice(start, end))).toEqual(holes)
  })
})

describe('[X3] what is no SQL says why and where', () => {
  const IN_STRING = "A value cannot stand inside a string: end the string and join the two, as in 'a' || ${x}"
  const GLUED = 'A value cannot be a part of a word: leave a space, or write the whole name as ${ident(`…`)}'

  test.each([
    ["select 'a", "7! This string has no end: a `'` is missing"],
    ["select 'a''", "7! This string has no end: a `'` is missing"],
    ["select E'a\\'", "7! This string has no end: a `'` is missing"],
    ['select "a', '7! This name has no end: a `"` is missing'],
    ['select $x$ a $$', '7! This string has no end: `$x$` is missing'],
    ['select /* a /* b */', '7! This comment has no end: `*/` is missing'],
    ['select ${a', '7! This `${` has no end: a `}` is missing'],
    ['select ${a // }', '7! This `${` has no end: a `}` is missing'],
    ["select ${'a}", '9! This string has no end: a quotation mark is missing'],
    ['select ${`a}', '9! This template has no end: a backtick is missing'],
    ["select 'a ${x} b'", `10! ${IN_STRING}`],
    ["select E'${x}'", `9! ${IN_STRING}`],
    ["select E'a'\n  '${x}'", `15! ${IN_STRING}`],
    ["select '${' ", `8! ${IN_STRING}`],
    ['select "a${x}"', '9! A value cannot stand inside a quoted name: write ${ident(x)}, without the quotes'],
    ['do $$ ${x} $$', '6! A value cannot stand inside a string: end the string and join the two, as in $$a$$ || ${x}'],
    ['select t${x}', `8! ${GLUED}`],
    ['select 1${x}', `8! ${GLUED}`],
    ['select ${x}t', `7! ${GLUED}`],
    ['select ${x}1', `7! ${GLUED}`],
    ['select ${x}$1', `7! ${GLUED}`],
    ['select $1', '7! Values are written `${expression}` here'],
    ['select $name', '7! Values are written `${expression}` here'],
    ['select a, $', '10! Values are written `${expression}` here'],
    ['select \0', '7! SQL cannot contain this character'],
    ["select '\ud800'", '8! SQL cannot contain this character'],
    ["select '\udc00🦆'", '8! SQL cannot contain this character'],
  ])('%j', (source, expected) => {
    expect(tokens(source)).toBe(expected)
    expect(tokens(source, 'duckdb')).toBe(expected)
  })

  test('a question mark is a parameter of DuckDB', () => {
    expect(tokens('select ?', 'duckdb')).toBe('7! Values are written `${expression}` here')
  })

  test('brackets are nested 200 deep at most', () => {
    const deep = (n: number) => readSql(`select ${'('.repeat(n)}1${')'.repeat(n)}`, 'duckdb')
    expect(deep(200).ok).toBe(true)
    expect(deep(201)).toMatchObject({ ok: false, message: 'Brackets are nested more than 200 deep here', offset: 207 })
  })
})

/** PostgreSQL's own scanner: places of everything but comments, in UTF-16 units. */
function postgresqlPlaces(source: string): [number, number][] | undefined {
  const bytes = Buffer.from(source)
  const units = (byte: number) => bytes.subarray(0, byte).toString().length
  try {
    const { tokens: found } = scanSync(source)
    return found.filter(({ tokenName }) => !tokenName.endsWith('COMMENT')).map(({ start, end }) => [units(start), units(end)])
  } catch (error) {
    // It says why a text is wrong in a sentence that its own wrapper cannot read.
    if (error instanceof SyntaxError || (error instanceof Error && 'sqlDetails' in error)) return undefined
    throw error
  }
}

/** What it splits otherwise, without a difference in what is a string, a name or a comment. */
function mayDiffer(text: string): boolean {
  return /\b[nbx]'|'\s*[\n\r]/i.test(text)
}

describe('[P11] as PostgreSQL itself reads it', () => {
  const corpus = [...QUERIES, ...STATEMENTS.map(([sql]) => sql)].filter((sql) => !mayDiffer(sql))

  test.each(corpus)('%s', (sql) => {
    const lexed = lex(sql, 'postgresql')
    const places = postgresqlPlaces(sql)
    if (lexed.ok && places) expect(lexed.tokens.map(({ start, end }) => [start, end])).toEqual(places)
    else expect(places).toBeUndefined()
  })

  const PIECES = [
    "'",
    "''",
    '"',
    '""',
    "E'",
    "\\'",
    '\\',
    '$$',
    '$a$',
    '$b',
    '--',
    '\n',
    '\r',
    '/*',
    '*/',
    '*',
    '/',
    ' ',
    'a',
    'é',
    '🦆',
    '(',
    ')',
    ';',
    '1',
    "U&'",
  ]
  const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(''))

  /** Where the text is in a string, a quoted name or a comment. */
  function quotedPlaces(source: string): string | undefined {
    const lexed = lex(source, 'postgresql')
    if (!lexed.ok) return undefined
    const inside = lexed.tokens.filter(({ kind }) => kind === 'string' || kind === 'quoted')
    return inside.map(({ start, end }) => source.slice(start, end).replace(/^U&/i, '')).join('|')
  }

  test('quotation marks, comments and escapes in any order', () => {
    let agreed = 0
    fc.assert(
      fc.property(soup, (source) => {
        const places = postgresqlPlaces(source)
        const mine = quotedPlaces(source)
        if (!places || mine === undefined) return
        agreed += 1
        // PostgreSQL joins what continues a string on the next line; that changes nothing for a plain one.
        const quoted = places.map(([start, end]) => source.slice(start, end)).filter((text) => /['"]$|^\$.*\$$/s.test(text))
        const normal = (texts: string) =>
          texts.replace(/'(?:[ \t\f\v]|--[^\n\r]*)*[\n\r](?:\s|--[^\n\r]*[\n\r])*'/g, "'|'").replace(/U&/gi, '')
        expect(normal(mine)).toBe(normal(quoted.join('|')))
      }),
      { numRuns: 3_000 },
    )
    expect(agreed).toBeGreaterThan(300)
  })
})

const MAX_SOURCE = 256 * 1024
const FRAGMENTS =
  "' '' \" \"\" E' U&' U&\" $$ $a$ $1 ${ } ${x} ${`${y}`} -- \n \r /* */ ( ) [ ] { } ; , . :: := ->> ? a select from with as join 1 1.e .5 0x \\ \u00a0 \u2028 \ud800 \0 🦆 é".split(
    ' ',
  )
const soup = fc.array(fc.constantFrom(...FRAGMENTS, ' ', ' '), { maxLength: 40 }).map((parts) => parts.join(''))
const damaged = fc
  .tuple(fc.constantFrom(...QUERIES, ...STATEMENTS.map(([sql]) => sql)), fc.nat(), fc.nat(6), fc.constantFrom(...FRAGMENTS, ''))
  .map(([sql, at, cut, put]) => {
    const from = at % (sql.length + 1)
    return sql.slice(0, from) + put + sql.slice(from + cut)
  })

describe('[P11] every text gives tokens and names, or a problem inside it', () => {
  test.each(DIALECTS)('%s', (dialect) => {
    fc.assert(
      fc.property(fc.oneof(soup, damaged, fc.string({ unit: 'binary' })), (source) => {
        const cell = readSql(source, dialect)
        if (!cell.ok) {
          expect(cell.offset).toBeGreaterThanOrEqual(0)
          expect(cell.offset).toBeLessThanOrEqual(source.length)
          return
        }
        const lexed = lex(source, dialect)
        if (!lexed.ok) throw new Error('read, but not lexed')
        let end = 0
        for (const token of lexed.tokens) {
          expect(token.start).toBeGreaterThanOrEqual(end)
          expect(token.end).toBeGreaterThan(token.start)
          end = token.end
        }
        expect(end).toBeLessThanOrEqual(source.length)
        for (const { pieces } of cell.statements)
          for (const piece of pieces)
            if (piece.kind === 'text')
              expect(source.slice(piece.offset, piece.offset + piece.text.length)).toHaveLength(piece.text.length)
      }),
      { numRuns: 600 },
    )
  })

  test.each([
    ['quotes', "'"],
    ['pairs of quotes', "''"],
    ['strings', "'a' "],
    ['strings that might go on', "E'a' -- x\n"],
    ['half comments after a string', "E'a' -- -- -- -- "],
    ['opened comments', '/*'],
    ['closed comments', '/**/'],
    ['comments with half a hole', '/*${*/'],
    ['half holes in one comment', '--${ '],
    ['dollars', '$'],
    ['dollar quotes', '$a$ $b$ '],
    ['holes', '${x},'],
    ['half-open holes', '${ { '],
    ['opening brackets', '('],
    ['closing brackets', ')'],
    ['semicolons', 'a;'],
    ['dots', 'a.'],
    ['operators', '+'],
    ['withs', 'with a as (select 1),'],
    ['explains', 'explain '],
    ['prepares', 'prepare a as '],
    ['from', 'from a,'],
    ['joins', 'join a on b '],
    ['creates', 'create table a as '],
    ['unions', 'select a from b union '],
    ['unusual spaces', '\u00a0'],
  ])('%s, up to the longest source', (_, piece) => {
    const source = piece.repeat(MAX_SOURCE / piece.length)
    for (const text of [source, `with ${source}`, `select ${source}`]) {
      const cell = readSql(text, text === source ? 'postgresql' : 'duckdb')
      expect(cell.ok || cell.offset <= text.length).toBe(true)
    }
  })
})
