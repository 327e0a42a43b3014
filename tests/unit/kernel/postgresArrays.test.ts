import { dimensionsOf, parseArray } from '@rivulet/server/src/kernel/sql/postgres/arrays.ts'
import { expect, test } from 'vitest'

test.each([
  ['{}', [], 0],
  ['{1,2}', ['1', '2'], 1],
  ['{NULL,"NULL",null}', [null, 'NULL', 'null'], 1],
  [String.raw`{"a,b","c\"d","e\\f","",g\,h}`, ['a,b', 'c"d', 'e\\f', '', 'g,h'], 1],
  [
    '{{1,2},{3,4}}',
    [
      ['1', '2'],
      ['3', '4'],
    ],
    2,
  ],
  ['[0:1]={5,6}', ['5', '6'], 1],
  ['[1:1][-2:-1]={{a,b}}', [['a', 'b']], 2],
  ['{"🦆\n{}"}', ['🦆\n{}'], 1],
])('%j', (text, value, dimensions) => {
  const parsed = parseArray(text)
  expect(parsed).toEqual(value)
  expect(dimensionsOf(parsed ?? [])).toBe(dimensions)
})

test.each(['', '{', '{1', '{1,}', '{"a}', '{1}x', '1', `${'{'.repeat(9)}${'}'.repeat(9)}`])('%j is none', (text) => {
  expect(parseArray(text)).toBeUndefined()
})
