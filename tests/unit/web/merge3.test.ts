import { changesBetween } from '@rivulet/server/notebook/textDiff'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { merge3 } from '../../../web/src/features/cell/drafts/merge3.ts'

const lines = (...all: string[]) => all.join('\n')
const text = fc.array(fc.constantFrom('a', 'b', 'c', '', 'const x = 1'), { maxLength: 12 }).map((all) => all.join('\n'))

describe('merging what two people typed', () => {
  it('keeps changes to different lines', () => {
    const base = lines('one', 'two', 'three', 'four')
    expect(merge3(base, lines('ONE', 'two', 'three', 'four'), lines('one', 'two', 'three', 'FOUR'))).toBe(
      lines('ONE', 'two', 'three', 'FOUR'),
    )
  })

  it('keeps an inserted and a deleted line', () => {
    const base = lines('one', 'two', 'three', 'four')
    expect(merge3(base, lines('zero', 'one', 'two', 'three', 'four'), lines('one', 'two', 'four'))).toBe(
      lines('zero', 'one', 'two', 'four'),
    )
  })

  it('does not guess when both changed the same line', () => {
    expect(merge3('x = 1', 'x = 2', 'x = 3')).toBeUndefined()
  })

  it('takes an equal change once', () => {
    expect(merge3(lines('a', 'b'), lines('A', 'b'), lines('A', 'b'))).toBe(lines('A', 'b'))
  })

  it('is the other text when one side changed nothing', () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(merge3(base, base, changed)).toBe(changed)
        expect(merge3(base, changed, base)).toBe(changed)
      }),
    )
  })

  it('tells an emptied line from a deleted one (seed -612028363)', () => {
    expect(merge3(lines('b', 'a'), lines('b', ''), 'b')).toBeUndefined()
    expect(merge3(lines('b', 'a'), 'b', lines('b', ''))).toBeUndefined()
  })

  it('does not depend on who is who', () => {
    fc.assert(fc.property(text, text, text, (base, a, b) => merge3(base, a, b) === merge3(base, b, a)))
  })
})

describe('what is changed in a live editor', () => {
  const apply = (before: string, after: string) => {
    let result = before
    for (const { from, to, insert } of changesBetween(before, after).toReversed())
      result = result.slice(0, from) + insert + result.slice(to)
    return result
  }

  it('turns one text into the other', () => {
    fc.assert(fc.property(text, text, (before, after) => apply(before, after) === after))
  })

  it('touches only what differs, so a cursor elsewhere stays', () => {
    expect(changesBetween(lines('aaa', 'bbb', 'ccc'), lines('aaX', 'bbb', 'cYc'))).toEqual([
      { from: 2, to: 3, insert: 'X' },
      { from: 9, to: 10, insert: 'Y' },
    ])
  })
})
