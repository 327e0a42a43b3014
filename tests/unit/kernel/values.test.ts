import { bundleOf } from '@rivulet/server/src/kernel/typescript/inside/bundle.ts'
import { describe as describeValue } from '@rivulet/server/src/kernel/typescript/inside/describe.ts'
import { plainJson } from '@rivulet/server/src/kernel/typescript/inside/plain.ts'
import { printTree } from '@rivulet/server/src/kernel/typescript/inside/print.ts'
import { tableOf } from '@rivulet/server/src/kernel/typescript/inside/table.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

class Point {
  x = 1
  readonly #secret = 2
  get sum() {
    return this.x + this.#secret
  }
}

const cycle: Record<string, unknown> = { a: [1] }
cycle.self = cycle

function nested(levels: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < levels; i += 1) value = i % 2 === 0 ? [value] : { value }
  return value
}

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const hostile = () =>
  new Proxy(
    {},
    {
      get: () => {
        throw new Error('get')
      },
      ownKeys: () => {
        throw new Error('keys')
      },
      getPrototypeOf: () => {
        throw new Error('prototype')
      },
    },
  )

/** A proxy each of whose properties is another one. */
const endless = (): object =>
  new Proxy(
    {},
    {
      get: (_, key) => (typeof key === 'symbol' ? undefined : endless()),
      ownKeys: () => ['a', 'b', 'c'],
      getOwnPropertyDescriptor: () => ({ value: endless(), configurable: true, enumerable: true }),
    },
  )

const thrower = () => {
  throw new Error('no')
}

