import type { Grants, Kernel, StartKernel } from './kernel.ts'
import type { PackageBundle } from './packages.ts'
import type { Engines, PathOfFile } from './sql/sqlHost.ts'
import { type DenoHome, INSIDE_DIR, makeDenoHome, removeDenoHome } from './typescript/deno.ts'
import { TypeScriptKernel } from './typescript/kernel.ts'
import { DenoProcess } from './typescript/process.ts'

export interface PoolOptions {
  /** Folder for what Deno keeps while the pool lives; whatever is in it goes. */
  dir: string
  packages: PackageBundle
  /** JavaScript heap of one kernel, MiB. */
  heapMb: number
  /** Memory of one kernel process, array buffers included, MiB. */
  rssMb: number
  /** Output kept of one run, bytes of its JSON. */
  outputBytes: number
  /** How long one run may take, seconds; 0 is no limit. */
  runSeconds: number
  /** Where the SQL cells of a notebook run; absent: there are none. */
  engines?: (grants: Grants) => Engines
  /** Where files of notebooks are, which SQL cells read as tables. */
  pathOfFile?: PathOfFile
  /** Keep one process started, so that a first run need not wait. */
  warmSpare: boolean
}

const PRELOADED = ['d3', '@observablehq/plot']

/** The next spare starts a moment later, so that it does not compete with the first run of the one just taken. */
const SPARE_AFTER_MS = 500

const NOTHING: Pick<Grants, 'network'> = { network: [] }

/** Starts kernels, the next of them in advance. */
export class KernelPool {
  readonly #options: PoolOptions
  readonly #home: DenoHome
  readonly #alive = new Set<DenoProcess>()
  #spare: DenoProcess | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: PoolOptions) {
    this.#options = options
    this.#home = makeDenoHome(options.dir, INSIDE_DIR)
    if (options.warmSpare) this.#spare = this.#warm()
  }

  /** A kernel of its own, from the warm spare when there is one and nothing is granted. Dispose it when done. */
  start(report: Parameters<StartKernel>[0], grants: Grants): Kernel {
    if (this.#closed) throw new Error('The server is shutting down')
    const process = grants.network.length > 0 ? this.#process(grants) : this.#take()
    const { runSeconds, engines, pathOfFile } = this.#options
    const sql = { ...(engines && { engines: engines(grants) }), ...(pathOfFile && { pathOfFile }) }
    return new TypeScriptKernel(process, report, { runSeconds, ...sql })
  }

  /** Processes that run, the spare one included. */
  get processes(): number {
    let running = 0
    for (const process of this.#alive) if (!process.exited) running += 1
    return running
  }

  async disposeAll(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await Promise.all([...this.#alive].map((process) => process.kill('The server is shutting down.')))
    removeDenoHome(this.#home)
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
      if (!this.#closed) this.#spare ??= this.#warm()
    }, SPARE_AFTER_MS)
    this.#timer.unref()
  }

  /** With what takes longest to load: it does so while nobody waits for it. */
  #warm(): DenoProcess {
    const process = this.#process()
    process.send({ kind: 'preload', packages: PRELOADED })
    return process
  }

  #process({ network } = NOTHING): DenoProcess {
    const { packages, heapMb, rssMb, outputBytes } = this.#options
    for (const process of this.#alive) if (process.exited) this.#alive.delete(process)
    const process = new DenoProcess({ home: this.#home, packages, heapMb, rssMb, outputBytes, network })
    this.#alive.add(process)
    return process
  }
}
