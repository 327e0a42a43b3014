import type { QueryEngine } from './engine.ts'
import type { Engines } from './sqlHost.ts'

export interface StartEngines {
  /** Of this notebook alone; starts nothing before its first run. */
  embedded(): QueryEngine
  /** Rejects with a sentence for the user when there is no such connection. */
  connection(id: string, embedded: QueryEngine): Promise<QueryEngine>
}

/** The engines of one notebook, each started when a cell first needs it. */
export class NotebookEngines implements Engines {
  readonly #start: StartEngines
  readonly #started = new Map<string | undefined, Promise<QueryEngine>>()
  readonly #running = new Map<string | undefined, QueryEngine>()
  #lost: (connectionId: string | undefined) => void = () => undefined
  #disposed = false

  constructor(start: StartEngines) {
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
      const engine = await this.#make(connectionId)
      engine.onLost(() => this.#lost(connectionId))
      this.#running.set(connectionId, engine)
      return engine
    } catch (error) {
      this.#started.delete(connectionId)
      throw error
    }
  }

  /** What a connection gives lands in the embedded engine. */
  async #make(connectionId: string | undefined): Promise<QueryEngine> {
    if (connectionId === undefined) return this.#start.embedded()
    return this.#start.connection(connectionId, await this.engine(undefined))
  }
}