const VALUES: [string, () => unknown, string | RegExp][] = [
  ['undefined', () => undefined, 'undefined'],
  ['null', () => null, 'null'],
  ['a number', () => 1.5, '1.5'],
  ['minus zero', () => -0, '-0'],
  ['not a number', () => Number.NaN, 'NaN'],
  ['infinity', () => -Infinity, '-Infinity'],
  ['a huge integer', () => 123n, '123n'],
  ['an integer of a million digits', () => 10n ** 1_000_000n, 'a number of more than 1,000 digits'],
  ['text', () => 'a "b"\n', '"a \\"b\\"\\n"'],
  ['half a character', () => '\ud83d', '"\\ud83d"'],
  ['a symbol', () => Symbol('s'), 'Symbol(s)'],
  ['a function', () => function named() {}, '[Function: named]'],
  ['an arrow', () => [() => 1][0], '[Function]'],
  ['a class', () => Point, '[Function: Point]'],
  ['an instance', () => new Point(), 'Point { x: 1 }'],
  ['a date', () => new Date(0), '1970-01-01T00:00:00.000Z'],
  ['an invalid date', () => new Date(Number.NaN), 'Invalid Date'],
  ['a regular expression', () => /a\/b/giu, '/a\\/b/giu'],
  [
    'a map',
    () =>
      new Map<unknown, unknown>([
        ['a', 1],
        [{}, [2]],
      ]),
    'Map(2) { "a" => 1, [object] => [ 2 ] }',
  ],
  ['a set', () => new Set([1, '2']), 'Set(2) { 1, "2" }'],
  ['a typed array', () => new Float32Array([1, 2]), 'Float32Array(2) [ 1, 2 ]'],
  ['a buffer', () => new ArrayBuffer(8), 'ArrayBuffer(8)'],
  ['a sparse array', () => Object.assign([], { 0: 1, 2: 3 }), '[ 1, <empty>, 3 ]'],
  ['an enormous sparse array', () => new Array(2 ** 32 - 1), /^\[[\s\S]*… 4,294,967,195 more\s*\]$/],
  ['a cycle', () => cycle, '{ a: [ 1 ], self: [Circular] }'],
  ['a promise', () => Promise.resolve(1), 'Promise'],
  ['a weak map', () => new WeakMap(), 'WeakMap {}'],
  ['a weak reference', () => new WeakRef({}), 'WeakRef {}'],
  ['an error', () => new RangeError('too much'), 'RangeError: too much'],
  ['an error with a cause', () => new Error('a', { cause: new TypeError('b') }), 'Error: a { cause: TypeError: b }'],
  ['several errors', () => new AggregateError([new Error('a')], 'all'), 'AggregateError: all { errors: [ Error: a ] }'],
  [
    'a getter',
    () => ({
      get x() {
        return thrower()
      },
    }),
    '{ x: [Getter] }',
  ],
  ['no prototype', () => Object.create(null), '[null prototype] {}'],
  ['a symbol as key', () => ({ [Symbol('k')]: 1 }), '{ [Symbol(k)]: 1 }'],
  ['a revoked proxy', revoked, /^\[Unreadable: .*revoked/],
  ['a hostile proxy', hostile, '[Unreadable: prototype]'],
  ['an endless proxy', endless, /^\{/],
  ['a name that is a lie', () => ({ constructor: { name: 'Evil' } }), '{ constructor: { name: "Evil" } }'],
  [
    'a tag that throws',
    () => ({
      get [Symbol.toStringTag]() {
        return thrower()
      },
    }),
    '{ [Symbol(Symbol.toStringTag)]: [Getter] }',
  ],
  [
    'conversions that throw',
    () => ({ toString: thrower, valueOf: thrower, toJSON: thrower, [Symbol.toPrimitive]: thrower }),
    /^\{/,
  ],
]

describe('any value is shown', () => {
  test.each(VALUES)('%s', (_, make, expected) => {
    const bundle = bundleOf(make())
    if (typeof expected === 'string') expect(bundle['text/plain']).toBe(expected)
    else expect(bundle['text/plain']).toMatch(expected)
    expect(bytes(bundle)).toBeLessThan(1024 * 1024)
  })

  const HUGE: [string, () => unknown][] = [
    ['10 million numbers', () => new Array(1e7).fill(1)],
    ['10 million numbers, typed', () => new Float64Array(1e7)],
    ['a map of 300,000', () => new Map(Array.from({ length: 300_000 }, (_, i) => [i, { i }]))],
    ['100,000 properties', () => Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, i]))],
    ['100,000 levels', () => nested(100_000)],
    ['20 million characters', () => '🎉'.repeat(1e7)],
    [
      'wide and deep',
      () =>
        Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => 'x'.repeat(9_999)))),
    ],
    ['100 long texts', () => Array.from({ length: 100 }, () => '語'.repeat(9_999))],
    ['names without end', () => ({ ['n'.repeat(1e6)]: Object.defineProperty(() => 1, 'name', { value: 'f'.repeat(1e6) }) })],
    ['a message without end', () => new Error('m'.repeat(1e7))],
    ['an expression without end', () => new RegExp('a'.repeat(1e6))],
    ['a wide table', () => [Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`c${i}`, 'x'.repeat(500)]))]],
    ['a long table', () => Array.from({ length: 100_000 }, (_, i) => ({ i, text: '語'.repeat(300) }))],
    ['what it makes of itself', () => ({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'x'.repeat(2e6) }) })],
    ['an element', () => ({ nodeType: 1, localName: 'p', outerHTML: '語'.repeat(8e5) })],
    [
      'a text in JSON',
      () => ({
        [Symbol.for('Jupyter.display')]: () => ({ 'application/json': ['語'.repeat(4e5)], 'text/plain': '語'.repeat(2e5) }),
      }),
    ],
  ]

  test.each(HUGE)('within 1 MB: %s', (_, make) => {
    const bundle = bundleOf(make())
    expect(bytes(bundle)).toBeLessThanOrEqual(1024 * 1024)
    expect(typeof bundle['text/plain']).toBe('string')
    expect(String(bundle['text/plain']).length).toBeGreaterThan(0)
  })

  test('looking at a value takes a bounded number of steps, whatever it is', () => {
    let steps = 0
    const counting = (): object =>
      new Proxy([], {
        get: (target, key) => {
          steps += 1
          return key === 'length' ? 1e9 : Reflect.get(target, key)
        },
        getOwnPropertyDescriptor: (target, key) => {
          steps += 1
          return key === 'length'
            ? Reflect.getOwnPropertyDescriptor(target, key)
            : { value: counting(), configurable: true, enumerable: true }
        },
      })
    printTree(describeValue(counting()))
    expect(steps).toBeGreaterThan(100)
    expect(steps).toBeLessThan(50_000)
  })

  test('the same value looks the same, however busy the machine is', () => {
    const value = Array.from({ length: 100 }, (_, i) => ({ i, list: Array.from({ length: 100 }, (_, j) => j) }))
    expect(describeValue(value)).toEqual(describeValue(value))
  })

  test('no getter is called', () => {
    const calls: string[] = []
    const value = {
      get a() {
        return calls.push('a')
      },
      list: Object.defineProperty([1], 0, { get: () => calls.push('0') }),
    }
    describeValue(value)
    plainJson(value, 1_000)
    tableOf([value])
    expect(calls).toEqual([])
  })

  test('anything at all: never throws, is bounded, and has text', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
      withObjectString: true,
      withBoxedValues: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        const bundle = bundleOf(value)
        expect(typeof bundle['text/plain']).toBe('string')
        expect(bytes(bundle)).toBeLessThan(1024 * 1024)
        expect(JSON.parse(JSON.stringify(bundle))).toEqual(bundle)
      }),
    )
  })
})
