import type { KernelState } from '../../notebook/model.ts'
import type { Report } from '../../notebook/reports.ts'
import type { EngineVitals, QueryEngine } from './engine.ts'

/** A figure people see changes only when it has changed by this much. */
const STEP_MB = 8

/** What people see of the embedded engine's process: that it is there, what keeps it in, and how much memory it takes. */
export class EngineWatch {
  readonly #engine: () => QueryEngine | undefined
  readonly #report: (reports: Report[]) => void
  #told: EngineVitals | undefined

  constructor(engine: () => QueryEngine | undefined, report: (reports: Report[]) => void) {
    this.#engine = engine
    this.#report = report
  }

  /** A run has ended: whatever it was, the engine has more or less in its memory now. */
  async look(): Promise<void> {
    const vitals = await this.#engine()?.vitals()
    const told = this.#told
    if (!vitals || (told?.sandbox === vitals.sandbox && Math.abs(told.memoryMb - vitals.memoryMb) < STEP_MB)) return
    this.#told = vitals
    this.#tell({ status: 'ready', detail: `${vitals.memoryMb} MB`, sandbox: vitals.sandbox })
  }

  /** Its process has ended without anybody having asked for it. */
  lost(): void {
    this.#told = undefined
    this.#tell({ status: 'died', detail: 'it starts again with the next query' })
  }

  #tell(state: Omit<KernelState, 'language'>): void {
    this.#report([{ kind: 'kernel', state: { language: 'sql', ...state } }])
  }
}
