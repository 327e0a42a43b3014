// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import { describe, expect, test } from 'vitest'
import { run } from './run.ts'

const given = {
  a: 1,
  b: 2,
  f: (x: unknown) => x,
  tag: (parts: readonly string[], ...values: unknown[]) => [parts.join('|'), values],
}

describe('[S1] the value of a cell is its last expression', () => {
  test.each<[source: string, value: unknown]>([
    ['1 + a', 2],
    ['1; 2;', 2],
    ['1 // comment', 1],
    ['1 /* a */;  /* b */ // c\n', 1],
    ['({ a: 1 })', { a: 1 }],
    ['[a, b]', [1, 2]],
    ['a, b', 2],
    ['(1, 2)', 2],
    ['await Promise.resolve(a)', 1],
    ['(await Promise.resolve([a]))[0]', 1],
    ['f\n(b)', 2],
    ['let x = [1, 2]\n;[3].concat(x)', [3, 1, 2]],
    ['let y = 1\ny = 5', 5],
    ['a ? b : 0', 2],
    ['`${a}-${await b}`', '1-2'],
    ['tag`x${b}y`', ['x|y', [2]]],
    ['a as number', 1],
    ['a satisfies number', 1],
    ['<number>a', 1],
    ['a!', 1],
    ['"use strict"', 'use strict'],
    ['"text"; "more"', 'more'],
    ['("text")', 'text'],
    ['export default a + b', 3],
    ['export default { a: 1 }', { a: 1 }],
    ['export default (a, b)', 2],
    ['export default await f(3)', 3],
    ['export default [a] as const', [1]],
    ['import.meta', {}],
    ['void 0', undefined],
    ['null', null],
    ['10n ** 2n', 100n],
    ['/x/v.test("x")', true],
    ['1_000', 1000],
    ['#!/usr/bin/env deno\na', 1],
    ['\ufeffa', 1],
    ['a\r\n+ b', 3],
    ['(function () { return this })()', undefined],
    ['() => 1', expect.any(Function)],
    ['async () => {}', expect.any(Function)],
    ['(class {})', expect.any(Function)],
    ['export default class {}', expect.any(Function)],
    ['export default abstract class { }', expect.any(Function)],
    ['export default function () {}', expect.any(Function)],
    ['export default async () => {}', expect.any(Function)],
  ])('%s', async (source, value) => {
    expect((await run(source, { given })).value).toEqual(value)
  })

  test.each([
    'let x = 1',
    'function g() {}',
    'if (1) 2',
    '1; {}',
    'for (;;) break',
    'l: 1',
    '1; type T = 1',
    '',
    ';',
    '1;;',
    'export {}',
    '1; export {}',
  ])('%j has none', async (source) => {
    expect((await run(source)).value).toBeUndefined()
  })

  test('[S15] a promise is handed on as one', async () => {
    const { value } = await run('Promise.resolve(1)')
    expect(value).toBeInstanceOf(Promise)
  })
})

describe('[G8] the names a cell hands on', () => {
  test.each<[source: string, names: Record<string, unknown>]>([
    ['const x = 1, _y = 2; let z; var w = x + _y', { x: 1, z: undefined, w: 3 }],
    ['const { p, q: [r = 4, ...s] } = { p: 1, q: [undefined, 5, 6] }', { p: 1, r: 4, s: [5, 6] }],
    ['let n = 1; n += 2; { let n = 9 }', { n: 3 }],
    ['for (var i = 0; i < 3; i++) { let j = i }', { i: 3 }],
    ['export const x = 1; export { x as y }', { x: 1 }],
    ['const x = g(); function g() { return 1 }', { x: 1, g: expect.any(Function) }],
    ['export default function g() {}', { g: expect.any(Function) }],
    ['export default abstract class A {}', { A: expect.any(Function) }],
    ['enum E { A, B = "b", C = 1 << 2 }', { E: { 0: 'A', A: 0, B: 'b', 4: 'C', C: 4 } }],
    ['const enum E { A = 1 } const x = E.A', { E: { 1: 'A', A: 1 }, x: 1 }],
    ['enum E { A } enum E { B = 1 }', { E: { 0: 'A', A: 0, 1: 'B', B: 1 } }],
    ['namespace N { export const x = 1; export function g() { return x } }', { N: { x: 1, g: expect.any(Function) } }],
    ['namespace A.B { export let x = 1; x++ } namespace A { export const y = B.x }', { A: { B: { x: 2 }, y: 2 } }],
    ['function g() { return g.x } namespace g { export let x = 1 }', { g: expect.any(Function) }],
    ['namespace N { export type T = 1 }', {}],
    ['const o = { p: { q: 1 } }; import q = o.p.q', { o: { p: { q: 1 } }, q: 1 }],
    ['type T = 1; interface I {} declare const d: T', {}],
    ['function g(x: string): string; function g(x: unknown) { return x }', { g: expect.any(Function) }],
    // biome-ignore lint/suspicious/noThenProperty: that it is not taken for a promise is what is tested.
    ['const then = (x: unknown) => x', { then: expect.any(Function) }],
    ['const constructor = 1, toString = 2, hasOwnProperty = 3', { constructor: 1, toString: 2, hasOwnProperty: 3 }],
    ['const __proto__ = { x: 1 }', {}],
    ['const console = 1, Object = 2, html = 3', { console: 1, Object: 2, html: 3 }],
    ['let async = 1, of = 2, get = 3, type = 4', { async: 1, of: 2, get: 3, type: 4 }],
    ['const \\u0061b = 1, é = 2, 𠮷 = 3', { ab: 1, é: 2, 𠮷: 3 }],
    ['const _x = 1', {}],
  ])('%s', async (source, names) => {
    const runtime = await run(source)
    expect(Object.entries(runtime.names)).toEqual(expect.arrayContaining(Object.entries(names)))
    expect(Object.keys(runtime.names).sort()).toEqual(Object.keys(names).sort())
    expect(Object.getPrototypeOf(runtime.names)).toBe(Object.prototype)
  })

  test('[S4] are there only when the code has come to its end', async () => {
    await expect(run('const x = 1; throw x')).rejects.toThrow('A cell failed')
  })

  test('[G12] using one too early is an error of the run', async () => {
    await expect(run('x; const x = 1')).rejects.toMatchObject({ cause: { name: 'ReferenceError' } })
  })
})

