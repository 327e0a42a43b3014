import type { TableRows } from './rows.ts'
import type { Run } from './run.ts'
import { SafeMap } from './safe.ts'

/** The last run of each cell, whose `invalidation` is still to come (S19). */
export class LatestRuns {
  readonly #runs = new SafeMap<string, Run>()

  get(cellId: string): Run | undefined {
    return this.#runs.get(cellId)
  }

  table(handle: string): TableRows | undefined {
    let found: TableRows | undefined
    this.#runs.each((run) => {
      found ??= run.tables.get(handle)
    })
    return found
  }

  set(run: Run): void {
    this.#runs.set(run.request.cellId, run)
  }

  invalidate(cellId: string): void {
    const run = this.#runs.get(cellId)
    this.#runs.delete(cellId)
    run?.invalidate()
  }

  /** Ignored unless this is still its cell's last run. */
  invalidateRun(runId: string): void {
    let found: string | undefined
    this.#runs.each((run, cellId) => {
      if (run.request.runId === runId) found = cellId
    })
    if (found !== undefined) this.invalidate(found)
  }
}
