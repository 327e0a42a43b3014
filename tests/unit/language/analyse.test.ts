// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import { analyse } from '@rivulet/server/src/language/typescript/analyse.ts'
import { describe, expect, test } from 'vitest'

/** `defines | uses | assigns`, each a list of names; what an analysis says without places. */
function summary(source: string): string {
  const { defines, uses, assigns, syntaxError } = analyse(source)
  if (syntaxError) return `${syntaxError.line}:${syntaxError.column} ${syntaxError.message}`
  return [defines, uses, assigns.map((each) => each.name)]
    .map((names) => names.join(' '))
    .join(' | ')
    .trim()
}

type Row = [source: string, summary: string]

describe('[G8] what defines', () => {
  test.each<Row>([
    ['const a = 1, b = 2; let c; var d', 'a b c d |  |'],
    ['const { a, b: { c = d }, ...e } = f', 'a c e | d f |'],
    ['const [a, , b = c, ...[d]] = e', 'a b d | c e |'],
    ['let { [k]: v } = o', 'v | k o |'],
    ['var { length } = x', 'length | x |'],
    ['const [a = b] = a', 'a | b |'],
    ['function f() {} async function g() {} function* h() {} async function* i() {}', 'f g h i |  |'],
    ['class A {} abstract class B { abstract m(): void }', 'A B |  |'],
    ['enum A { X, Y = A.X } const enum B { Z }', 'A B |  |'],
    ['namespace N { export const a = 1 } namespace P.Q { export let b = c } module M { f() }', 'N P M | c f |'],
    ['namespace N {} namespace M { export type T = 1; interface I {} }', '|  |'],
    ['function f(a: string): void; function f(a: number): void; function f(a: unknown) {}', 'f |  |'],
    ['type T = 1; interface I { a: T }', '|  |'],
    ['class A {} interface A { x: 1 }', 'A |  |'],
    ['interface A {} const A = 1', 'A |  |'],
    ['function A() {} namespace A { export const x = 1 }', 'A |  |'],
    ['enum A {} enum A {}', 'A |  |'],
    ['var x; var x', 'x |  |'],
    ['let async = 1, of = 2, type = 3, get = 4', 'async of type get |  |'],
    ['let 𠮷 = 1, é = 2, \\u0061b = 3', '𠮷 é ab |  |'],
    ['const then = 1, constructor = 2, toString = 3, hasOwnProperty = 4', 'then constructor toString hasOwnProperty |  |'],
  ])('%s', (source, expected) => {
    expect(summary(source)).toBe(expected.trim())
  })
})

describe('[G8] what only looks like it: scopes', () => {
  test.each<Row>([
    ['for (var a of b) { var c; let d; const e = 1; function f() {} class G {} }', 'a c | b |'],
    ['if (x) { var a } else { let b }', 'a | x |'],
    ['{ { { var a; let b } } }', 'a |  |'],
    ['for (let i = 0; i < n; i++) s(i)', '| n s |'],
    ['for (const k in o) k; for await (const v of w) v', '| o w |'],
    ['while (q) { let q }', '| q |'],
    ['switch (x) { case 1: let a; var b; default: c }', 'b | x c |'],
    ['try { a } catch (e) { e } try {} catch { b } try {} catch ({ m = n }) { m } finally { c }', '| a b n c |'],
    ['(a, { b }, [c] = d, ...e) => a + b + c + e + f', '| d f |'],
    ['xs.map((x) => x * y)', '| xs y |'],
    ['const f = function g() { g }; g', 'f | g |'],
    ['const c = class D { m() { D } }; D', 'c | D |'],
    ['let x = 1; { let x = 2; x } function g(x) { return x + y }', 'x g | y |'],
    ['outer: for (;;) { break outer }', '|  |'],
    ['l: x', '| x |'],
    ['if (1) { function f() {} } f', '| f |'],
    ['{ class C {} } C', '| C |'],
    ['({ x: y, m() {}, get g() { return h } })', '| y h |'],
    ['const o = { x, y: 1, [w]: 2, ...s }', 'o | x w s |'],
    ['this; arguments', '| arguments |'],
  ])('%s', (source, expected) => {
    expect(summary(source)).toBe(expected.trim())
  })
})

