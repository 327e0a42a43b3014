import type { Report } from '@rivulet/server/notebook/reports'
import { OutputTurns } from '@rivulet/server/src/session/outputTurns.ts'
import { ReportBuffer } from '@rivulet/server/src/session/reportBuffer.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const printed = (text: string): Report => ({
  kind: 'output',
  runId: 'r',
  output: { id: 'o', kind: 'stream', name: 'stdout', text },
})
const finished: Report = { kind: 'finished', runId: 'r', outcome: { kind: 'ok', durationMs: 1 } }
const textOf = (reports: readonly Report[]) =>
  reports.map((report) => (report.kind === 'output' && report.output.kind === 'stream' ? report.output.text : '')).join('')

/** A notebook that reports, and what was decided for it. */
function notebook(turns: OutputTurns) {
  const decisions: (readonly Report[])[] = []
  const storage = { works: true }
  const paces: number[] = []
  const decide = (reports: readonly Report[]) => storage.works && decisions.push(reports) > 0
  const pace = (ms: number) => paces.push(ms)
  return { buffer: new ReportBuffer({ underWay: () => 1, decide, pace, turns }), decisions, storage, paces }
}

/** Each prints every 5 ms for a second. */
async function printing(notebooks: readonly ReturnType<typeof notebook>[]) {
  for (let n = 0; n < 200; n += 1) {
    for (const { buffer } of notebooks) buffer.add([printed(`${n} `)])
    await vi.advanceTimersByTimeAsync(5)
  }
}

const ALL = Array.from({ length: 200 }, (_, n) => `${n} `).join('')

test('one notebook that prints is told of fifty times a second', async () => {
  const one = notebook(new OutputTurns())
  const { buffer, decisions } = one
  await printing([one])
  buffer.close()
  expect(decisions.length).toBeGreaterThan(30)
  expect(decisions.length).toBeLessThanOrEqual(52)
  expect(decisions.map(textOf).join('')).toBe(ALL)
  expect(one.paces).toEqual([])
})

test('a hundred that print share so many decisions, each as many as another, and lose nothing', async () => {
  const turns = new OutputTurns()
  const all = Array.from({ length: 100 }, () => notebook(turns))
  await printing(all)
  const counts = all.map(({ decisions }) => decisions.length)
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1_000 / 4 + 100)
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  for (const { buffer } of all) buffer.close()
  for (const { decisions } of all) expect(decisions.map(textOf).join('')).toBe(ALL)
})

test('kernels are asked to speak as often as they are heard, and no longer so once the others are silent', async () => {
  const turns = new OutputTurns()
  const [one, ...others] = Array.from({ length: 100 }, () => notebook(turns))
  if (!one) throw new Error('there are a hundred')
  await printing([one, ...others])
  // A round of a hundred takes 400 ms.
  for (const { paces } of others) expect(paces.at(-1)).toBe(400)
  expect(one.paces.length).toBeLessThanOrEqual(4)
  for (let n = 0; n < 5; n += 1) await printing([one])
  expect(one.paces.at(-1)).toBe(0)
})

test('decisions about output that take long leave the server its time', async () => {
  const turns = new OutputTurns()
  for (let n = 0; n < 100; n += 1) turns.spent(1)
  const [first, second] = [turns.take({}, 0), turns.take({}, 0)]
  expect(second - first).toBeCloseTo(10, 1)
  for (let n = 0; n < 100; n += 1) turns.spent(1_000)
  const later = turns.take({}, 1_000)
  expect(turns.take({}, 1_000) - later).toBeCloseTo(20, 1)
})

test('the end of a run does not wait for those who print, nor does a start wait for a turn', async () => {
  const turns = new OutputTurns()
  const others = Array.from({ length: 100 }, () => notebook(turns))
  await printing(others)
  const mine = notebook(turns)
  mine.buffer.add([printed('waits ')])
  expect(mine.decisions).toEqual([])
  mine.buffer.add([{ kind: 'started', runId: 'r' }])
  expect(mine.decisions).toHaveLength(1)
  mine.buffer.add([printed('x'), finished])
  expect(mine.decisions.map((reports) => reports.map(({ kind }) => kind))).toEqual([
    ['output', 'started'],
    ['output', 'finished'],
  ])
})

test('what could not be saved is offered again, first and once', async () => {
  const { buffer, decisions, storage } = notebook(new OutputTurns())
  storage.works = false
  buffer.add([printed('a')])
  buffer.add([printed('b')])
  storage.works = true
  expect(decisions).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(decisions.map(textOf)).toEqual(['ab'])
})

test('[C7] what could not be saved comes before whatever is decided next', () => {
  const { buffer, decisions, storage } = notebook(new OutputTurns())
  expect(buffer.settle()).toBe(true)
  storage.works = false
  buffer.add([finished])
  expect(buffer.settle()).toBe(false)
  buffer.add([printed('later')])
  storage.works = true
  expect(buffer.settle()).toBe(true)
  expect(decisions).toEqual([[finished, printed('later')]])
  buffer.close()
})
