import type { InsideReport } from './protocol.ts'
import { makeList } from './safe.ts'

// Cells can replace what `Math` holds.
const { max } = Math

/** Under load, output travels once in so many milliseconds or characters. */
const INTERVAL_MS = 40
const MAX_PENDING = 128 * 1024
/** Before that, at once: code that never lets go of the thread leaves no chance later. */
const AT_ONCE = 64
/** And so often again: each is a message to another thread, of which few cost more than all that is printed. */
const AGAIN_MS = 100

/** `idle`: nothing more will come soon, so send it on at once. */
export type Post = (reports: InsideReport[], idle: boolean) => void

/** Collects reports, so that a moment's reports travel together. */
export class Outbox {
  readonly #post: Post
  readonly #now: () => number
  /** A timer of the kernel's own, which no cell can stop. */
  readonly later: (callback: () => void, ms: number) => void
  #pending = makeList<InsideReport>()
  #characters = 0
  #scheduled = false
  #atOnce = AT_ONCE
  #counted: number
  #paceMs = 0

  constructor(post: Post, now: () => number, later: (callback: () => void, ms: number) => void) {
    this.#post = post
    this.#now = now
    this.later = later
    this.#counted = now()
  }

  /** Output travels at most once in so many milliseconds; 0: as often as it likes. */
  pace(ms: number): void {
    this.#paceMs = ms
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
    if (this.#scheduled) return
    if (this.#mayGoAtOnce()) return this.flush(false)
    this.#scheduled = true
    const flush = () => {
      this.#scheduled = false
      // It counts as one that was allowed, else there would be another right behind it.
      this.#mayGoAtOnce()
      this.flush(false)
    }
    this.later(flush, max(INTERVAL_MS, this.#paceMs))
  }

  #mayGoAtOnce(): boolean {
    const now = this.#now()
    this.#atOnce += (now - this.#counted) / max(AGAIN_MS, this.#paceMs)
    this.#counted = now
    if (this.#atOnce > AT_ONCE) this.#atOnce = AT_ONCE
    if (this.#atOnce < 1) return false
    this.#atOnce -= 1
    return true
  }
}
