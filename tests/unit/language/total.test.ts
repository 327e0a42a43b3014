// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import { analyse as analyseAny, compile as compileAny } from '@rivulet/server/src/language/languages.ts'
import type { Language } from '@rivulet/server/src/notebook/model.ts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const MAX_SOURCE = 256 * 1024

/** Analysis and compilation answer, agree with each other, and put every place inside the source. */
function answers(language: Language, source: string): void {
  const analysis = analyseAny(language, source)
  const compiled = compileAny(language, source)
  expect(compiled.ok).toBe(analysis.syntaxError === undefined)
  for (const { line, column } of [...analysis.assigns, ...(analysis.syntaxError ? [analysis.syntaxError] : [])])
    isInside(source, line, column)
  if (!compiled.ok) isInside(source, compiled.error.line, compiled.error.column)
  if (compiled.ok) for (const name of analysis.uses) expect(compiled.uses).toContain(name)
  expect(new Set(analysis.defines).size).toBe(analysis.defines.length)
}

function isInside(source: string, line: number, column: number): void {
  const text = source.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1]
  expect(text, `line ${line}`).toBeDefined()
  expect(column).toBeGreaterThanOrEqual(1)
  expect(column).toBeLessThanOrEqual(String(text).length + 1)
}

const PROGRAMS = [
  'import d, { a as b, type T } from "m"\nexport const { x, y: [z = 1, ...r] } = await d(b)\nx + z',
  'class A<T> extends B { #p = 1; static { for (;;) break } constructor(private q: string) { super() } get g() { return this.#p } }',
  'enum E { A, B = 1 << 2 } namespace N { export let v = E.A } @dec class C { accessor w = N.v }',
  'async function* f(a = () => ({ b: 1 }), ...c: number[]) { for await (const q of c) yield* q; label: while (a) do continue label; while (1) }',
  'const t = `a${`b${c}`}d`, s = tag`\\u{61}${t}`, re = /[/\\]a](?<n>x)/giu, n = 0x1fn ** 2n; x ??= y?.[z]?.(1) ?? !t',
  'type M<T> = { [K in keyof T as `get${K & string}`]-?: T[K] extends infer U extends string ? (x: U) => asserts x is U : never }\nlet m = <const T,>(x: T) => x satisfies T',
  'switch (a) { case 1: { let b; var c } default: try { throw new Error("x", { cause: c }) } catch ({ message }) { message } finally { c++ } }',
  '# Title\n\nSome `code ${a}` and ${b.map((x) => `${x}}`)} and \\${c}\n\n```ts\n${d}\n```\n${ {} }',
]

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: loneUnit(), maxLength: 50 }),
)

function loneUnit() {
  return fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
}

