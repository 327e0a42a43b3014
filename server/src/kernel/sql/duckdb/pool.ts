import type { InputFile } from '../engine.ts'
import { DuckDbEngine } from './engine.ts'
import { readInto } from './files.ts'
import type { FileFacts } from './inside/protocol.ts'
import { DuckDbProcess, type ProcessOptions } from './process.ts'
import { toldByReading } from './told.ts'

export interface DuckDbPoolOptions extends ProcessOptions {
  /** Keep one process started, once somebody has used SQL: who never does pays nothing for it. */
  warmSpare: boolean
  /** How long a query may take to stop before its process is ended, in milliseconds; 2,000 when nothing is said. */
  patienceMs?: number
}

const PATIENCE_MS = 2_000

/** The next spare starts a moment later, so that it does not compete with the first query of the one just taken. */
const SPARE_AFTER_MS = 500

/** Gives every notebook an engine of its own, and starts the next process in advance. */
export class DuckDbPool {
  readonly #options: DuckDbPoolOptions
  readonly #alive = new Set<DuckDbProcess>()
  #spare: Promise<DuckDbProcess> | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: DuckDbPoolOptions) {
    this.#options = options
  }

  /** Starts nothing before its first run. Dispose it when done. */
  engine(): DuckDbEngine {
    return new DuckDbEngine(() => this.#take(), this.#options.patienceMs ?? PATIENCE_MS)
  }

  /** A first query is about to come: somebody opens a notebook with SQL in it. */
  warm(): void {
    if (this.#closed || !this.#options.warmSpare) return
    this.#spare ??= this.#start()
    // Whoever takes it is told; until then nobody waits.
    this.#spare.catch(() => undefined)
  }

  /**
   * What is in a file, found out by reading all of it in a process of its own. Rejects with `DatabaseError` when it cannot be read,
   * and with `EngineGone`, also when `signal` aborts.
   */
  async inspect(file: InputFile, signal: AbortSignal): Promise<FileFacts> {
    signal.throwIfAborted()
    const process = await this.#take()
    const stop = () => void process.kill('The upload was cancelled.')
    signal.addEventListener('abort', stop)
    try {
      if (signal.aborted) stop()
      return await readInto(process, 'inspection', file)
    } catch (error) {
      throw toldByReading(error)
    } finally {
      signal.removeEventListener('abort', stop)
      await process.kill('The file has been read.')
    }
  }

  /** Processes that run, the spare one included. */
  get processes(): number {
    return this.#alive.size
  }

  async disposeAll(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    // One that could not start has nothing to end.
    await this.#spare?.catch(() => undefined)
    await Promise.all([...this.#alive].map((process) => process.kill('The server is shutting down.')))
  }

  async #take(): Promise<DuckDbProcess> {
    if (this.#closed) throw new Error('The server is shutting down')
    const spare = this.#spare
    this.#spare = undefined
    this.#warmSoon()
    // A spare that could not start is no answer: the engine is started now, and says why when it cannot be.
    const process = await spare?.catch(() => undefined)
    return process && !process.exited ? process : await this.#start()
  }

  #warmSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.warm(), SPARE_AFTER_MS)
    this.#timer.unref()
  }

  async #start(): Promise<DuckDbProcess> {
    const process = await DuckDbProcess.start(this.#options)
    this.#alive.add(process)
    void process.gone.then(() => this.#alive.delete(process))
    if (!this.#closed) return process
    await process.kill('The server is shutting down.')
    throw new Error('The server is shutting down')
  }
}
