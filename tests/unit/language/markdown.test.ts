// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import { DISPLAY } from '@rivulet/server/src/kernel/typescript/inside/bundle.ts'
import { fillMarkdown, type MarkdownPiece } from '@rivulet/server/src/kernel/typescript/inside/markdown.ts'
import { analyse, compile } from '@rivulet/server/src/language/markdown/markdown.ts'
import { describe, expect, test } from 'vitest'

// biome-ignore lint/security/noGlobalEval: runs compiled cells as the kernel does.
const indirectEval = globalThis.eval

interface Shown {
  'text/plain': string
}

/** The plain text that a Markdown cell shows, filled by the kernel's own code. */
async function show(
  source: string,
  given: Record<string, unknown> = {},
  unavailable: Record<string, string> = {},
): Promise<string> {
  const compiled = compile(source)
  if (!compiled.ok) throw new SyntaxError(compiled.error.message)
  const names = Object.keys(given).filter((name) => compiled.uses.includes(name))
  const head = `'use strict';(function(){return async($rivulet,$rivuletFlag${names.map((name) => `,${name}`).join('')})=>{`
  const cell = indirectEval(`${head}\n${compiled.body}\n}})()`) as (...values: unknown[]) => Promise<void>
  const runtime = {
    value: undefined as { [DISPLAY](): Shown } | undefined,
    markdown: (pieces: MarkdownPiece[]) => fillMarkdown(pieces, unavailable),
    resumed: (value: unknown) => value,
  }
  await cell(runtime, new Int32Array(1), ...names.map((name) => given[name]))
  return String(runtime.value?.[DISPLAY]()['text/plain'])
}

const given = { a: 1, b: 'two', xs: [3, 4], f: (x: unknown) => x }

describe('[X2] holes are filled', () => {
  test.each([
    ['', ''],
    ['# Title', '# Title'],
    ['a is ${a} and b is ${b}', 'a is 1 and b is two'],
    ['${a}${b}', '1two'],
    ['${ xs.map((x) => { return x * 2 }).join("}") }', '6}8'],
    ['${ { q: { r: 5 } }.q.r }!', '5!'],
    ['${ `nested ${a} ${`and ${b}`}` }.', 'nested 1 and two.'],
    ['${ "}" }, ${ /}/.test("}") }, ${ /* } */ a }', '}, true, 1'],
    ['${\n  a // comment }\n}', '1'],
    ['${a // @license}\n} and ${b /*! kept */}', '1 and two'],
    ['${await Promise.resolve(a)}', '1'],
    ['${a as number} ${(a satisfies number)!}', '1 1'],
    ['${(() => { for (const x of xs) if (x > 3) return x })()}', '4'],
    ['${(class { static accessor x = 7 }).x}', '7'],
    ['${(a, b)}', 'two'],
    ['\r\n${a}\r\n', '\r\n1\r\n'],
    ['\u2028${a}\u2029\u0000', '\u20281\u2029\u0000'],
    ['\ud800${a}', '\ud8001'],
    ['quotes " \' ` \\ ${a}', 'quotes " \' ` \\ 1'],
  ])('%j', async (source, expected) => {
    expect(await show(source, given)).toBe(expected)
  })
})

describe('[X2] code spans and fences are left alone, as is \\${', () => {
  test.each([
    ['`${a}` ${a}', '`${a}` 1'],
    ['``${a} ` ${a}`` ${a}', '``${a} ` ${a}`` 1'],
    ['`${a}', '`1'],
    ['`` ` ${a}', '`` ` 1'],
    ['```\n${a}\n```\n${a}', '```\n${a}\n```\n1'],
    ['~~~ts\n${a}\n```\n~~~\n${a}', '~~~ts\n${a}\n```\n~~~\n1'],
    ['````\n```\n${a}\n````\n${a}', '````\n```\n${a}\n````\n1'],
    ['```\n${a}', '```\n${a}'],
    ['``` `x` ${a}', '``` `x` 1'],
    ['\\${a} ${a}', '${a} 1'],
    ['\\\\${a}', '\\\\1'],
    ['costs $5 {a} $ {a} ${', 'costs $5 {a} $ {a} ${'],
    ['`a\n\n${a}`', '`a\n\n1`'],
  ])('%j', async (source, expected) => {
    expect(await show(source, given)).toBe(expected)
  })
})

describe('[X2] a hole that fails says why in its place', () => {
  test.each([
    ['x ${} y', 'x ⚠ empty: The braces are empty y'],
    ['x ${a b} ${a}', 'x ⚠ a b: `b` does not fit here 1'],
    ["I ${don't} ${a}", "I ⚠ don't: This string has no end: a quotation mark is missing 1"],
    ['${a;} ${b}', '⚠ a;: `;` does not fit here two'],
    ['${a) + (b}', '⚠ a) + (b: One expression is expected here'],
    ['${const x = 1}', '⚠ const x = 1: `const` is a reserved word and cannot be a name'],
    ['${absent} ${a}', '⚠ absent: absent is not defined 1'],
    ['${xs.y.z} ${a}', "⚠ xs.y.z: Cannot read properties of undefined (reading 'z') 1"],
    ['${$rivulet.halt()}', '⚠ $rivulet.halt(): Names that begin with `$rivulet` belong to the notebook itself'],
    ['${a +}', '⚠ a +: The expression ends too early'],
    ['${f(a}', '⚠ f(a: The expression ends too early'],
    ['${<b>x</b>}', '⚠ <b>x</b>: JSX is not available in cells: use the html`…` template tag'],
    ['${await}', '⚠ await: The expression ends too early'],
  ])('%j', async (source, expected) => {
    expect(await show(source, given)).toBe(expected)
  })

  test('a name whose cell failed', async () => {
    expect(await show('${bad} and ${a}', given, { bad: 'its cell failed' })).toBe('⚠ bad: its cell failed and 1')
  })

  test('more holes than a cell can have', async () => {
    const shown = await show('${a} '.repeat(1_001), given)
    expect(shown.slice(0, 4)).toBe('1 1 ')
    expect(shown.trimEnd()).toMatch(/ 1 ⚠ a: A Markdown cell can have 1,000 holes$/)
  })
})

describe('[X2] analysis', () => {
  test.each([
    ['plain text', []],
    ['${a + b} ${a} ${_private}', ['a', 'b']],
    ['`${a}` ${b}', ['b']],
    ['${(x) => x + y}', ['y']],
    ['${broken broken} ${a}', ['a']],
    ['${x as typeof y}', ['x']],
  ])('%j uses %j and defines nothing', (source, uses) => {
    expect(analyse(source)).toEqual({ defines: [], uses, assigns: [], empty: false, tolerant: true })
  })

  test('[G6] assignments have their place in the cell', () => {
    expect(analyse('one ${x = 1}\r\n\ntwo ${\n  y++, z.w = 1, [_p] = []}').assigns).toEqual([
      { name: 'x', line: 1, column: 7 },
      { name: 'y', line: 4, column: 3 },
    ])
  })

  test.each(['', ' \n\t'])('[G10] %j is empty', (source) => {
    expect(analyse(source)).toEqual({ defines: [], uses: [], assigns: [], empty: true, tolerant: true })
  })
})
