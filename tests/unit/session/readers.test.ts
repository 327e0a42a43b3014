import { Readers } from '@rivulet/server/src/session/readers.ts'
import { expect, test } from 'vitest'

test('the slowest reader counts, and who has left does not', () => {
  const readers = new Readers()
  expect([readers.count, readers.furthestBehind]).toEqual([0, 0])
  let behind = 3
  readers.join(() => 1)
  const leave = readers.join(() => behind)
  expect([readers.count, readers.furthestBehind]).toEqual([2, 3])
  behind = 8
  expect(readers.furthestBehind).toBe(8)
  leave()
  expect([readers.count, readers.furthestBehind]).toEqual([1, 1])
})