describe('[G8] imports', () => {
  const modules = { m: { default: 'd', x: 1, 'a b': 2, default_: 3 }, n: { y: 5 } }

  test.each<[source: string, names: Record<string, unknown>]>([
    ['import d from "m"', { d: 'd' }],
    ['import { x, x as z, "a b" as ab, default as d } from "m"', { x: 1, z: 1, ab: 2, d: 'd' }],
    ['import * as ns from "m"', { ns: modules.m }],
    ['import d, * as ns from "m"', { d: 'd', ns: modules.m }],
    ['import d, { x } from "m"; import { y } from "n"', { d: 'd', x: 1, y: 5 }],
    ['import { type T, x } from "m"; import type { U } from "absent"', { x: 1 }],
    ['const z = y + 1\nimport { y } from "n"', { z: 6, y: 5 }],
    ['import "m"', {}],
    ['import {} from "m"', {}],
    ['const { y } = await import("n")', { y: 5 }],
    ['"use strict"; import { y } from "n"; export { y }', { y: 5 }],
  ])('%s', async (source, names) => {
    expect((await run(source, { modules })).names).toEqual(names)
  })

  test('are made in order, before anything else, and not for types', async () => {
    const { imports } = await run('import("l"); import "m"; import type { T } from "t"; import { y } from "n"; f()', {
      modules,
      given: { f: () => 0 },
    })
    expect(imports).toEqual(['m', 'n', 'l'])
  })

  test('leave the lines after them alone', async () => {
    await expect(run('import { y } from "n"\n[y].length\n', { modules })).resolves.toMatchObject({ value: 1 })
    await expect(run('let z = 1\nimport { y } from "n"\n;(z)', { modules })).resolves.toMatchObject({ value: 1 })
    await expect(run('let z = y\nimport { y } from "n";\n(z); 1', { modules })).resolves.toMatchObject({ value: 1 })
    await expect(run('let z = 1\nexport { z };\n[z][0]', { modules })).resolves.toMatchObject({ value: 1 })
    await expect(run('let z = 1\nexport type { T };\n(z); 2', { modules })).resolves.toMatchObject({ value: 2 })
  })
})

describe('[G8] what only TypeScript has', () => {
  const log: unknown[] = []
  const dec = (value: unknown, { kind, name }: { kind: string; name: unknown }) => void log.push([kind, name, typeof value])

  test('parameter properties', async () => {
    const { value } = await run(
      'class A { constructor(private x = 1, readonly y: string, z: number) {} }\nObject.entries(new A(undefined, "y", 3))',
    )
    expect(value).toEqual([
      ['x', 1],
      ['y', 'y'],
    ])
  })

  test('parameter properties of derived classes', async () => {
    const { value } = await run(
      'class A { a = 1 } class B extends A { b = 2; constructor(public c: number) { super() } }\n({ ...new B(3) })',
    )
    expect(value).toEqual({ a: 1, b: 2, c: 3 })
  })

  test('decorators, as the standard has them', async () => {
    log.length = 0
    const source =
      '@dec class A { @dec m() {} @dec f = 1; @dec static s = 2; @dec get g() { return 1 } @dec accessor h = 3 }\nnew A().h'
    expect((await run(source, { given: { dec } })).value).toBe(3)
    expect(log).toEqual(
      [
        ['field', 's', 'undefined'],
        ['method', 'm', 'function'],
        ['getter', 'g', 'function'],
        ['accessor', 'h', 'object'],
        ['field', 'f', 'undefined'],
        ['class', 'A', 'function'],
      ].sort((x, y) => log.findIndex((each) => String(each) === String(x)) - log.findIndex((each) => String(each) === String(y))),
    )
  })

  test.each([
    '@dec export class A {}',
    'export @dec class A {}',
    '@dec export default class A {}',
    'export default @dec class A {}',
  ])('decorators and exports: %s', async (source) => {
    log.length = 0
    expect(Object.keys((await run(source, { given: { dec } })).names)).toEqual(['A'])
    expect(log).toEqual([['class', 'A', 'function']])
  })

  test.each(['@dec export default class {}', 'export default @dec abstract class {}'])(
    'decorators of what has no name: %s',
    async (source) => {
      expect((await run(source, { given: { dec } })).value).toBeTypeOf('function')
    },
  )

  test('auto-accessors', async () => {
    expect((await run('class A { static accessor x = 1; accessor y = 2 }\n[A.x, new A().y]')).value).toEqual([1, 2])
  })

  test('overloads, abstract members, declared fields, optional members, index signatures, this parameters', async () => {
    const source = `abstract class A<T> { abstract m(): T; declare x: T; y?: T; [key: string]: unknown; z!: number }
      class B extends A<number> { m(this: B) { return 1 } }
      function f(x: string): void
      function f(this: void, x?: unknown) { return x }
      [Object.keys(new B()), new B().m(), f("1")]`
    expect((await run(source)).value).toEqual([['y', 'z'], 1, '1'])
  })
})