describe('[G8] imports define; exports say nothing more', () => {
  test.each<Row>([
    ['import d, * as n from "a"', 'd n |  |'],
    ['import e, { f, g as h, default as i, "a b" as j } from "b"', 'e f h i j |  |'],
    ['import "c"; import {} from "d"', '|  |'],
    ['import type { A } from "a"; import type B from "b"; import { type C, d } from "c"', 'd |  |'],
    ['import { type } from "a"; import json from "b" with { type: "json" }', 'type json |  |'],
    ['import y = N.z', 'y | N |'],
    ['const a = await import("a")', 'a |  |'],
    ['import.meta.url', '|  |'],
    ['export const a = 1; export function f() {} export class G {} export enum E {}', 'a f G E |  |'],
    ['export const { a, b: [c] } = d', 'a c | d |'],
    ['const a = 1; export { a as b }; export { a as default }', 'a |  |'],
    ['export { x }; export { x as y }; export type { T }', '|  |'],
    ['export {}', '|  |'],
    ['export default function () {}', '|  |'],
    ['export default function f() {}', 'f |  |'],
    ['export default class {}', '|  |'],
    ['export default abstract class A {}', 'A |  |'],
    ['export default interface I {}', '|  |'],
    ['export default a', '| a |'],
    ['export type T = 1; export interface I {} export declare const q: number', '|  |'],
    ['export namespace N {} export namespace M { export const a = 1 }', 'M |  |'],
  ])('%s', (source, expected) => {
    expect(summary(source)).toBe(expected.trim())
  })
})

describe('[G9] types use nothing', () => {
  test.each<Row>([
    ['let a: Foo<Bar>', 'a |  |'],
    ['let a: typeof x, b = y as typeof z, c = w satisfies V', 'a b c | y w |'],
    ['let a = <T>x, b = y!, c = f<typeof g>()', 'a b c | x y f |'],
    ['type A = typeof b; type C = import("d").E; type F = keyof typeof g', '|  |'],
    ['function f<T extends Bar>(this: Foo, x: T, y = z): asserts x is Q {}', 'f | z |'],
    ['const g = <const T,>(x: T): x is string => true', 'g |  |'],
    ['class A<T> extends B<C> implements D { y: E = v; declare w: F }', 'A | B v |'],
    ['new Map<K, V>()', '| Map |'],
    ['let a: A.B.C; let b = N.M', 'a b | N |'],
    ['typeof x', '| x |'],
    ['let x: (a: typeof q) => typeof r', 'x |  |'],
    ['interface Foo {} Foo', '| Foo |'],
    ['enum E { A = x }', 'E | x |'],
  ])('%s', (source, expected) => {
    expect(summary(source)).toBe(expected.trim())
  })
})

describe('[G9] what is only declared to exist is used from elsewhere', () => {
  test.each<Row>([
    ['declare const x: number; x + 1', '| x |'],
    ['declare let z: number; z = 1', '| z | z'],
    ['declare function f(): void; f()', '| f |'],
    ['function f(): void; f()', '| f |'],
    ['declare class C {} new C()', '| C |'],
    ['declare enum D { A } D.A', '| D |'],
    ['declare namespace N { const a: number } N.a', '| N |'],
    ['declare global { var x: 1 } declare module "m" {}', '|  |'],
  ])('%s', (source, expected) => {
    expect(summary(source)).toBe(expected.trim())
  })
})

describe('[G6] assignments to names from elsewhere', () => {
  test.each<Row>([
    ['x = 1', '| x | x'],
    ['x += 1; y ??= 2; z **= 3; w &&= 4', '| x y z w | x y z w'],
    ['x++; --y', '| x y | x y'],
    ['({ x, a: y = 1, ...z } = o)', '| x y z o | x y z'],
    ['[x, [y], ...z] = o', '| x y z o | x y z'],
    ['for (x of y); for (z in w);', '| x y z w | x z'],
    ['for ({ a: x } of y);', '| x y | x'],
    ['const f = () => { x = 1 }', 'f | x | x'],
    ['!function () { if (a) { for (;;) v = 1 } }()', '| a v | v'],
    ['(x as any) = 1; y!++; (<any>z) = 2', '| x y z | x y z'],
    ['let a = b = 1', 'a | b | b'],
    ['x = undefined', '| x undefined | x'],
    ['async () => { for await (x of y); }', '| x y | x'],
    ['var v; !function () { v = 1 }(); let w; for (w of x);', 'v w | x |'],
    ['x.y = 1; x.y++; x[y] += 1; delete x.z; [x.y] = z', '| x y z |'],
    ['globalThis.x = 1; x.push(1)', '| globalThis x |'],
  ])('%s', (source, expected) => {
    expect(summary(source)).toBe(expected.trim())
  })

  test('[G6] with the place of the name, counted in UTF-16 units', () => {
    expect(analyse('"😀"; x = 1\r\n\ty++').assigns).toEqual([
      { name: 'x', line: 1, column: 7 },
      { name: 'y', line: 2, column: 2 },
    ])
  })
})

