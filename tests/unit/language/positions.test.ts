// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import { compile } from '@rivulet/server/src/language/typescript/compile.ts'
import { describe, expect, test } from 'vitest'
import { CellError, type RunOptions, run } from './run.ts'

/** Marks the places of the frames, innermost first, when they are more than one as `§1`, `§2` … */
const MARK = /§(\d?)/g

/** The source without its marks, and where they were. */
function marked(text: string): { source: string; places: string[] } {
  const places: string[] = []
  let removed = 0
  for (const match of text.matchAll(MARK)) {
    const before = text.slice(0, match.index).replace(MARK, '')
    const lines = before.split(/\r\n|[\n\r\u2028\u2029]/)
    places[Number(match[1] || 1) - 1] = `${lines.length}:${String(lines.at(-1)).length + 1}`
    removed += match[0].length
  }
  expect(removed).toBeGreaterThan(0)
  return { source: text.replace(MARK, ''), places }
}

async function placesOf(source: string, options?: RunOptions): Promise<string[]> {
  const outcome = await run(source, options).catch((error: unknown) => error)
  if (!(outcome instanceof CellError)) throw new Error(`Expected an error of the cell, got ${String(outcome)}`)
  return outcome.places
}

const given = { nothing: undefined, call: (f: () => unknown) => f(), list: [1, 2] }
const modules = { m: { x: 1 } }

