// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import { compile } from '@rivulet/server/src/language/typescript/compile.ts'
import { describe, expect, test } from 'vitest'
import { run } from './run.ts'

describe('[S13] code can be interrupted', () => {
  test.each<[source: string, atLeast: number]>([
    ['for (let i = 0; i < 3; i++);', 3],
    ['for (const x of [1, 2, 3]) { x }', 3],
    ['for (const k in { a: 1, b: 2 }) k', 2],
    ['let i = 0; while (i < 3) i++', 3],
    ['let i = 0; while (i < 3) { "use strict"; i++ }', 3],
    ['let i = 0; do i++; while (i < 3)', 3],
    ['let i = 0; do { i++ } while (i < 3)', 3],
    ['for await (const x of [1, 2]) x', 2],
    ['l: for (let i = 0; i < 3; i++) continue l', 3],
    ['for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) if (i) j; else i', 6],
    ['for (let i = 0; i < 2; i++) if (i) for (let j = 0; j < 2; j++) j; else i', 4],
    ['(() => 1)()', 1],
    ['(() => ({ a: 1 }))()', 1],
    ['(() => { return 1 })()', 1],
    ['(function () { "use strict"; return 1 })()', 1],
    ['function g() {} g(); g()', 2],
    ['[...(function* () { yield 1 })()]', 1],
    ['await (async () => 1)()', 1],
    ['({ m() {} }).m()', 1],
    ['({ get g() { return 1 } }).g', 1],
    ['({ set s(v) {} }).s = 1', 1],
    ['class A { constructor() {} } new A()', 1],
    ['class A {} class B extends A { constructor() { super() } } new B()', 1],
    ['class A { static { for (let i = 0; i < 2; i++); } }', 2],
    ['class A { x = (() => 1)() } new A()', 1],
    ['((x = (() => 1)()) => x)()', 2],
    ['const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i)', 3],
    ['[1, 2].map((x) => (y) => x + y)[0](1)', 3],
    ['@((c) => c) class A {}', 0],
  ])('%s', async (source, atLeast) => {
    const runtime = await run(source, { raised: true })
    expect(runtime.halts).toBeGreaterThanOrEqual(atLeast)
    expect((await run(source)).halts).toBe(0)
  })

  test('and looks up after every await', async () => {
    expect(
      (await run('await 1; await (await 2); for await (const x of [3, 4]) x; (async () => { await 5 })()')).resumptions,
    ).toBeGreaterThanOrEqual(5)
  })
})

describe('[P1] checks change nothing of what code does', () => {
  test.each<[source: string, value: unknown]>([
    ['(() => ({}))()', {}],
    ['(() => (1, 2))()', 2],
    ['((x) => x ? "y" : "n")(1)', 'y'],
    ['(() => [1])()', [1]],
    ['(() => function () {})().name', ''],
    ['((x) => (y) => x + y)(1)(2)', 3],
    ['const f2 = () => {}; f2.name', 'f2'],
    ['const o = { m: () => 1, n() {} }; [o.m.name, o.n.name]', ['m', 'n']],
    ['(function () { "use strict"; return this === undefined })()', true],
    ['((x, y) => 1).length', 2],
    ['let i = 0\ndo\ni++\nwhile (i < 3)\ni', 3],
    ['let s = ""\nfor (const x of ["a", "b"])\ns += x\n;(s)', 'ab'],
    ['let t = 0\nfor (const x of [1, 2])\n  t += x\n;[t].length', 1],
    ['const g2 = (x) => x\n;`${g2(1)}`', '1'],
    ['let z = 1\nif (z) for (const q of [1]) z = 2; else z = 3\nz', 2],
    [
      'out: for (const x of [1, 2]) for (const y of [1, 2]) { if (y === 2) continue out; if (x === 2) break out }\n"done" + 1',
      'done1',
    ],
    ['switch (1) { case 1: for (;;) break; default: }\n5', 5],
    [
      'await (async () => { let n = 0; for await (const x of (async function* () { yield 1; yield 2 })()) n += x; return n })()',
      3,
    ],
    ['class A { #p = 1; static s = new A().#p; has(o) { return #p in o } }\n[A.s, new A().has(new A())]', [1, true]],
    ['const { x = () => 1 } = {}; x()', 1],
    ['(async () => await 1)() instanceof Promise', true],
    ['a?.b?.["c"] ?? 7', 7],
    ['(() => { try { return 1 } finally { 2 } })()', 1],
    ['new (function () { this.x = new.target !== undefined })().x', true],
    ['typeof undeclared', 'undefined'],
    ['[1, 2, 3].at(-1)', 3],
    ['eval("1 + 1")', 2],
  ])('%s', async (source, value) => {
    expect((await run(source, { given: { a: {} } })).value).toEqual(value)
  })
})

test('[G11] what does not parse does not compile, at the same place', () => {
  expect(compile('let x = 1\nlet x')).toEqual({
    ok: false,
    error: { line: 2, column: 5, message: '`x` is already declared in this cell' },
  })
})
