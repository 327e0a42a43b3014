import { afterEach, expect, test, vi } from 'vitest'

const INSIDE = '@rivulet/server/src/kernel/typescript/inside'
const size = Object.getOwnPropertyDescriptor(Map.prototype, 'size') as PropertyDescriptor
afterEach(() => {
  Object.defineProperty(Map.prototype, 'size', size)
  vi.resetModules()
})

/** Modules that take what they need of the built-in objects when they are loaded; how often a value has turned out to be no map. */
async function counting(): Promise<{ no: () => number }> {
  let no = 0
  const get = function (this: unknown): unknown {
    try {
      return size.get?.call(this)
    } catch (error) {
      no += 1
      throw error
    }
  }
  Object.defineProperty(Map.prototype, 'size', { ...size, get })
  vi.resetModules()
  return { no: () => no }
}

test('[X5] rows are read as a table, and objects cross, without an error for each that it is no map: a million of them took ten seconds', async () => {
  const { no } = await counting()
  const { tableValue } = await import(`${INSIDE}/tables.ts`)
  const { encode } = await import(`${INSIDE}/crossing.ts`)
  const rows = Array.from({ length: 1_000 }, (_, n) => ({ n, at: new Date(n), more: { n } }))
  expect(tableValue('rows', rows).slice(0, 1_000)).toHaveLength(3)
  encode(rows)
  expect(no()).toBeLessThan(10)
})

test('a map is one whatever its prototype says', async () => {
  const { isPlainObject } = await import(`${INSIDE}/plain.ts`)
  expect(isPlainObject(Object.setPrototypeOf(new Map([[1, 2]]), null))).toBe(false)
  expect([isPlainObject({}), isPlainObject({ a: 1 }), isPlainObject(Object.create(null))]).toEqual([true, true, true])
})
