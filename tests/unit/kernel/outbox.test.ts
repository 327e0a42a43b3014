import { Outbox } from '@rivulet/server/src/kernel/typescript/inside/outbox.ts'
import type { InsideReport } from '@rivulet/server/src/kernel/typescript/inside/protocol.ts'
import { expect, test } from 'vitest'

/** A kernel's thread with a clock that only moves when it is told to. */
class Thread {
  readonly posts: string[] = []
  private now = 0
  private later: { at: number; callback: () => void }[] = []
  readonly outbox = new Outbox(
    (reports) => this.posts.push(textOf(reports)),
    () => this.now,
    (callback, ms) => this.later.push({ at: this.now + ms, callback }),
  )

  print(text: string): void {
    this.outbox.pushText('r', 'o', 'stdout', text)
  }

  /** The code lets go of the thread for so long. */
  rest(ms: number): void {
    this.now += ms
    const due = this.later.filter(({ at }) => at <= this.now)
    this.later = this.later.filter(({ at }) => at > this.now)
    for (const { callback } of due) callback()
  }
}

/** Lists in there have no methods that a cell could replace. */
const textOf = (reports: readonly InsideReport[]) =>
  Array.from(reports, (report) => (report.kind === 'output' && report.output.kind === 'stream' ? report.output.text : '')).join(
    '',
  )

test('the first prints go at once, each: code that never lets go again has shown them', () => {
  const thread = new Thread()
  for (let n = 0; n < 64; n += 1) thread.print(`${n} `)
  expect(thread.posts).toHaveLength(64)
  thread.print('later')
  expect(thread.posts).toHaveLength(64)
  thread.rest(40)
  expect(thread.posts.at(-1)).toBe('later')
})

test('who goes on printing two hundred times a second sends a fifth as many messages, with everything in them', () => {
  const thread = new Thread()
  const lines = Array.from({ length: 2_000 }, (_, n) => `${n}\n`)
  for (const line of lines) {
    thread.print(line)
    thread.rest(5)
  }
  thread.outbox.flush(true)
  expect(thread.posts.length).toBeLessThan(lines.length / 5 + 64)
  expect(thread.posts.join('')).toBe(lines.join(''))
})

test('who prints a line now and then has each of them sent at once', () => {
  const thread = new Thread()
  for (let n = 0; n < 500; n += 1) {
    thread.print(`${n}`)
    expect(thread.posts).toHaveLength(n + 1)
    thread.rest(100)
  }
})

test('a kernel among many sends what it prints as often as it is heard, and what ends at once', () => {
  const thread = new Thread()
  for (let n = 0; n < 64; n += 1) thread.print('')
  const before = thread.posts.length
  thread.outbox.pace(400)
  const lines = Array.from({ length: 100 }, (_, n) => `${n}\n`)
  for (const line of lines) {
    thread.print(line)
    thread.rest(100)
  }
  expect(thread.posts.length - before).toBeLessThanOrEqual(26)
  thread.print('the last')
  thread.outbox.flush(true)
  expect(thread.posts.join('')).toBe(`${lines.join('')}the last`)
  thread.outbox.pace(0)
  thread.rest(1_000)
  thread.print('!')
  expect(thread.posts.at(-1)).toBe('!')
})
