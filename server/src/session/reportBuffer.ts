import type { Report } from '../notebook/reports.ts'
import { mergeStreams } from './mergeStreams.ts'
import type { OutputTurns } from './outputTurns.ts'

/** What belongs to a burst is decided at most this often: a chain of a thousand cells is some dozen decisions. */
const INTERVAL_MS = 20
const RETRY_MS = 1_000
/** A kernel hears of another pace only when it is at least half or twice the one before, and of none below this. */
const SLOWEST_UNTOLD_MS = 50

export interface ReportBufferOptions {
  /** How many runs are queued or running. */
  underWay(): number
  /** Decides them as one. False when that could not be saved: they are offered again, with what comes until then. */
  decide(reports: readonly Report[]): boolean
  /** From now on output that comes more often than once in so many milliseconds would only wait here. 0: no longer so. */
  pace(ms: number): void
  turns: OutputTurns
}

/** Collects what a kernel says, so that a moment's reports are one decision, one row and one message. */
export class ReportBuffer {
  private readonly options: ReportBufferOptions
  private waiting: Report[] = []
  private ends = 0
  /** All that waits is output: that is in no hurry when others have output, too. */
  private onlyOutput = true
  private timer: NodeJS.Timeout | undefined
  private due = Number.POSITIVE_INFINITY
  private lastFlush = Number.NEGATIVE_INFINITY
  private failed = false
  private paceMs = 0

  constructor(options: ReportBufferOptions) {
    this.options = options
  }

  /** The first is decided at once, what follows soon after it together; nobody waits for the last end. */
  add(reports: readonly Report[]): void {
    let urgent = false
    for (const report of reports) {
      this.waiting.push(report)
      if (report.kind !== 'output' && report.kind !== 'tail') this.onlyOutput = false
      if (report.kind === 'finished') this.ends += 1
      if (report.kind === 'kernel' || report.kind === 'exited') urgent = true
    }
    if (urgent || (this.ends > 0 && this.ends >= this.options.underWay())) this.flush()
    else if (!this.failed) this.flushSoon()
  }

  /** What could not be saved is offered again, because something else is about to be decided: false while it still cannot be. */
  settle(): boolean {
    if (this.failed) this.flush()
    return !this.failed
  }

  /** Decides what is still there; what cannot be saved now is given up. */
  close(): void {
    if (this.waiting.length > 0) this.flush()
    clearTimeout(this.timer)
  }

  private flushSoon(): void {
    // A turn that was taken is waited for, unless something has come that is in a hurry.
    if (this.onlyOutput && this.timer) return
    const now = performance.now()
    const soonest = Math.max(now, this.lastFlush + INTERVAL_MS)
    const due = this.onlyOutput ? this.takeTurn(soonest) : soonest
    if (due <= now) this.flush()
    else if (due < this.due) this.flushAt(due)
  }

  /** Whoever would wait for long is asked to say less often what it has to say. */
  private takeTurn(soonest: number): number {
    const { turns, pace } = this.options
    const due = turns.take(this, soonest)
    const ms = paceOf(turns.round)
    if (ms !== this.paceMs) pace(ms)
    this.paceMs = ms
    return due
  }

  private flushAt(due: number): void {
    clearTimeout(this.timer)
    this.due = due
    this.timer = setTimeout(() => this.flush(), due - performance.now())
  }

  private flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.due = Number.POSITIVE_INFINITY
    const reports = mergeStreams(this.waiting)
    const from = performance.now()
    const saved = this.options.decide(reports)
    if (this.onlyOutput) this.options.turns.spent(performance.now() - from)
    this.failed = !saved
    this.waiting = saved ? [] : reports
    if (saved) {
      this.ends = 0
      this.onlyOutput = true
      this.lastFlush = performance.now()
    } else this.flushAt(performance.now() + RETRY_MS)
  }
}

/** In powers of two, so that it stays what it is while few come and go. */
function paceOf(round: number): number {
  return round < SLOWEST_UNTOLD_MS ? 0 : SLOWEST_UNTOLD_MS * 2 ** Math.floor(Math.log2(round / SLOWEST_UNTOLD_MS))
}
