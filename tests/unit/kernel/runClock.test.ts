import { RunClock } from '@rivulet/server/src/kernel/typescript/runClock.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function clock(seconds: number) {
  const expired: string[] = []
  return { expired, clock: new RunClock(seconds, (runId) => expired.push(runId)) }
}

const interrupted = { kind: 'interrupted', durationMs: 2_000 } as const

test('[S22] a run is overdue once it has run for so long, and only then', () => {
  const { expired, clock: time } = clock(2)
  time.started('a')
  vi.advanceTimersByTime(1_500)
  time.started('b')
  vi.advanceTimersByTime(499)
  expect(expired).toEqual([])
  vi.advanceTimersByTime(1)
  expect(expired).toEqual(['a'])
  expect(time.ended('a', interrupted)).toMatchObject({ kind: 'error', durationMs: 2_000, error: { kind: 'timeout' } })
  expect(time.ended('b', interrupted)).toBe(interrupted)
  vi.advanceTimersByTime(10_000)
  expect(expired).toEqual(['a'])
})

test('[S22] a run that ends as it should in the very last moment has ended as it should', () => {
  const { clock: time } = clock(2)
  time.started('a')
  vi.advanceTimersByTime(2_000)
  const ok = { kind: 'ok', durationMs: 2_000 } as const
  expect(time.ended('a', ok)).toBe(ok)
})

test('without a limit, and once closed, nothing is ever overdue', () => {
  const [unlimited, closed] = [clock(0), clock(1)]
  unlimited.clock.started('a')
  closed.clock.started('a')
  closed.clock.close()
  vi.advanceTimersByTime(1e9)
  expect([...unlimited.expired, ...closed.expired]).toEqual([])
  expect(unlimited.clock.ended('a', interrupted)).toBe(interrupted)
})

test('[S22] when the kernel is ended: overdue runs have failed, and all that need them, in whatever order they were asked for', () => {
  const { clock: time } = clock(2)
  const needs = (...runIds: string[]) => ({ needs: runIds })
  const open = new Map([
    ['last', needs('next')],
    ['other', needs('early')],
    ['next', needs('stuck')],
    ['stuck', needs()],
    ['early', needs()],
  ])
  time.started('stuck')
  expect(time.unruly(open)).toBeUndefined()
  vi.advanceTimersByTime(2_000)
  time.started('early')
  const { reason, reports } = time.unruly(open) ?? {}
  expect(reason).toMatch(/longer than 2 s/)
  expect(reports).toMatchObject([
    { runId: 'stuck', outcome: { kind: 'error', error: { kind: 'timeout' } } },
    { runId: 'next', outcome: { kind: 'skipped' } },
    { runId: 'last', outcome: { kind: 'skipped' } },
  ])
})
