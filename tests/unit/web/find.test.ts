import { describe, expect, it } from 'vitest'
import { findMatches, firstFrom, replaceMatches } from '../../../web/src/features/notebook/find/matches.ts'

const CELLS = [
  { cellId: 'a', text: 'const Total = total + 1' },
  { cellId: 'b', text: '// a.b (c) \\d total' },
]

describe('finding in all cells', () => {
  it('finds in page order, with the offsets in each text', () => {
    expect(findMatches(CELLS, 'total', false)).toEqual([
      { cellId: 'a', from: 6, to: 11 },
      { cellId: 'a', from: 14, to: 19 },
      { cellId: 'b', from: 14, to: 19 },
    ])
    expect(findMatches(CELLS, 'total', true).map(({ cellId }) => cellId)).toEqual(['a', 'b'])
  })

  it.each(['a.b', '(c)', '\\d'])('takes %s as the text it is', (query) => {
    expect(findMatches(CELLS, query, true)).toHaveLength(1)
  })

  it('finds nothing for nothing', () => {
    expect(findMatches(CELLS, '', false)).toEqual([])
  })

  it('begins at a place, goes on below it, and from the top again', () => {
    const matches = findMatches(CELLS, 'total', false)
    const from = (cellId: string, offset: number) => firstFrom(matches, ['a', 'x', 'b', 'y'], { cellId, from: offset })
    expect(from('a', 0)).toBe(0)
    expect(from('a', 6)).toBe(0)
    expect(from('a', 7)).toBe(1)
    expect(from('a', 15)).toBe(2)
    expect(from('x', 0)).toBe(2)
    expect(from('b', 15)).toBe(0)
    expect(from('y', 0)).toBe(0)
    expect(firstFrom(matches, ['a', 'b'], undefined)).toBe(0)
    expect(firstFrom([], ['a', 'b'], { cellId: 'a', from: 0 })).toBe(-1)
  })

  it('replaces without reading its own replacement again', () => {
    const matches = findMatches([{ cellId: 'a', text: 'x x x' }], 'x', true)
    expect(replaceMatches('x x x', matches, 'xx$1')).toBe('xx$1 xx$1 xx$1')
  })
})
