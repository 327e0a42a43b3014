import { ChangeSet } from '@codemirror/state'
import type { Change } from '@rivulet/server/notebook/events'
import { TextChanges } from '@rivulet/server/notebook/textChanges'
import { applyChanges } from '@rivulet/server/notebook/textDiff'
import { EditLog } from '@rivulet/server/src/session/editLog.ts'
import { changeSetBetween, describeEdits, parseChanges, rebased, type Step } from '@rivulet/server/src/session/rebase.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const step = (cellId: string, version: number, insert = 'x', length = 0): Step => ({
  ...{ cellId, version },
  changes: ChangeSet.of({ from: 0, insert }, length),
})
/** A change at so many places, one character apart. */
const everyOther = (places: number, part: [number] | [number, string]) => Array.from({ length: places }, () => [1, part]).flat()
const versions = (log: EditLog, cellId: string, from: number, to: number) =>
  log.between(cellId, from, to)?.map(({ version }) => version)

describe('[E1] the log of edits', () => {
  test('gives the edits of one cell between two versions, or says that it does not reach back', () => {
    const log = new EditLog(() => [])
    for (const version of [5, 6, 7]) log.append([step('a', version), step('b', version + 10)])
    expect(versions(log, 'a', 4, 7)).toEqual([5, 6, 7])
    expect(versions(log, 'b', 16, 17)).toEqual([17])
    expect(versions(log, 'a', 7, 7)).toEqual([])
    expect(versions(log, 'unknown', 3, 3)).toEqual([])
    expect([versions(log, 'a', 3, 7), versions(log, 'a', 8, 7), versions(log, 'unknown', 1, 2)]).toEqual(Array(3).fill(undefined))
  })

  test('is bounded in number and in size', () => {
    const log = new EditLog(() => [])
    for (let version = 1; version <= 8_000; version += 1) log.append([step('a', version)])
    expect(versions(log, 'a', 3_000, 8_000)).toHaveLength(5_000)
    expect(versions(log, 'a', 0, 8_000)).toBeUndefined()
    for (let version = 1; version <= 30; version += 1) log.append([step('large', version, 'x'.repeat(100_000))])
    expect(versions(log, 'large', 0, 30)).toBeUndefined()
    expect(versions(log, 'large', 22, 30)).toHaveLength(8)
    expect(versions(log, 'a', 7_999, 8_000)).toBeUndefined()
  })

  test('is bounded in memory, also of edits that insert nothing and change very many places', () => {
    const log = new EditLog(() => [])
    for (let version = 1; version <= 50; version += 1)
      log.append([{ cellId: 'a', version, changes: parseChanges(everyOther(10_000, [1])) }])
    expect(versions(log, 'a', 48, 50)).toHaveLength(2)
    expect(versions(log, 'a', 40, 50)).toBeUndefined()
  })

  test('is read back from the journal once, as far as that goes, also where it holds sources only', () => {
    const edited = (version: number, source: string, changes?: TextChanges): Change => ({
      ...{ type: 'cell.edited', cellId: 'a', version, source },
      ...(changes && { changes: { set: changes } }),
    })
    let reads = 0
    const log = new EditLog(() => {
      reads += 1
      return [[edited(4, 'one')], [edited(5, 'one two')], [edited(6, 'one two!', [7, [0, '!']]), edited(7, 'two!')]]
    })
    expect(log.between('a', 4, 7)?.map(({ changes }) => changes.toJSON())).toEqual([
      [3, [0, ' two']],
      [7, [0, '!']],
      [[4], 4],
    ])
    // What came before the first source that is known cannot be told.
    expect(log.between('a', 3, 7)).toBeUndefined()
    expect(reads).toBe(1)
  })
})

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', '😀', '\ud800', '\udc00'), maxLength: 12 })

describe('[E3] changes of sources', () => {
  test('are found between any two texts, and go through JSON as they are', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = changeSetBetween(before, after)
        const json: unknown = JSON.parse(JSON.stringify(changes))
        expect(applyChanges(before, parseChanges(TextChanges.parse(json)))).toBe(after)
      }),
    )
  })

  test('cut no character of two units in half', () => {
    expect(changeSetBetween('a😀', 'a😁').toJSON()).toEqual([1, [2, '😁']])
    expect(changeSetBetween('😀a', '🐀a').toJSON()).toEqual([[2, '🐀'], 1])
  })

  test('stand beside every edit of a decision, each of the text before it', () => {
    const edited = (version: number, source: string): Change => ({ type: 'cell.edited', cellId: 'a', version, source })
    const { events, steps } = describeEdits([edited(2, 'ab'), edited(3, 'b')], () => 'a')
    expect(events).toEqual([
      { ...edited(2, 'ab'), changes: { set: [1, [0, 'b']] } },
      { ...edited(3, 'b'), changes: { set: [[1], 1] } },
    ])
    expect(steps.map(({ version }) => version)).toEqual([2, 3])
  })
})

test('[E4] what would take too long to rebase is refused, and what somebody typed thousands of versions ago is not', () => {
  const length = 100_000
  const typed = Array.from({ length: 5_000 }, (_, at) => ({
    changes: ChangeSet.of({ from: at, to: at + 1, insert: 'y' }, length),
  }))
  const everywhere = parseChanges(everyOther(length / 2, [1, 'x']))
  const from = performance.now()
  expect(rebased(everywhere, typed, length)).toBeUndefined()
  expect(performance.now() - from).toBeLessThan(5_000)
  expect(rebased(everywhere, typed.slice(-2), length)).toBeDefined()
  expect(rebased(ChangeSet.of({ from: 7, insert: 'x' }, length), typed, length)).toBeDefined()
})

test('[E4] whatever parses is rebased or refused, and never throws', () => {
  const part = fc.oneof(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }).map((count) => [count]),
    fc
      .tuple(fc.nat(4), fc.array(fc.constantFrom('', 'x', 'yy'), { minLength: 1, maxLength: 3 }))
      .map(([n, lines]) => [n, ...lines]),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.option(text), text, (json, other, after) => {
      const changes = parseChanges(TextChanges.parse(json))
      const before = other ?? 'ab\n'.repeat(changes.length).slice(0, changes.length)
      const over = { cellId: 'a', version: 2, changes: changeSetBetween(before, after) }
      const mapped = rebased(changes, [over], after.length)
      expect(mapped === undefined).toBe(changes.length !== before.length)
      if (mapped) expect(applyChanges(after, mapped)).toHaveLength(mapped.newLength)
    }),
    { numRuns: 2_000 },
  )
})
