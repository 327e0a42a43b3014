import { describe, expect, test } from 'vitest'
import { type Place, TestKernel } from '../support/kernelHarness.ts'

describe.each<Place>(['in process', 'Deno'])('a kernel, %s: what cells throw', (place) => {
  test('an error has its name, message, cause, and the line and column of its own cell', async () => {
    await using kernel = await TestKernel.start(place)
    const source =
      'const a: number = 1\n\nfunction check(x: number): void {\n  if (x > 0) throw new RangeError("too much", { cause: new Error("why") })\n}\ncheck(a)'
    const ended = await kernel.ran(source, { cellId: 'c' })
    expect(ended.error).toEqual({
      kind: 'thrown',
      name: 'RangeError',
      message: 'too much',
      frames: [
        { cell: 'c', line: 4, column: 20, in: 'check' },
        { cell: 'c', line: 6, column: 1 },
      ],
      cause: 'Error: why',
    })
  })

  test('places are right after an await, in async functions, and behind types that vanish', async () => {
    await using kernel = await TestKernel.start(place)
    const source =
      'interface A { x: number }\ntype B = A & { y: string }\nconst later = async (a: A): Promise<B> => {\n  await null\n  return (a as B).y.length as never\n}\nawait null\nawait later({ x: 1 })'
    const ended = await kernel.ran(source, { cellId: 'c' })
    expect(ended.error).toMatchObject({
      kind: 'thrown',
      name: 'TypeError',
      frames: [
        { cell: 'c', line: 5, column: 21, in: 'later' },
        { cell: 'c', line: 8 },
      ],
    })
  })

  test('functions of another cell: frames name both cells, also after that cell ran again', async () => {
    await using kernel = await TestKernel.start(place)
    const definer = '// a comment\nconst fail = (x) => {\n  throw new Error(x)\n}'
    await kernel.ran(definer, { cellId: 'definer' })
    await kernel.ran('const kept = fail', { cellId: 'keeper' })
    const frames = [
      { cell: 'definer', line: 3, column: 9, in: 'fail' },
      { cell: 'user', line: 2, column: 1 },
    ]
    expect((await kernel.ran('\nfail("a")', { cellId: 'user' })).error).toMatchObject({ message: 'a', frames })
    await kernel.ran(`\n\n\n${definer}`, { cellId: 'definer' })
    expect((await kernel.ran('\nkept("b")', { cellId: 'user' })).error).toMatchObject({
      message: 'b',
      frames: [{ ...frames[0], in: 'fail' }, frames[1]],
    })
  })

  test.each([
    ['a text', 'throw "oops"', 'Thrown: oops'],
    ['nothing', 'throw undefined', 'Thrown: undefined'],
    ['null', 'await Promise.reject(null)', 'Thrown: null'],
    ['an object', 'throw { code: 1 }', 'Thrown: { code: 1 }'],
    ['a symbol', 'throw Symbol("s")', 'Thrown: Symbol(s)'],
    [
      'a proxy that throws',
      'throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, ownKeys() { throw 3 } })',
      'Thrown: [Unreadable: undefined]',
    ],
    ['a revoked proxy', 'const r = Proxy.revocable({}, {}); r.revoke(); throw r.proxy', /^Thrown: \[Unreadable: .*revoked/],
  ])('what is thrown need not be an error: %s', async (_, source, message) => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran(source)
    expect(ended.error).toMatchObject({
      kind: 'thrown',
      name: 'Error',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
    expect((await kernel.ran('1')).json).toBe(1)
  })

  test('an error that lies about itself is shown as far as it can be', async () => {
    await using kernel = await TestKernel.start(place)
    const source =
      'const e = new Error("x".repeat(1e6)); e.name = { toString() { throw 1 } }; Object.defineProperty(e, "stack", { get() { throw 2 } }); throw e'
    const ended = await kernel.ran(source)
    expect(ended.error).toMatchObject({ kind: 'thrown', name: 'Error', frames: [] })
    expect(ended.message.length).toBeLessThan(200_000)
  })

  test('[G5] a missing name is told by name and place, in a function too', async () => {
    await using kernel = await TestKernel.start(place)
    expect((await kernel.ran('const a = 1\n  nobody + a')).error).toEqual({ kind: 'missing', name: 'nobody', line: 2, column: 3 })
    expect((await kernel.ran('const f = () => nobody\n\nf()')).error).toEqual({
      kind: 'missing',
      name: 'nobody',
      line: 1,
      column: 17,
    })
  })

  test('[G12] using one’s own definition too early is an error of the run', async () => {
    await using kernel = await TestKernel.start(place)
    expect((await kernel.ran('early + 1\nconst early = 1')).error).toMatchObject({
      kind: 'thrown',
      name: 'ReferenceError',
      frames: [{ line: 1 }],
    })
  })

  test('code is strict, and there is no `this`', async () => {
    await using kernel = await TestKernel.start(place)
    expect((await kernel.ran('[typeof this, (function () { return typeof this })()]')).json).toEqual(['undefined', 'undefined'])
    expect((await kernel.ran('undeclared = 1', { binds: [] })).kind).toBe('error')
  })

  test('imports: the packages of this server, and a clear sentence for everything else', async () => {
    await using kernel = await TestKernel.start(place)
    expect(
      (await kernel.ran("import { max } from 'd3-array'\nimport * as d3 from 'd3'\nmax([1, 3]) + d3.min([1, 2])")).json,
    ).toBe(4)
    expect((await kernel.ran("(await import('d3-array')).mean([1, 3])")).json).toBe(2)
    expect((await kernel.ran("import 'nothing-here'")).message).toContain('The package "nothing-here" is not on this server')
    expect((await kernel.ran('Plot.plot({ marks: [Plot.dot([[1, 2]])] })')).value).toHaveProperty('image/svg+xml')
  })
})

describe('a kernel in Deno: errors that nobody catches', () => {
  test('[S10] a late rejection and a late throw kill nothing', async () => {
    await using kernel = await TestKernel.start('Deno')
    const late = await kernel.ran(
      'Promise.reject(new Error("late")); setTimeout(() => { throw new Error("later") }); const kept = 1',
    )
    expect(late.kind).toBe('ok')
    await kernel.ran('await new Promise((r) => setTimeout(r, 5))')
    expect((await kernel.ran('kept')).json).toBe(1)
    expect(kernel.reports.some((report) => report.kind === 'exited')).toBe(false)
  })

  test('while the run still goes on, it is printed there', async () => {
    await using kernel = await TestKernel.start('Deno')
    const ended = await kernel.ran(
      'setTimeout(() => { throw new TypeError("in a timer") }); await new Promise((r) => setTimeout(r, 20))',
    )
    expect(ended.stream('stderr')).toBe('Uncaught TypeError: in a timer\n')
    const rejected = await kernel.ran('Promise.reject(new Error("floating")); await new Promise((r) => setTimeout(r, 20))')
    expect(rejected.stream('stderr')).toBe('Uncaught Error: floating\n')
  })
})
