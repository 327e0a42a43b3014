import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setPriority } from 'node:os'
import { MemoryWatch } from '../memoryWatch.ts'
import type { PackageBundle } from '../packages.ts'
import { type DenoHome, denoArguments, denoBinary } from './deno.ts'
import { FrameReader } from './frames.ts'
import type { ToInside } from './inside/protocol.ts'
import type { Transport, TransportListener } from './transport.ts'

export interface ProcessOptions {
  home: DenoHome
  packages: PackageBundle
  heapMb: number
  rssMb: number
  outputBytes: number
  /** Hosts that cells may reach. */
  network: readonly string[]
}

const KEPT_STDERR = 8 * 1024

/** Cells that compute for long leave the processor to the server. */
export const NICENESS = 10

function yieldTo(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS)
  } catch {
    // It has ended already: its exit is reported as any other.
  }
}

const alive = new Set<ChildProcessWithoutNullStreams>()
/** Of all kernels. */
const memory = new MemoryWatch()

function killAll(): void {
  for (const child of alive) child.kill('SIGKILL')
}

/** One Deno process. What it says before somebody listens is kept. */
export class DenoProcess implements Transport {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #heapMb: number
  readonly #gone: Promise<void>
  #listener: TransportListener | undefined
  #kept: ((listener: TransportListener) => void)[] = []
  #stderr = ''
  #lastWords: string | undefined
  #exited = false
  #endWatch: (() => void) | undefined

  constructor(options: ProcessOptions) {
    const { home } = options
    const secret = randomBytes(16).toString('hex')
    const packagesDir = options.packages.dir
    this.#heapMb = options.heapMb
    const env = { DENO_DIR: home.dir, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' }
    this.#child = spawn(denoBinary(), denoArguments({ ...options, packagesDir }), { cwd: home.dir, env, stdio: 'pipe' })
    yieldTo(this.#child.pid)
    this.#gone = this.#watch(secret)
    const { rssMb, outputBytes, packages, network } = options
    this.#endWatch = this.#watchMemory(rssMb)
    const own = { rssMb: this.#endWatch ? null : rssMb }
    this.#write({ secret, ...own, limits: { outputBytes }, packages: packages.table, packagesDir, network })
  }

  /** Undefined when it has to be done by the process itself. */
  #watchMemory(rssMb: number): (() => void) | undefined {
    if (this.pid === undefined) return undefined
    return memory.begin(this.pid, rssMb, () => void this.kill(`The kernel used more than ${rssMb} MB of memory.`))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get exited(): boolean {
    return this.#exited
  }

  #watch(secret: string): Promise<void> {
    const child = this.#child
    if (alive.size === 0) process.on('exit', killAll)
    alive.add(child)
    const frames = new FrameReader(
      secret,
      (text) => this.#frame(text),
      (bytes) => this.#emit((listener) => listener.stray(bytes.toString('utf8'))),
    )
    child.stdout.on('data', (chunk: Buffer) => this.#guard(() => frames.push(chunk)))
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-KEPT_STDERR)
    })
    // The process may be gone while something is written to it; its exit is what counts.
    child.stdin.on('error', () => undefined)
    return new Promise((resolve) => {
      const end = (reason: string) => {
        if (this.#exited) return
        this.#exited = true
        alive.delete(child)
        this.#endWatch?.()
        if (alive.size === 0) process.off('exit', killAll)
        this.#emit((listener) => listener.exit(reason))
        resolve()
      }
      child.once('error', (error) => end(`The kernel could not be started: ${error.message}`))
      child.once('close', (code, signal) => end(this.#reason(code, signal)))
    })
  }

  #frame(text: string): void {
    const content: unknown = JSON.parse(text)
    const words = Array.isArray(content) ? lastWords(content) : undefined
    if (words !== undefined) this.#lastWords = words
    else this.#emit((listener) => listener.frame(content))
  }

  /** What a kernel says is not trusted: nonsense ends it. */
  #guard(task: () => void): void {
    try {
      task()
    } catch (error) {
      this.#lastWords ??= `The kernel sent something unreadable: ${error instanceof Error ? error.message : String(error)}`
      this.#child.stdout.removeAllListeners('data')
      this.#child.stdout.resume()
      this.#child.kill('SIGKILL')
    }
  }

  #emit(event: (listener: TransportListener) => void): void {
    if (this.#listener) event(this.#listener)
    else this.#kept.push(event)
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
    const kept = this.#kept
    this.#kept = []
    this.#guard(() => {
      for (const event of kept) event(listener)
    })
  }

  send(message: ToInside): void {
    this.#write(message)
  }

  #write(content: object): void {
    if (!this.#exited) this.#child.stdin.write(`${JSON.stringify(content)}\n`)
  }

  /** Ends it at once. `reason` becomes its exit's. */
  kill(reason: string): Promise<void> {
    this.#lastWords ??= reason
    this.#child.kill('SIGKILL')
    return this.#gone
  }

  #reason(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#lastWords) return this.#lastWords
    if (/out of memory|heap limit/i.test(this.#stderr))
      return `The kernel ran out of memory: its values may take ${this.#heapMb} MB.`
    return `The kernel ended unexpectedly (${signal ?? `exit code ${code}`}).`
  }
}

function lastWords(reports: readonly unknown[]): string | undefined {
  const last = reports.at(-1) as { kind?: unknown; reason?: unknown } | null | undefined
  return last?.kind === 'dying' ? String(last.reason) : undefined
}
