import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { MemoryWatch } from '@rivulet/server/src/kernel/memoryWatch.ts'
import { residentMemory } from '@rivulet/server/src/kernel/residentMemory.ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

describe('what watches the memory of many processes from outside', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** Processes by their ids, each with what it takes now and how often it was looked at. */
  function world(rssMb: number, count: number, limitMb: number) {
    const processes = Array.from({ length: count }, () => ({
      rssMb: rssMb as number | undefined,
      looked: 0,
      exceeded: 0,
      closed: false,
    }))
    const of = (pid: number) => processes[pid] ?? { rssMb: undefined, looked: 0, exceeded: 0, closed: false }
    const watch = new MemoryWatch((pid) => ({
      megabytes: () => {
        of(pid).looked += 1
        return of(pid).rssMb
      },
      close: () => {
        of(pid).closed = true
      },
    }))
    const ends = processes.map((one, pid) =>
      watch.begin(pid, limitMb, () => {
        one.exceeded += 1
      }),
    )
    return { processes, ends }
  }

  test('each is looked at as often as it would look itself, and all of them at the same moments', () => {
    const begun = vi.spyOn(globalThis, 'setTimeout')
    const { processes } = world(64, 100, 1_024)
    begun.mockClear()
    vi.advanceTimersByTime(10_000)
    for (const { looked } of processes) {
      expect(looked).toBeGreaterThan(40)
      expect(looked).toBeLessThan(65)
    }
    expect(begun.mock.calls.length).toBeLessThan(65)
    for (const one of processes) Object.assign(one, { rssMb: 1_000, looked: 0 })
    vi.advanceTimersByTime(10_000)
    for (const { looked } of processes) expect(looked).toBeGreaterThan(180)
  })

  test('whatever grows by four gigabytes a second is noticed before it has taken a quarter more than it may, and nothing else is', () => {
    const { processes } = world(64, 10, 1_024)
    const [grows, ...others] = processes
    if (!grows) throw new Error('there is none')
    grows.rssMb = 64
    while (grows.exceeded === 0 && grows.rssMb < 2_000) {
      grows.rssMb += 40
      vi.advanceTimersByTime(10)
    }
    expect(grows.exceeded).toBe(1)
    expect(grows.rssMb).toBeLessThan(1_024 * 1.25)
    expect(others.some(({ exceeded }) => exceeded > 0)).toBe(false)
  })

  test('one that has ended is let go of; with the last of them no timer is left', () => {
    const { processes, ends } = world(64, 3, 1_024)
    for (const one of processes) one.rssMb = undefined
    vi.advanceTimersByTime(5_000)
    expect(processes.map(({ exceeded }) => exceeded)).toEqual([0, 0, 0])
    for (const end of ends) end?.()
    for (const end of ends) end?.()
    expect(processes.every(({ closed }) => closed)).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})

test.runIf(process.platform === 'linux')('what a process takes is what it says of itself, until it has ended', async () => {
  const code =
    'const held = Buffer.alloc(200 * 2 ** 20, 1); console.log(process.memoryUsage.rss()); process.stdin.on("data", () => held)'
  const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'ignore'] })
  const memory = residentMemory(child.pid ?? 0)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const saidMb = Number(said.toString()) / 2 ** 20
  expect(Math.abs((memory?.megabytes() ?? 0) - saidMb)).toBeLessThan(20)
  child.kill('SIGKILL')
  await once(child, 'close')
  expect(memory?.megabytes()).toBeUndefined()
  memory?.close()
  expect(residentMemory(child.pid ?? 0)).toBeUndefined()
})
