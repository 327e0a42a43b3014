import type { Report } from '../notebook/reports.ts'
import { mergeStreams } from './mergeStreams.ts'

/** What belongs to a burst is decided at most this often: a chain of a thousand cells is some dozen decisions. */
const INTERVAL_MS = 20
const RETRY_MS = 1_000

export interface ReportBufferOptions {
  /** How many runs are queued or running. */
  underWay(): number
  /** Decides them as one. False when that could not be saved: they are offered again, with what comes until then. */
  decide(reports: readonly Report[]): boolean
}

/** Collects what a kernel says, so that a moment's reports are one decision, one row and one message. */
export class ReportBuffer {
  private readonly options: ReportBufferOptions
  private waiting: Report[] = []
  private ends = 0
  private timer: NodeJS.Timeout | undefined
  private lastFlush = Number.NEGATIVE_INFINITY

  constructor(options: ReportBufferOptions) {
    this.options = options
  }

  /** The first is decided at once, what follows soon after it together; nobody waits for the last end. */
  add(reports: readonly Report[]): void {
    let urgent = false
    for (const report of reports) {
      this.waiting.push(report)
      if (report.kind === 'finished') this.ends += 1
      if (report.kind === 'kernel' || report.kind === 'exited') urgent = true
    }
    const wait = this.lastFlush + INTERVAL_MS - performance.now()
    if (urgent || wait <= 0 || (this.ends > 0 && this.ends >= this.options.underWay())) this.flush()
    else this.timer ??= setTimeout(() => this.flush(), wait)
  }

  /** Decides what is still there; what cannot be saved now is given up. */
  close(): void {
    if (this.waiting.length > 0) this.flush()
    clearTimeout(this.timer)
  }

  private flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const reports = mergeStreams(this.waiting)
    const saved = this.options.decide(reports)
    this.waiting = saved ? [] : reports
    if (saved) {
      this.ends = 0
      this.lastFlush = performance.now()
    } else this.timer = setTimeout(() => this.flush(), RETRY_MS)
  }
}