test.each<Row>([
  ['const _a = 1, b = _a; _z', 'b |  |'],
  ['_a = 1; function _f() {} class _C {}', '|  |'],
  ['import { x as _x } from "y"; const $a = _x', '$a |  |'],
  ['const __proto__ = 1', '|  |'],
])('[G7] names with an underscore are private: %s', (source, expected) => {
  expect(summary(source)).toBe(expected.trim())
})

test.each<Row>([
  ['const console = 1; console', 'console |  |'],
  ['function display() {} const Plot = 1, html = 2, Math = 3; Math; Plot', 'display Plot html Math |  |'],
  ['console.log(Math.PI)', '| console Math |'],
  ['let NaN = 1', 'NaN |  |'],
])('[G5] a definition hides a global: %s', (source, expected) => {
  expect(summary(source)).toBe(expected.trim())
})

describe('[G8] all of TypeScript as people write it', () => {
  test.each<Row>([
    ['`${a}`; tag`${b}`; c?.d?.[e]?.(f)', '| a tag b c e f |'],
    ['using a = b; await using c = d', '| b d |'],
    ['await x; async function* f() { yield* g; await h }', 'f | x g h |'],
    ['/[\\p{L}--[a-z]]/v; 1_000; 10n; 0xff; .5', '|  |'],
    ['/(?i:a)(?-i:b)/; /(?<y>a)|(?<y>b)/', '|  |'],
    ['class A { static { foo } #p = bar; get q() { return this.#p } [qux]() {} accessor z = zz }', 'A | foo bar qux zz |'],
    ['class A { constructor(private x = y, readonly z: string) {} }', 'A | y |'],
    ['@dec @make(x) class A { @m n() {} @f g = h }', 'A | dec make x m f h |'],
    ['export @dec class A {}', 'A | dec |'],
    ['#!/usr/bin/env deno\na', '| a |'],
    ['\ufeffa', '| a |'],
    ['a\r\nb\u2028c', '| a b c |'],
    ['"use strict"', '|  |'],
    ['debugger; throw x', '| x |'],
    ['function C() { return new.target } class B extends A { m() { super.m() } }', 'C B | A |'],
  ])('%s', (source, expected) => {
    expect(summary(source)).toBe(expected.trim())
  })
})

test.each(['', ' \n\t', '// c', '/* a */ // b\n', '\ufeff', '#!/x'])('[G10] nothing is in %j', (source) => {
  expect(analyse(source)).toEqual({ defines: [], uses: [], assigns: [], empty: true })
})

test.each([';', '{}', 'export {}', 'type T = 1', '"use strict"'])('[G10] %j is code', (source) => {
  expect(analyse(source)).toEqual({ defines: [], uses: [], assigns: [], empty: false })
})

