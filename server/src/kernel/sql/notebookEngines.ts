import type { QueryEngine } from './engine.ts'
import type { Engines } from './sqlHost.ts'

/** Absent connection: the embedded engine. Rejects with a sentence for the user. */
export type StartEngine = (connectionId: string | undefined) => Promise<QueryEngine>

/** The engines of one notebook, each started when a cell first needs it. */
export class NotebookEngines implements Engines {
  readonly #start: StartEngine
  readonly #started = new Map<string | undefined, Promise<QueryEngine>>()
  readonly #running = new Map<string | undefined, QueryEngine>()
  #lost: (connectionId: string | undefined) => void = () => undefined
  #disposed = false

  constructor(start: StartEngine) {
    this.#start = start
  }

  engine(connectionId: string | undefined): Promise<QueryEngine> {
    if (this.#disposed) return Promise.reject(new Error('The kernel is gone'))
    const started = this.#started.get(connectionId) ?? this.#begin(connectionId)
    this.#started.set(connectionId, started)
    return started
  }

  running(connectionId: string | undefined): QueryEngine | undefined {
    return this.#running.get(connectionId)
  }

  onLost(listener: (connectionId: string | undefined) => void): void {
    this.#lost = listener
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    const all = await Promise.allSettled(this.#started.values())
    this.#running.clear()
    await Promise.all(all.map((each) => (each.status === 'fulfilled' ? each.value.dispose() : undefined)))
  }

  /** One that could not be started is tried again at the next need. */
  async #begin(connectionId: string | undefined): Promise<QueryEngine> {
    try {
      const engine = await this.#start(connectionId)
      engine.onLost(() => this.#lost(connectionId))
      this.#running.set(connectionId, engine)
      return engine
    } catch (error) {
      this.#started.delete(connectionId)
      throw error
    }
  }
}
