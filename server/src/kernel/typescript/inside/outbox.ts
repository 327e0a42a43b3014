import type { InsideReport } from './protocol.ts'
import { makeList } from './safe.ts'

/** Under load, output travels once in so many milliseconds or characters. */
const INTERVAL_MS = 8
const MAX_PENDING = 128 * 1024
/** Before that, at once: code that never lets go of the thread leaves no chance later. */
const AT_ONCE = 64

/** `idle`: nothing more will come soon, so send it on at once. */
export type Post = (reports: InsideReport[], idle: boolean) => void

/** Collects reports, so that a moment's reports travel together. */
export class Outbox {
  readonly #post: Post
  readonly #now: () => number
  readonly #later: (callback: () => void, ms: number) => void
  #pending = makeList<InsideReport>()
  #characters = 0
  #windowStart = 0
  #scheduled = false
  #atOnce = 0

  constructor(post: Post, now: () => number, later: (callback: () => void, ms: number) => void) {
    this.#post = post
    this.#now = now
    this.#later = later
  }

  push(report: InsideReport): void {
    this.#pending[this.#pending.length] = report
  }

  /** Adds to the last report when that is the same stream, else starts a report. */
  pushText(runId: string, id: string, name: 'stdout' | 'stderr', text: string): void {
    const last = this.#pending[this.#pending.length - 1]
    if (last?.kind === 'output' && last.output.kind === 'stream' && last.output.id === id) last.output.text += text
    else this.push({ kind: 'output', runId, output: { id, kind: 'stream', name, text } })
    this.#characters += text.length
    if (this.#characters >= MAX_PENDING) this.flush(false)
    else this.flushSoon()
  }

  flush(idle: boolean): void {
    if (this.#pending.length === 0 && !idle) return
    const reports = this.#pending
    this.#pending = makeList()
    this.#characters = 0
    this.#post(reports, idle)
  }

  flushSoon(): void {
    const now = this.#now()
    if (now - this.#windowStart >= INTERVAL_MS) {
      this.#windowStart = now
      this.#atOnce = 0
    }
    this.#atOnce += 1
    if (this.#atOnce <= AT_ONCE) return this.flush(false)
    if (this.#scheduled) return
    this.#scheduled = true
    this.#later(() => {
      this.#scheduled = false
      this.flush(false)
    }, INTERVAL_MS)
  }
}
