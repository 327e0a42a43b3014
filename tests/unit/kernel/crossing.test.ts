import { decode } from '@rivulet/server/src/kernel/sql/decode.ts'
import { encode, MAX_CHARACTERS, TooLarge } from '@rivulet/server/src/kernel/typescript/inside/crossing.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** There and back, through the text that travels. */
const crossed = (value: unknown) => decode(JSON.parse(JSON.stringify(encode(value))))

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array(),
    fc.float64Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
    fc.array(fc.integer()).map((list) => new Set(list)),
  ),
})).value

describe('values on their way to another language', () => {
  test('[X5] what can cross arrives equal', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(crossed(value)).toEqual(value)
      }),
    )
  })

  test('[X5] numbers that JSON does not have, and typed arrays, keep what they are', () => {
    expect(Object.is(crossed(-0), -0)).toBe(true)
    expect(crossed([Number.NaN, Number.POSITIVE_INFINITY])).toEqual([Number.NaN, Number.POSITIVE_INFINITY])
    expect(crossed(new BigInt64Array([1n, -2n]))).toEqual(new BigInt64Array([1n, -2n]))
    expect(crossed(new Float32Array([1.5]))).toEqual(new Float32Array([1.5]))
    expect(crossed(new Uint8Array([1, 2]).subarray(1))).toEqual(new Uint8Array([2]))
  })

  test('[X5] functions, symbols and class instances arrive as such, so that whoever takes them can say so', () => {
    class Money {}
    expect(typeof crossed(() => 1)).toBe('function')
    expect(typeof crossed(Symbol('x'))).toBe('symbol')
    expect((crossed(new Money()) as object).constructor.name).toBe('Money')
    expect((crossed(new Map()) as object).constructor.name).toBe('Map')
  })

  test('what contains itself ends, and what is too large is refused', () => {
    const loop: unknown[] = []
    loop.push(loop)
    expect(() => crossed(loop)).not.toThrow()
    expect(() => encode('x'.repeat(MAX_CHARACTERS + 1))).toThrow(TooLarge)
    expect(() => encode(new Array(MAX_CHARACTERS / 8 + 1).fill(0))).toThrow(TooLarge)
  })

  test('what the sandbox makes up is refused', () => {
    for (const hostile of [{ $: 'eval', is: '1' }, { a: 1 }, { $: 'bigint', is: '1n' }, { $: 'bytes', of: 'Array', is: 'zz' }])
      expect(() => decode(hostile)).toThrow()
    expect(decode({ $: 'object', is: [['__proto__', 1]] })).toEqual(Object.fromEntries([['__proto__', 1]]))
    expect(decode({ $: 'bytes', of: 'constructor', is: '01' })).toEqual(new Uint8Array([1]))
  })
})