describe('[G11] refused with a sentence, at the place', () => {
  test.each<Row>([
    ['const a = <div>x</div>', '1:11 JSX is not available in cells: use the html`…` template tag'],
    ['x\nreturn 1', '2:1 `return` can only stand in a function: what a cell shows is its last expression'],
    ['function f() {\n  await x\n}', '2:3 `await` can only stand in `async` functions and at the top level of the cell'],
    ['() => { yield 1 }', '1:9 `yield` can only stand in generator functions (`function*`)'],
    ['new.target', '1:1 `new.target` can only stand in functions and class fields'],
    ['super.x', '1:1 `super` can only stand in methods and constructors of classes'],
    ['import x = require("x")', '1:1 `import … = require()` is not available in cells: use `import … from`'],
    ['export * from "a"', '1:1 A cell cannot re-export a module: import the names it should define'],
    ['a; export { b } from "a"', '1:4 A cell cannot re-export a module: import the names it should define'],
    ['{ export let v }', '1:3 `export` can only stand at the top level of the cell'],
    ['if (a) {\n  import b from "c" }', '2:3 `import` can only stand at the top level of the cell'],
    ['namespace N { export { a } }', '1:15 `export` can only stand at the top level of the cell'],
    ['export = 5', '1:1 `export =` is not available in cells'],
    ['export as namespace n', '1:1 `export as namespace` is not available in cells'],
    ['import defer * as x from "y"', '1:1 `import defer` is not available in cells: use a plain `import`'],
    ['const $rivulet = 1', '1:7 Names that begin with `$rivulet` belong to the notebook itself'],
    ['function f($rivuletFlag) {}', '1:12 Names that begin with `$rivulet` belong to the notebook itself'],
    ['let undefined = 1', '1:5 `undefined` means the same everywhere and cannot be defined'],
    ['function globalThis() {}', '1:10 `globalThis` means the same everywhere and cannot be defined'],
    ['let arguments', '1:5 `arguments` cannot be declared or assigned to'],
    ['eval = 1', '1:1 `eval` cannot be declared or assigned to'],
    ['let await', '1:5 `await` cannot be a name'],
    ['let static', '1:5 `static` is a reserved word and cannot be a name'],
    ['let class = 1', '1:5 `class` is a reserved word and cannot be a name'],
    ['let x\nlet x', '2:5 `x` is already declared in this cell'],
    ['import { a } from "b"; let a', '1:28 `a` is already declared in this cell'],
    ['var f; function f() {}', '1:17 `f` is already declared in this cell'],
    ['/(/', '1:1 This regular expression is not valid: Unterminated group'],
    ['/(?<1>a)/', '1:1 This regular expression is not valid: Invalid capture group name'],
    ['/(?x)/', '1:1 This regular expression is not valid: Invalid group'],
    ['x = /a/gg', '1:9 Flag g is mentioned twice in regular expression literal'],
    ['with (a) {}', '1:1 `with` is not available: modern code has no such statement'],
    ['delete x', '1:8 `delete` removes properties, not names'],
    ['010', '1:1 Numbers cannot begin with a zero: octal numbers are written `0o…`'],
    ['"a\\u"', '1:3 Strings have no escape `\\u`: a backslash itself is written twice'],
    ['a \\ b', '1:3 A backslash can only stand in strings, templates and regular expressions'],
  ])('%s', (source, expected) => {
    expect(summary(source)).toBe(expected)
    expect(analyse(source)).toMatchObject({ defines: [], uses: [], assigns: [], empty: false })
  })
})

describe('[G11] half-typed and mistyped code', () => {
  test.each<Row>([
    ['foo(1, ', '1:8 The code ends too early: `)` is missing here'],
    ['foo(1', '1:6 The code ends too early: `)` is missing here'],
    ['if (a) {\n  b', '2:4 The code ends too early: `}` is missing here (opened in line 1)'],
    ['x = ', '1:5 The code ends too early: something is missing here'],
    ['[1, 2', '1:6 The code ends too early: `]` is missing here'],
    ['a ? b', '1:6 The code ends too early: `:` is missing here'],
    ['do x', '1:5 The code ends too early: `while` is missing here'],
    ['"abc', '1:1 This string has no end: a quotation mark is missing'],
    ['x = `abc\n', '1:5 This template has no end: a backtick is missing'],
    ['`${a', '1:5 The code ends too early: `}` is missing here'],
    ['a /* b', '1:3 This comment has no end: `*/` is missing'],
    ['/abc', '1:1 This regular expression has no end: a `/` is missing'],
    ['const x', '1:7 A `const` needs a value: `const name = …`'],
    ['let {a}', '1:5 Destructuring needs a value: `= …` is missing'],
    ['x ==== y', '1:6 `=` does not fit here'],
    ['a\n}\n', '2:1 `}` does not fit here'],
    ['f(,)', '1:3 `,` does not fit here'],
    ['if x {}', '1:4 `(` is missing here, before `x`'],
    ['import {a} form "b"', '1:12 `from` is missing here, before `form`'],
    ['for (const x of [1, 2) {}', '1:22 `,` or `]` is missing here, before `)` (opened in line 1)'],
    ['foo bar()', '1:4 `bar` does not fit here: is an operator, a comma or a line break missing before it?'],
    ['print "x"', '1:6 `"` does not fit here: is an operator, a comma or a line break missing before it?'],
    ['1 = 2', '1:1 Only names, properties and patterns can be assigned to'],
    ['1abc', '1:2 A name cannot begin with a digit, and a number cannot be followed by letters'],
    ['x = “a”', '1:5 “ is not a quotation mark of code: use \' or "'],
    ['a – b', '1:3 – is not a minus sign of code: use -'],
    ['# comment', '1:2 `#` does not fit here: comments begin with `//`'],
    ['\u0000', '1:1 This character has no meaning in code'],
    ['a + \ud800', '1:5 This character is half of a pair and stands for nothing'],
    ['a ?? b || c', '1:1 `??` cannot be mixed with `||` or `&&` without parentheses'],
    ['break', '1:1 `break` can only stand in a loop or a `switch`'],
  ])('%j', (source, expected) => {
    expect(summary(source)).toBe(expected)
  })
})
