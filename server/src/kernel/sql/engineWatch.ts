import type { KernelState } from '../../notebook/model.ts'
import type { Report } from '../../notebook/reports.ts'
import type { EngineVitals, QueryEngine } from './engine.ts'

/** A figure people see changes only when it has changed by this much. */
const STEP_MB = 8

type State = Omit<KernelState, 'language'>

/** What people see of the embedded engine's process: that it is there and at work, what keeps it in, and how much memory it takes. */
export class EngineWatch {
  readonly #engine: () => QueryEngine | undefined
  readonly #report: (reports: Report[]) => void
  #vitals: EngineVitals | undefined
  #isLost = false
  /** Queries that run or wait for their turn, on any connection: their rows land here. */
  #queries = 0
  #told: State = { status: 'none' }

  constructor(engine: () => QueryEngine | undefined, report: (reports: Report[]) => void) {
    this.#engine = engine
    this.#report = report
  }

  /** Whatever it was, the engine has more or less in its memory afterwards. */
  async during(query: () => Promise<void>): Promise<void> {
    this.#queries += 1
    this.#tell()
    try {
      await query()
    } finally {
      this.#queries -= 1
      // An engine that goes away meanwhile is told of as lost.
      this.#look(
        await this.#engine()
          ?.vitals()
          .catch(() => undefined),
      )
      this.#tell()
    }
  }

  /** Its process has ended without anybody having asked for it. */
  lost(): void {
    this.#vitals = undefined
    this.#isLost = true
    this.#tell()
  }

  #look(vitals: EngineVitals | undefined): void {
    if (!vitals) return
    this.#isLost = false
    const known = this.#vitals
    if (known?.sandbox !== vitals.sandbox || Math.abs(known.memoryMb - vitals.memoryMb) >= STEP_MB) this.#vitals = vitals
  }

  #tell(): void {
    const state = this.#state()
    if (JSON.stringify(state) === JSON.stringify(this.#told)) return
    this.#told = state
    this.#report([{ kind: 'kernel', state: { language: 'sql', ...state } }])
  }

  #state(): State {
    const seen = this.#vitals && { detail: `${this.#vitals.memoryMb} MB`, sandbox: this.#vitals.sandbox }
    if (this.#queries > 0) return { status: 'busy', ...seen }
    if (this.#isLost) return { status: 'died', detail: 'it starts again with the next query' }
    return seen ? { status: 'ready', ...seen } : { status: 'none' }
  }
}
