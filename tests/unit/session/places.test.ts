import { placeCells } from '@rivulet/server/src/session/places.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const sorted = (keys: ReadonlyMap<string, string>) =>
  [...keys.keys()].sort((a, b) => ((keys.get(a) ?? '') < (keys.get(b) ?? '') ? -1 : 1))

test('after any moves and insertions the keys sort as the page does, and only placed cells have new ones', () => {
  const step = fc.record({ at: fc.nat(), count: fc.integer({ min: 1, max: 4 }), moved: fc.array(fc.nat(), { maxLength: 3 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const keys = new Map<string, string>()
      let order: string[] = []
      let ids = 0
      for (const { at, count, moved } of steps) {
        const inserted = Array.from({ length: count }, () => `c${ids++}`)
        order = order.toSpliced(at % (order.length + 1), 0, ...inserted)
        const placed = new Set(inserted)
        for (const nth of moved) {
          const [id = ''] = order.splice(nth % order.length, 1)
          order.splice((nth * 7) % (order.length + 1), 0, id)
          placed.add(id)
        }
        const before = new Map(keys)
        placeCells(order, placed, keys)
        expect(sorted(keys)).toEqual(order)
        for (const id of order) if (!placed.has(id)) expect(keys.get(id)).toBe(before.get(id))
      }
    }),
  )
})

test('five thousand cells at once get short keys', () => {
  const order = Array.from({ length: 5_000 }, (_, index) => `c${index}`)
  const keys = new Map<string, string>()
  placeCells(order, new Set(order), keys)
  expect(sorted(keys)).toEqual(order)
  expect(Math.max(...[...keys.values()].map((key) => key.length))).toBeLessThan(6)
})
