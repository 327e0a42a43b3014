import { MemoryWatch } from '@rivulet/server/src/kernel/typescript/inside/memoryWatch.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let rssMb = 0
let looked = 0
beforeEach(() => {
  looked = 0
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

function megabytes(): number {
  looked += 1
  return rssMb
}

function watch(limitMb: number): { exceeded: () => boolean } {
  let exceeded = false
  const onExceeded = () => {
    exceeded = true
  }
  new MemoryWatch({ limitMb, megabytes, exceeded: onExceeded, tell: () => undefined, flush: () => undefined })
  return { exceeded: () => exceeded }
}

test('a kernel that has much left is woken a few times a second, one that has little left twenty times', () => {
  rssMb = 64
  watch(2_048)
  vi.advanceTimersByTime(10_000)
  expect(looked).toBeLessThan(25)
  looked = 0
  rssMb = 2_000
  vi.advanceTimersByTime(10_000)
  expect(looked).toBeGreaterThan(180)
})

test('whatever grows by four gigabytes a second is noticed before it has taken a quarter more than it may', () => {
  rssMb = 64
  const { exceeded } = watch(1_024)
  const stepMs = 10
  while (!exceeded() && rssMb < 2_000) {
    rssMb += 4 * stepMs
    vi.advanceTimersByTime(stepMs)
  }
  expect(exceeded()).toBe(true)
  expect(rssMb).toBeLessThan(1_024 * 1.25)
})
