import type { Kernel, StartKernel } from './kernel.ts'
import type { PackageBundle } from './packages.ts'
import { INSIDE_DIR } from './typescript/deno.ts'
import { TypeScriptKernel } from './typescript/kernel.ts'
import { DenoProcess } from './typescript/process.ts'

export interface PoolOptions {
  packages: PackageBundle
  /** JavaScript heap of one kernel, MiB. */
  heapMb: number
  /** Memory of one kernel process, array buffers included, MiB. */
  rssMb: number
  /** Output kept of one run, bytes of its JSON. */
  outputBytes: number
  /** Keep one process started, so that a first run need not wait. */
  warmSpare: boolean
}

/** The next spare starts a moment later, so that it does not compete with the first run of the one just taken. */
const SPARE_AFTER_MS = 500

/** Starts kernels, the next of them in advance. */
export class KernelPool {
  readonly #options: PoolOptions
  readonly #alive = new Set<DenoProcess>()
  #spare: DenoProcess | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: PoolOptions) {
    this.#options = options
    if (options.warmSpare) this.#spare = this.#process()
  }

  /** A kernel of its own, from the warm spare when there is one. Dispose it when done. */
  start(report: Parameters<StartKernel>[0]): Kernel {
    if (this.#closed) throw new Error('The server is shutting down')
    return new TypeScriptKernel(this.#take(), report)
  }

  async disposeAll(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await Promise.all([...this.#alive].map((process) => process.kill('The server is shutting down.')))
  }

  #take(): DenoProcess {
    const spare = this.#spare
    this.#spare = undefined
    if (this.#options.warmSpare) this.#spareSoon()
    return spare && !spare.exited ? spare : this.#process()
  }

  #spareSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (!this.#closed) this.#spare ??= this.#process()
    }, SPARE_AFTER_MS)
    this.#timer.unref()
  }

  #process(): DenoProcess {
    const { packages, heapMb, rssMb, outputBytes } = this.#options
    for (const process of this.#alive) if (process.exited) this.#alive.delete(process)
    const process = new DenoProcess({ insideDir: INSIDE_DIR, packages, heapMb, rssMb, outputBytes })
    this.#alive.add(process)
    return process
  }
}