/** A program after some deletions, repetitions and insertions. */
const mutated = fc
  .tuple(
    fc.constantFrom(...PROGRAMS),
    fc.array(
      fc.record({
        at: fc.nat(10_000),
        length: fc.nat(12),
        kind: fc.constantFrom('delete', 'double', 'insert', 'line'),
        text: fragment(),
      }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
  )
  .map(([program, edits]) =>
    edits.reduce((source, { at, length, kind, text }) => {
      const from = at % (source.length + 1)
      const piece = source.slice(from, from + length)
      const middle = { delete: '', double: piece + piece, insert: text + piece, line: `\r\n${piece}` }[kind] ?? ''
      return source.slice(0, from) + middle + source.slice(from + length)
    }, program),
  )

function fragment() {
  const tokens =
    '( ) [ ] { } < > ` ${ } " \' / \\ // /* */ ; , : ? => = + ! ... . # @ await yield async let class function enum namespace \u2028 \r \ufeff \ud800 😀 0 $rivulet'
  return fc.constantFrom(...tokens.split(' '))
}

const tokens = fc.array(fragment(), { maxLength: 60 }).map((parts) => parts.join(''))

describe('[P11] analysis and compilation answer for every text', () => {
  test.each<Language>(['typescript', 'markdown'])('%s: arbitrary text', (language) => {
    fc.assert(
      fc.property(anything, (source) => answers(language, source)),
      { numRuns: 300, seed: 11 },
    )
  })

  test.each<Language>(['typescript', 'markdown'])('%s: damaged programs', (language) => {
    fc.assert(
      fc.property(mutated, (source) => answers(language, source)),
      { numRuns: 300, seed: 12 },
    )
  })

  test.each<Language>(['typescript', 'markdown'])('%s: tokens in any order', (language) => {
    fc.assert(
      fc.property(tokens, (source) => answers(language, source)),
      { numRuns: 300, seed: 13 },
    )
  })

  test.each<Language>(['python'])('%s: a language that is not there', (language) => {
    fc.assert(
      fc.property(anything, (source) => {
        expect(analyseAny(language, source).syntaxError === undefined).toBe(source.trim() === '')
      }),
    )
  })
})

/** Texts on which a parser without bounds overflows the stack, takes minutes or fills the memory. */
const DEEP: [name: string, text: (n: number) => string][] = [
  ['parentheses', (n) => `${'('.repeat(n)}1${')'.repeat(n)}`],
  ['open parentheses', (n) => '('.repeat(n)],
  ['arrays', (n) => '['.repeat(n) + ']'.repeat(n)],
  ['blocks', (n) => '{'.repeat(n) + '}'.repeat(n)],
  ['functions', (n) => 'function f(){'.repeat(n) + '}'.repeat(n)],
  ['classes', (n) => `${'class A{a='.repeat(n)}1${'}'.repeat(n)}`],
  ['templates', (n) => `${'`${'.repeat(n)}1${'}`'.repeat(n)}`],
  ['arrows', (n) => `${'a=>'.repeat(n)}1`],
  ['arrows with defaults', (n) => `${'(a='.repeat(n)}1${')=>1'.repeat(n)}`],
  ['prefixes', (n) => `${'!'.repeat(n)}1`],
  ['words', (n) => `${'typeof '.repeat(n)}1`],
  ['sums', (n) => `${'1+'.repeat(n)}1`],
  ['powers', (n) => `${'2**'.repeat(n)}1`],
  ['conditions', (n) => `${'a?b:'.repeat(n)}1`],
  ['assignments', (n) => `${'x='.repeat(n)}1`],
  ['members', (n) => `a${'.b'.repeat(n)}`],
  ['calls', (n) => `a${'()'.repeat(n)}`],
  ['else', (n) => `${'if(a);else '.repeat(n)};`],
  ['loops', (n) => `${'while(a)'.repeat(n)};`],
  ['do', (n) => `${'do '.repeat(n)}x`],
  ['labels', (n) => `${Array.from({ length: n }, (_, i) => `l${i}:`).join('')};`],
  ['generics', (n) => `type T=${'A<'.repeat(n)}1${'>'.repeat(n)}`],
  ['comparisons', (n) => 'a<'.repeat(n)],
  ['a list of comparisons', (n) => `[${'a<b,'.repeat(n)}]`],
  ['conditional types', (n) => `type T=${'A extends B?C:'.repeat(n)}1`],
  ['patterns', (n) => `let ${'['.repeat(n)}a${']'.repeat(n)}=1`],
  ['JSX', (n) => '<a>'.repeat(n) + '</a>'.repeat(n)],
  ['modifiers', (n) => `class A { static ${'accessor '.repeat(n)} }`],
  ['backslashes', (n) => '\\'.repeat(n)],
  ['wrong escapes', (n) => `"${'\\u'.repeat(n)}"`],
  ['wrong flags', (n) => `/x/${'a'.repeat(n)}`],
  ['wrong statements in a row', (n) => 'return /x/ '.repeat(n)],
  ['wrong statements on lines of another kind', (n) => 'return /x/\u2028'.repeat(n)],
  ['wrong statements on lines of an old kind', (n) => 'return\r'.repeat(n)],
  ['wrong statements on one line', (n) => 'return;'.repeat(n)],
  ['the same name', (n) => 'let a;\n'.repeat(n)],
  ['the same key', (n) => `({${'__proto__:1,'.repeat(n)}})`],
  ['the same key in quotes', (n) => `({${'"__proto__":1,'.repeat(n)}})`],
  ['undeclared private names', (n) => 'a.#x;'.repeat(n)],
  ['octal numbers', (n) => '01;'.repeat(n)],
  ['regular expressions or divisions', (n) => '}/('.repeat(n)],
  ['holes', (n) => '${'.repeat(n) + '}'.repeat(n)],
  ['half-open holes', (n) => '${ { } '.repeat(n)],
  ['broken holes', (n) => '${a b} '.repeat(n)],
  ['good holes', (n) => '${a} '.repeat(n)],
  ['code spans', (n) => '` ${a} '.repeat(n)],
  ['backticks', (n) => Array.from({ length: Math.min(n, 600) }, (_, i) => '`'.repeat(i)).join(' ')],
  ['fences', (n) => '```\n${a}\n'.repeat(n)],
]

test('[P11] exports where there can be none', () => {
  answers('typescript', 'enum E { A } { export let v = E.A } @dec class C { accessor w = 1 }')
})

describe('[P11] no text is too deep or too long', () => {
  test.each(DEEP)('%s: 10,000 times, and up to the longest source', (_, text) => {
    for (const source of [text(10_000), text(MAX_SOURCE)]) {
      answers('typescript', source.slice(0, MAX_SOURCE))
      answers('markdown', source.slice(0, MAX_SOURCE))
    }
  })

  test.each([
    ['brackets', `${'('.repeat(201)}`, 'Brackets are nested more than 200 deep here', 201],
    ['comparisons', 'a<'.repeat(65), 'There are more than 64 `<` without `>` here: put comparisons in parentheses', 130],
    ['statements', 'if(a);else '.repeat(1_100), 'Statements are nested too deeply here', 11_001],
    ['operators', '!'.repeat(4_002), 'This expression is too long: split it up', 4_001],
    ['words', 'a;'.repeat(10_001), 'A cell can have 10,000 words of code: split this one up', 20_001],
    ['a row of words', 'accessor '.repeat(60), 'There is too much in a row here: is an operator missing?', 451],
  ])('%s: the limit is said, and where', (_, source, message, column) => {
    expect(analyseAny('typescript', source).syntaxError).toEqual({ message, line: 1, column })
  })

  const rows = Array.from({ length: 6_000 }, (_, i) => `["row ${i}", ${i}, -${i}.5, "2024-01-0${i % 10}"]`)

  test.each([
    ['long data', `const data = [\n${rows.join(',\n')}\n]`, ['data']],
    ['long data on one line', `const data = [${rows.join(', ')}]`, ['data']],
    ['a long text', `const text = \`${'word ${a} '.repeat(190)}${'text '.repeat(50_000)}\``, ['text']],
    ['many lines', Array.from({ length: 2_000 }, (_, i) => `const v${i} = f(v${i - 1}, ${i})`).join('\n'), undefined],
    ['many short statements', 'if (a) b()\nfoo(a < b)\nx = (c as D<E>) / 2\n'.repeat(900), []],
    ['a long chain', `const q = a${'\n  .map((x) => x + 1)'.repeat(500)}`, ['q']],
    ['a long sum', `const q = ${'"line" +\n'.repeat(1_500)}""`, ['q']],
    ['many flags', `enum F { ${Array.from({ length: 200 }, (_, i) => `F${i} = 1 << ${i % 31}`).join(', ')} }`, ['F']],
    ['many comparisons', `f(${'(a < b), '.repeat(500)})`, []],
    ['many types', `type U = ${'| { kind: "a", of: Array<Map<string, number>> }\n'.repeat(300)}`, []],
  ])('but what people write is let through: %s', (_, source, defines) => {
    expect(source.length).toBeLessThan(MAX_SOURCE * 1.2)
    const analysis = analyseAny('typescript', source)
    expect(analysis.syntaxError).toBeUndefined()
    if (defines) expect(analysis.defines).toEqual(defines)
    expect(compileAny('typescript', source).ok).toBe(true)
  })
})
