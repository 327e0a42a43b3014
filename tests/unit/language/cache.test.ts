import { memoise } from '@rivulet/server/src/language/cache.ts'
import { analyse } from '@rivulet/server/src/language/languages.ts'
import { positionsIn } from '@rivulet/server/src/language/position.ts'
import { describe, expect, test, vi } from 'vitest'

describe('[G13] a source is looked through once', () => {
  test('however many cells there are', () => {
    const sources = Array.from({ length: 5_000 }, (_, i) => `const c${i} = c${i - 1}`)
    const first = sources.map((source) => analyse('typescript', source))
    expect(sources.every((source, i) => analyse('typescript', source) === first[i])).toBe(true)
  })

  test('the least recently used are forgotten when there are too many', () => {
    const compute = vi.fn((key: string) => ({ key }))
    const cached = memoise(compute, { entries: 2, characters: 100 })
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(cached(key)).toEqual({ key })
    expect(compute.mock.calls.flat()).toEqual(['a', 'b', 'c', 'b'])
  })

  test('and when they are too long', () => {
    const compute = vi.fn((key: string) => key.length)
    const cached = memoise(compute, { entries: 100, characters: 10 })
    for (const key of ['1234', '12345', '1234', '123456', '1234', '12345']) cached(key)
    expect(compute.mock.calls.flat()).toEqual(['1234', '12345', '123456', '12345'])
  })

  test('what is longer than the whole cache is answered, and kept by nobody', () => {
    const compute = vi.fn((key: string) => key.length)
    const cached = memoise(compute, { entries: 100, characters: 3 })
    expect([cached('1234'), cached('1234')]).toEqual([4, 4])
    expect(compute).toHaveBeenCalledTimes(2)
  })
})

test.each([
  ['ab\ncd', 3, { line: 2, column: 1 }],
  ['ab\r\ncd', 4, { line: 2, column: 1 }],
  ['ab\r\ncd', 3, { line: 1, column: 4 }],
  ['a\rb\u2028c\u2029d', 6, { line: 4, column: 1 }],
  ['😀x', 2, { line: 1, column: 3 }],
  ['', 0, { line: 1, column: 1 }],
  ['ab', 99, { line: 1, column: 3 }],
  ['ab', -1, { line: 1, column: 1 }],
])('[G11] lines and columns: %j at %i', (source, offset, expected) => {
  expect(positionsIn(source)(offset)).toEqual(expected)
})
