import type { InsideReport } from './protocol.ts'

/** At most this often under load, in milliseconds and in characters of stream text. */
const INTERVAL_MS = 8
const MAX_PENDING = 128 * 1024

/** `idle`: nothing more will come soon, so send it on at once. */
export type Post = (reports: InsideReport[], idle: boolean) => void

/** Collects reports, so that a moment's reports travel together. */
export class Outbox {
  readonly #post: Post
  readonly #now: () => number
  readonly #later: (callback: () => void, ms: number) => void
  #pending: InsideReport[] = []
  #characters = 0
  #flushedAt = 0
  #scheduled = false

  constructor(post: Post, now: () => number, later: (callback: () => void, ms: number) => void) {
    this.#post = post
    this.#now = now
    this.#later = later
  }

  push(report: InsideReport): void {
    this.#pending.push(report)
  }

  /** Adds to the last report when that is the same stream, else starts a report. */
  pushText(runId: string, id: string, name: 'stdout' | 'stderr', text: string): void {
    const last = this.#pending.at(-1)
    if (last?.kind === 'output' && last.output.kind === 'stream' && last.output.id === id) last.output.text += text
    else this.#pending.push({ kind: 'output', runId, output: { id, kind: 'stream', name, text } })
    this.#characters += text.length
    // Code that never lets go of the thread leaves no other chance to send.
    if (this.#characters >= MAX_PENDING || this.#now() - this.#flushedAt >= INTERVAL_MS) this.flush(false)
    else this.flushSoon()
  }

  flush(idle: boolean): void {
    this.#flushedAt = this.#now()
    if (this.#pending.length === 0 && !idle) return
    const reports = this.#pending
    this.#pending = []
    this.#characters = 0
    this.#post(reports, idle)
  }

  flushSoon(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#later(() => {
      this.#scheduled = false
      this.flush(false)
    }, INTERVAL_MS)
  }
}