describe('[G11] errors are at the place in the user’s own lines', () => {
  test.each([
    ['first line', 'throw §new Error()'],
    ['a later line', 'const a = 1\n\n  throw §new Error()'],
    ['behind other code of the line', 'const a = 1; let b = 2; throw §new Error()'],
    ['the last expression', 'nothing.§x'],
    ['the last expression, in parentheses', '(nothing.§x)'],
    ['the last expression, of several lines', '[\n  1,\n  nothing.§x,\n]'],
    ['a missing name', '1 + §absent'],
    ['a missing function', '§absent(1)'],
    ['a missing function behind other code', 'const a = 1\n§absent(a)'],
    ['a missing function on a line with others', 'const a = 1; §absent(a)'],
    ['a missing function in what is awaited', '§await absent(1)'],
    ['a missing function that is awaited before the end', 'const a = 1\n§await absent(a)\na'],
    ['a missing function in a loop without braces', 'for (const x of list)\n  §absent(x)'],
    ['a call', 'const o = {}\no.§m()'],
    ['a type before it on the line', 'const a: Record<string, Array<number>> = {}, b = nothing.§x'],
    ['a cast before it', '(list as unknown as string[]); (nothing as any).§x'],
    ['generics', 'const f = <T extends { a: string },>(x: T): T => x; f<any>(nothing)§.x'],
    ['an interface above', 'interface I {\n  a: string\n}\ntype T = I & {\n  b: 1\n}\nnothing.§x'],
    ['an enum above', 'enum E {\n  A,\n  B = 4,\n}\nnothing.§x'],
    ['overloads above', 'function f(x: string): void\nfunction f(x: number): void\nfunction f(x: unknown) {}\nnothing.§x'],
    ['an import above', 'import { x } from "m"\nnothing.§x'],
    ['an import below', 'const y = 1\nnothing.§x\nimport { x } from "m"'],
    [
      'imports above, below and between',
      'import "m"\nconst y = 1; import { x } from "m"\nimport * as q from "m"\nnothing.§x\nimport z from "m"',
    ],
    ['exports', 'export const a = 1, b = nothing.§x'],
    ['export default', 'export default nothing.§x'],
    ['CRLF', 'const a = 1\r\nconst b: number = 2\r\n\r\n  nothing.§x'],
    ['CR and U+2028', 'const a = 1\rconst b = 2\u2028nothing.§x'],
    ['a template', 'const s = `line\n  ${list.map((x) => x)}\n${nothing.§x}`'],
    ['a tagged template', 'const tag = (s: any, f: any) => f()\ntag`a\n${() => nothing.§1x}`§2'],
    ['wide characters before it', 'const s = "😀é𠮷"; nothing.§x'],
    ['tabs', '\tconst a = 1\n\t\tnothing.§x'],
    ['a byte order mark', '\ufeffconst a = 1\nnothing.§x'],
    ['a hashbang', '#!/usr/bin/env deno\nnothing.§x'],
    ['comments', '/* a\n b */ // c\n/* d */ nothing.§x // e'],
    ['after await', 'await 1\nconst a = await 2; nothing.§x'],
    ['in what is awaited', 'const a = await nothing.§x'],
    ['a loop without braces', 'for (const x of list)\n  nothing.§x'],
    ['a loop with braces', 'while (true) { nothing.§x }'],
    ['do and while', 'do\n  nothing.§x\nwhile (true)'],
    ['the head of a loop', 'for (const x of nothing.§x) x'],
    ['a loop on one line', 'for (let i = 0; i < 3; i++) if (i) nothing.§x'],
    ['destructuring', 'const { §x } = nothing'],
    ['a class field', 'class A { a: number = 1; b = nothing.§1x }\nnew §2A()'],
    ['a static block', 'class A { static { nothing.§x } }'],
    ['dynamic import around it', 'await import(nothing.§x)'],
    ['a decorator', 'function d(c: any, k: any) { nothing.§1x }\n@§2d class A {}'],
    [
      'under a decorated class',
      'const d = (...a: any[]) => {}\n@d class A { @d m(x: number) {} }\n\nconst b: number = nothing.§x',
    ],
    ['under a namespace', 'namespace N { export let x: number = 1; x++ }\nconst b: number = nothing.§x'],
    ['in a namespace', 'namespace N {\n  export let x: number = nothing.§1x\n}§2'],
  ])('%s', async (_, text) => {
    const { source, places } = marked(text)
    expect((await placesOf(source, { given, modules }))[0]).toBe(places[0])
  })

  test.each([
    ['a function', 'function f() {\n  throw §1new Error()\n}\n§2f()'],
    ['a function after types', 'const f = (a: number, b?: string): never => { throw §1new Error() }\nlet x: number = 1; §2f(1)'],
    ['an arrow function', 'const f = () => nothing.§1x\n§2f()'],
    ['an arrow function on several lines', 'const f = (x: number) =>\n  nothing\n    .§1x\nconst y = §2f(1)'],
    ['a callback', 'list.map((x) => {\n  nothing.§1x\n})'],
    ['a method', 'class A {\n  private a = 1\n  m(x: number): void {\n    nothing.§1x\n  }\n}\nnew A().§2m(1)'],
    ['a getter', 'const o = {\n  get g(): number { return nothing.§1x },\n}\no.§2g'],
    ['a constructor', 'class A { constructor(private a: number) { nothing.§1x } }\n§2new A(1)'],
    [
      'a derived constructor',
      'class A {}\nclass B extends A {\n  constructor(readonly a: number) {\n    super()\n    nothing.§1x\n  }\n}\n§2new B(1)',
    ],
    ['a generator', 'function* g() { yield nothing.§1x }\n[...§2g()]'],
    ['an async function', 'async function f() {\n  await 1\n  nothing.§1x\n}\n§2await f()'],
    ['an async arrow', 'const f = async (x: number) => { await 1; nothing.§1x }\nconst y: number = 1; §2await f(1)'],
    ['nested functions', 'function a(): void { §2b() }\nfunction b(): void { nothing.§1x }\n§3a()'],
    ['recursion', 'function f(n: number): void { if (n) §2f(n - 1); else nothing.§1x }\n§3f(1)'],
  ])('with the callers: %s', async (_, text) => {
    const { source, places } = marked(text)
    const found = await placesOf(source, { given, modules })
    const own = found.filter((place, i) => place !== found[i - 1])
    expect(own.slice(0, places.length)).toEqual(places)
  })

  test('every frame is in the cell or nowhere', async () => {
    const { source } = marked('const f = () => nothing.§x\nlist.map(() => [1].map(f))')
    for (const place of await placesOf(source, { given })) {
      const [line = 0, column = 0] = place.split(':').map(Number)
      const text = source.split('\n')[line - 1]
      expect(text).toBeDefined()
      expect(column).toBeLessThanOrEqual(String(text).length + 1)
    }
  })

  test('a place outside of the code is nowhere', () => {
    const compiled = compile('1')
    expect(compiled.ok && compiled.positionOf({ line: 1_000, column: 1 })).toBeUndefined()
    // The line on which the kernel's own wrapping stands.
    expect(compiled.ok && compiled.positionOf({ line: 0, column: 1 })).toBeUndefined()
  })
})
