import type { Outcome, Report } from '../../notebook/reports.ts'

const ENDED = 'It did not stop when asked, so its kernel was ended. Values are made again when they are needed.'

interface Running {
  startedAt: number
  timer: NodeJS.Timeout
  overdue: boolean
}

/** Knows which runs take longer than the server allows; waiting for their turn does not count. */
export class RunClock {
  readonly #seconds: number
  readonly #expired: (runId: string) => void
  readonly #running = new Map<string, Running>()

  /** `seconds`: 0 is no limit. `expired` shall end the run. */
  constructor(seconds: number, expired: (runId: string) => void) {
    this.#seconds = seconds
    this.#expired = expired
  }

  started(runId: string): void {
    if (this.#seconds === 0) return
    const expire = () => {
      running.overdue = true
      this.#expired(runId)
    }
    const running = { startedAt: performance.now(), timer: setTimeout(expire, this.#seconds * 1_000), overdue: false }
    this.#running.set(runId, running)
  }

  /** How it ended: one that was ended for its time has failed, and so have those that need it. */
  ended(runId: string, outcome: Outcome): Outcome {
    const running = this.#running.get(runId)
    clearTimeout(running?.timer)
    this.#running.delete(runId)
    return running?.overdue && outcome.kind === 'interrupted' ? this.#timeout(outcome.durationMs, this.#sentence) : outcome
  }

  /**
   * Ends of runs that would not end within their time, and of the open ones that need them, when the kernel has to be ended
   * for it: `reports` go before its exit, whose reason is `reason`. Undefined when that is not why.
   */
  unruly(open: ReadonlyMap<string, { needs: readonly string[] }>): { reason: string; reports: Report[] } | undefined {
    const failed = new Set<string>()
    const reports: Report[] = []
    for (const [runId, { startedAt, overdue }] of this.#running) {
      if (!overdue || !open.has(runId)) continue
      failed.add(runId)
      const outcome = this.#timeout(performance.now() - startedAt, `${this.#sentence} ${ENDED}`)
      reports.push({ kind: 'finished', runId, outcome })
    }
    // What a run needs was asked for before it, or with it in any order: until nothing is added.
    for (let before = -1; before < failed.size; ) {
      before = failed.size
      for (const [runId, { needs }] of open) {
        if (failed.has(runId) || !needs.some((need) => failed.has(need))) continue
        failed.add(runId)
        reports.push({ kind: 'finished', runId, outcome: { kind: 'skipped' } })
      }
    }
    return failed.size > 0 ? { reason: `A run took longer than ${this.#seconds} s. ${ENDED}`, reports } : undefined
  }

  close(): void {
    for (const { timer } of this.#running.values()) clearTimeout(timer)
  }

  get #sentence(): string {
    return `The run took longer than ${this.#seconds} s, the limit of this server.`
  }

  #timeout(durationMs: number, message: string): Outcome {
    return { kind: 'error', durationMs, error: { kind: 'timeout', message } }
  }
}
