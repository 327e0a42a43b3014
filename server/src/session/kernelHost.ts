import type { Grants, Kernel, StartKernel, Variable } from '../kernel/kernel.ts'
import type { SavedFile, SaveQuery, TableSchema } from '../kernel/sql/engine.ts'
import type { RowsPage, RowsQuery } from '../kernel/typescript/inside/protocol.ts'
import type { Effect } from '../notebook/effects.ts'
import type { Report } from '../notebook/reports.ts'

export interface KernelHostOptions {
  start: StartKernel
  /** What the notebook is allowed, read when a kernel starts. */
  grants: () => Grants
  idleMs: number
  /** Something is queued or running: a kernel that computes in silence is not idle. */
  isBusy: () => boolean
  report: (reports: Report[]) => void
  onError: (error: unknown, what: string) => void
}

/** One notebook's kernel: started when first needed, ended when idle for long. Performs effects, hands reports on. */
export class KernelHost {
  private kernel: Kernel | undefined
  private idle: NodeJS.Timeout | undefined
  private closed = false
  private lastTouch = 0
  private paceMs = 0
  private readonly options: KernelHostOptions

  constructor(options: KernelHostOptions) {
    this.options = options
  }

  get running(): boolean {
    return this.kernel !== undefined
  }

  /** When something last happened in it, as `performance.now` counts. */
  get lastUsed(): number {
    return this.lastTouch
  }

  perform(effect: Effect): void {
    switch (effect.kind) {
      case 'kernel.run':
        return this.ensure()?.run(effect.requests)
      case 'kernel.cancel':
        return this.kernel?.cancel(effect.runIds)
      case 'kernel.interrupt':
        return this.kernel?.interrupt()
      case 'kernel.set-input':
        return this.kernel?.setInput(effect)
      case 'kernel.forget':
        return this.kernel?.forget(effect.names, effect.cellId)
      case 'kernel.restart':
        return this.disposeSoon()
    }
  }

  /** For this kernel and those after it. */
  pace(ms: number): void {
    this.paceMs = ms
    this.kernel?.pace(ms)
  }

  async variables(names: readonly string[]): Promise<Variable[]> {
    this.touch()
    return this.kernel ? this.kernel.variables(names) : []
  }

  /** Undefined when the table is not in a kernel's memory any more. */
  async rows(handle: string, query: RowsQuery): Promise<RowsPage | undefined> {
    this.touch()
    return this.kernel?.rows(handle, query)
  }

  /** As `rows`. Whoever reads the file keeps the kernel from being put away. */
  async save(handle: string, query: SaveQuery, names: readonly string[]): Promise<SavedFile | undefined> {
    this.touch()
    const file = await this.kernel?.save(handle, query, names)
    const next = async () => {
      this.touch()
      return file?.next()
    }
    return file && { next, close: () => file.close() }
  }

  /** A kernel is started only where there may be something without one: on a connection of its own. */
  async schema(connectionId: string | undefined): Promise<TableSchema[]> {
    const kernel = connectionId === undefined ? this.kernel : this.ensure()
    this.touch()
    return kernel ? kernel.schema(connectionId) : []
  }

  /** Resolves when the process has ended; the next run starts a new one. */
  async dispose(): Promise<void> {
    const kernel = this.kernel
    if (!kernel) return
    this.forget()
    await kernel.dispose()
  }

  /** For good: nothing starts another. */
  close(): Promise<void> {
    this.closed = true
    return this.dispose()
  }

  private disposeSoon(): void {
    this.dispose().catch((error: unknown) => this.options.onError(error, 'ending a kernel'))
  }

  private ensure(): Kernel | undefined {
    if (!this.closed) this.kernel ??= this.start()
    this.touch()
    return this.kernel
  }

  private start(): Kernel | undefined {
    try {
      // A kernel that was let go may still say something: only the current one is heard.
      const kernel: Kernel = this.options.start((reports) => {
        if (this.kernel === kernel) this.heard(reports)
      }, this.options.grants())
      if (this.paceMs > 0) kernel.pace(this.paceMs)
      return kernel
    } catch (error) {
      this.options.onError(error, 'starting a kernel')
      const reason = 'The kernel could not be started.'
      // Effects never re-enter: it is reported as if the kernel had said so itself.
      setImmediate(() => this.options.report([{ kind: 'exited', language: 'typescript', reason, asked: false }]))
      return undefined
    }
  }

  private heard(reports: Report[]): void {
    this.touch()
    if (reports.some((report) => report.kind === 'exited')) {
      const kernel = this.kernel
      this.forget()
      kernel?.dispose().catch((error: unknown) => this.options.onError(error, 'ending a kernel'))
    }
    this.options.report(reports)
  }

  private forget(): void {
    clearTimeout(this.idle)
    this.kernel = undefined
  }

  private touch(): void {
    clearTimeout(this.idle)
    this.lastTouch = performance.now()
    if (!this.kernel) return
    this.idle = setTimeout(() => this.cull(), this.options.idleMs)
    this.idle.unref()
  }

  private cull(): void {
    if (this.options.isBusy()) this.touch()
    else this.putAway('the kernel was idle and was put away')
  }

  /** Ends a kernel in which nothing runs: its values are gone, what the cells show stays. */
  putAway(reason: string): void {
    this.disposeSoon()
    this.options.report([{ kind: 'exited', language: 'typescript', reason, asked: true }])
  }
}
