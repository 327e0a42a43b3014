import { describe, expect, test } from 'vitest'
import { byDay, dayName, deedsOf, type Entry, namesOf, timeOf } from '../../../web/src/features/notebook/history/describe.ts'
import { type Line, linesOf } from '../../../web/src/features/notebook/history/lines.ts'
import { wireNotebook } from '../../support/wire.ts'

const written = (before: string, after: string) => linesOf(before, after).lines.map(sign)
const sign = (line: Line) =>
  line.kind === 'gap' ? `(${line.count})` : { same: ' ', added: '+', removed: '-' }[line.kind] + line.text
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `${from + n}`).join('\n')

describe('the comparison of two texts', () => {
  test('shows what went, what came, and three lines around', () => {
    expect(written(`${lines(1, 9)}\nold\n${lines(10, 20)}`, `${lines(1, 9)}\nnew\n${lines(10, 20)}`)).toEqual([
      ...['(6)', ' 7', ' 8', ' 9', '-old', '+new', ' 10', ' 11', ' 12', '(8)'],
    ])
  })

  test('does not hide a single line, and a text from nothing is all new', () => {
    expect(written('a\n1\n2\n3\n4\n5\n6\n7\nb', 'A\n1\n2\n3\n4\n5\n6\n7\nB')).not.toContain('(1)')
    expect(written('', 'a\n\nb')).toEqual(['+a', '+', '+b'])
    expect(written('a\nb', 'a\nb\nc')).toEqual([' a', ' b', '+c'])
  })

  test('of endless texts ends', () => {
    const { lines: shown, cut } = linesOf('', lines(1, 5_000))
    expect(shown).toHaveLength(800)
    expect(cut).toBe(4_200)
  })
})

const state = { id: 'n', order: ['a', 'b'], cells: new Map() } as const
const ada = { userId: 'a', name: 'Ada', via: 'ui' } as const
const entry = (changes: Entry['changes'], more: Partial<Entry> = {}): Entry => ({
  ...{ id: 1, rev: 1, startedAt: '2026-03-02T10:00:00.000Z', at: '2026-03-02T10:00:30.000Z', by: [ada], changes },
  changeCount: changes.length,
  cells: cellsOf(changes),
  ...more,
})
/** As the server counts them. */
const cellsOf = (changes: Entry['changes']): Entry['cells'] =>
  Object.fromEntries(
    changes.flatMap(({ kind, cellId }) =>
      cellId === undefined ? [] : [[kind, new Set(changes.flatMap((other) => (other.kind === kind ? [other.cellId] : []))).size]],
    ),
  )

describe('what an entry says', () => {
  const deeds = (...parameters: Parameters<typeof entry>) => deedsOf({ ...wireNotebook([]), ...state }, entry(...parameters))

  test('what was done to which cells, by their places now', () => {
    expect(deeds([{ kind: 'edited', cellId: 'b' }])).toBe('edited cell 2')
    expect(deeds([{ kind: 'edited', cellId: 'gone' }])).toBe('edited a cell that is gone')
    expect(deeds([{ kind: 'deleted', cellId: 'gone' }])).toBe('deleted a cell')
    expect(deeds([{ kind: 'renamed', title: 'Sales' }])).toBe('renamed the notebook “Sales”')
    const many: Entry['changes'] = [
      { kind: 'deleted', cellId: 'x' },
      { kind: 'edited', cellId: 'a' },
      { kind: 'edited', cellId: 'b' },
    ]
    expect(deeds(many)).toBe('edited 2 cells, deleted a cell')
    expect(deeds([...many, { kind: 'edited', cellId: 'a' }])).toBe('edited 2 cells, deleted a cell')
    expect(deeds(many, { restored: { at: '2026-03-01T10:00:00.000Z' } })).toMatch(/^went back to (1 Mar|Mar 1), /)
    expect(deeds(many, { restored: { at: '2026-03-01T10:00:00.000Z', cellId: 'b' } })).toMatch(/^took cell 2 back to/)
  })

  test('how many cells, by kind, also of changes that are not listed', () => {
    const added = Array.from({ length: 20 }, (_, n) => ({ kind: 'inserted' as const, cellId: `c${n}` }))
    const cells = { inserted: 120, edited: 3, moved: 1, set: 1_200 }
    expect(deeds(added, { changeCount: 1_324, cells })).toBe(
      'added 120 cells, edited 3, moved a cell, changed the settings of 1,200',
    )
    const few: Entry['changes'] = [
      { kind: 'moved', cellId: 'b' },
      { kind: 'renamed', title: 'Sales' },
    ]
    expect(deeds([...added, ...few])).toBe('added 20 cells, moved cell 2, renamed the notebook “Sales”')
  })

  test('who did it, and that it was a script or an agent', () => {
    expect(namesOf([ada])).toBe('Ada')
    expect(namesOf([ada, { ...ada, name: 'Ben' }])).toBe('Ada and Ben')
    expect(namesOf([ada, { ...ada, via: 'api' }])).toBe('Ada and Ada (by script)')
    expect(namesOf(['A', 'B', 'C', 'D'].map((name) => ({ ...ada, name })))).toBe('A, B and 2 others')
  })

  test('when, by days', () => {
    const now = Date.parse('2026-03-02T12:00:00.000Z')
    const at = (iso: string) => entry([], { at: iso })
    const days = byDay(
      ['2026-03-02T11:00:00.000Z', '2026-03-02T09:00:00.000Z', '2026-03-01T11:00:00.000Z', '2026-02-01T11:00:00.000Z'].map(at),
      now,
    )
    expect(days.map(({ day, entries }) => [day.replace(/.*February.*/, 'February'), entries.length])).toEqual([
      ['Today', 2],
      ['Yesterday', 1],
      ['February', 1],
    ])
    expect(dayName('2026-03-02T11:00:00.000Z', now)).toBe('Today')
    expect(timeOf('2026-03-02T11:00:00.000Z', now)).not.toContain('Mar')
    expect(timeOf('2026-03-01T11:00:00.000Z', now)).toContain('Mar')
  })
})
