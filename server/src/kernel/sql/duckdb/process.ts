import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Duplex } from 'node:stream'
import { insideBundle, nativeBinding } from './bundle.ts'
import { FrameReader, writeFrame } from './inside/frames.ts'
import type { Setup, ToInside, WireFailure } from './inside/protocol.ts'
import { FromInside } from './reports.ts'
import { type Command, commandFor, type Sandbox } from './sandbox.ts'
import { makeTempFolder, removeTempFolder } from './tempFolders.ts'

export const OUT_OF_MEMORY = 'The SQL engine ran out of memory, and ended.'

export interface ProcessOptions {
  /** Memory of the engine for its tables and queries, MiB. */
  memoryMb: number
  /** 0: one per processor, four at most. */
  threads: number
  /** What it may write to `tempRoot` when that is not enough, MiB. */
  tempMb: number
  tempRoot: string
  sandbox: 'auto' | 'required' | 'off'
}

/** A question: whatever has an `ask`. */
export type Question = DistributiveOmit<Extract<ToInside, { ask: number }>, 'ask'>
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

export interface Answer {
  answer: unknown
  body: Uint8Array
}

/** The process answered that it did not do it. */
export class Refused extends Error {
  readonly failure: WireFailure

  constructor(failure: WireFailure) {
    super(failure.message)
    this.failure = failure
  }
}

/** The process is gone; the message says why. */
export class ProcessGone extends Error {}

/** What Node, the engine's code and its threads take before any data, MiB: less, and it cannot start. */
const OWN_ADDRESS_MB = 2_560
/** The engine's own limit is met first, which has words. */
const FILE_SLACK_MB = 64
/** What it said before it ended may still be on its way. */
const LAST_WORDS_MS = 100
/** How long it may take to end when its channel is closed. */
const HANG_UP_MS = 500
const KEPT_STDERR = 8 * 1024

/** More help few queries, and take memory each. */
const MAX_THREADS = 4

/** Queries and pages each hold one while they run. */
const THREAD_POOL = '16'

/** Each arena of the C library takes 64 MB of the address space and more, which is counted; it would make one a thread. */
const ARENAS = '4'

const alive = new Set<ChildProcess>()

function killAll(): void {
  for (const child of alive) killGroup(child)
}

/** With what it has started: bubblewrap that is killed early leaves a process behind. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already: its exit is reported as any other.
  }
}

/** One process of the engine, with a folder of its own for what does not fit into memory. */
export class DuckDbProcess {
  /** Never the same twice, so that what belongs to an earlier process is told apart. */
  readonly id = randomBytes(6).toString('hex')
  /** Schema of results. */
  readonly schema = `rivulet_${this.id}`
  readonly sandbox: Sandbox
  readonly gone: Promise<string>
  /** Its one folder: where that is, and what the process calls it. */
  readonly folder: { outside: string; inside: string }
  readonly #child: ChildProcess
  readonly #channel: Duplex
  readonly #asked = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>()
  #asks = 0
  #lastWords: string | undefined
  #stderr = ''
  #exited = false
  #deadline: NodeJS.Timeout | undefined

  static async start(options: ProcessOptions): Promise<DuckDbProcess> {
    const tempDir = makeTempFolder(options.tempRoot)
    try {
      const contents = {
        ...{ script: await insideBundle(), binding: nativeBinding(), tempDir },
        ...{ addressMb: options.memoryMb + OWN_ADDRESS_MB, fileMb: options.tempMb + FILE_SLACK_MB },
      }
      return new DuckDbProcess(options, tempDir, await commandFor(contents, options.sandbox))
    } catch (error) {
      removeTempFolder(tempDir)
      throw error
    }
  }

  private constructor(
    { memoryMb, threads, tempMb }: ProcessOptions,
    tempDir: string,
    { file, args, sandbox, tempDir: seen }: Command,
  ) {
    this.sandbox = sandbox
    this.folder = { outside: tempDir, inside: seen }
    const env = { UV_THREADPOOL_SIZE: THREAD_POOL, MALLOC_ARENA_MAX: ARENAS }
    this.#child = spawn(file, args, { cwd: tempDir, env, detached: true, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
    this.#channel = this.#child.stdio[3] as Duplex
    this.gone = this.#watch(tempDir)
    const setup: Setup = {
      memoryMb,
      threads: threads || Math.min(MAX_THREADS, availableParallelism()),
      tempMb,
      tempDir: seen,
      schema: this.schema,
    }
    this.#write({ kind: 'setup', setup })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get exited(): boolean {
    return this.#exited
  }

  /** Rejects with `Refused`, or with `ProcessGone`. */
  ask(question: Question, body?: Uint8Array): Promise<Answer> {
    if (this.#exited) return Promise.reject(new ProcessGone(this.#lastWords ?? ENDED))
    this.#asks += 1
    const ask = this.#asks
    return new Promise((resolve, reject) => {
      this.#asked.set(ask, { resolve, reject })
      this.#write({ ...question, ask } as ToInside, body)
    })
  }

  /** Wants no answer. */
  tell(message: Extract<ToInside, { kind: 'cancel' | 'close' }>): void {
    this.#write(message)
  }

  /** Ends it at once. `reason` becomes what its askers are told. */
  async kill(reason: string): Promise<void> {
    this.#lastWords ??= reason
    this.#hangUp()
    await this.gone
  }

  #write(message: ToInside, body?: Uint8Array): void {
    if (this.#exited) return
    for (const part of writeFrame(message, body)) this.#channel.write(part)
  }

  #watch(tempDir: string): Promise<string> {
    const child = this.#child
    if (alive.size === 0) process.on('exit', killAll)
    alive.add(child)
    const frames = new FrameReader((content, body) => this.#heard(content, body))
    this.#channel.on('data', (chunk: Buffer) => this.#guard(() => frames.push(chunk)))
    // The process may be gone while something is written to it; its exit is what counts.
    this.#channel.on('error', () => undefined)
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-KEPT_STDERR)
    })
    return new Promise((resolve) => {
      const end = (reason: string) => {
        if (this.#exited) return
        this.#exited = true
        clearTimeout(this.#deadline)
        this.#lastWords = reason
        alive.delete(child)
        if (alive.size === 0) process.off('exit', killAll)
        removeTempFolder(tempDir)
        resolve(reason)
        for (const { reject } of this.#asked.values()) reject(new ProcessGone(reason))
        this.#asked.clear()
      }
      child.once('exit', () => setTimeout(() => this.#hangUp(), LAST_WORDS_MS))
      child.once('error', (error) => end(`The SQL engine could not be started: ${error.message}`))
      child.once('close', (code, signal) => end(this.#lastWords ?? this.#reason(code, signal)))
    })
  }

  /** It kills itself when nobody listens any more, so that what started it can clear it away; otherwise it is killed. */
  #hangUp(): void {
    if (this.#exited) return
    this.#channel.destroy()
    this.#child.stderr?.destroy()
    this.#deadline ??= setTimeout(() => killGroup(this.#child), HANG_UP_MS)
  }

  #heard(content: unknown, body: Uint8Array): void {
    const message = FromInside.parse(content)
    switch (message.kind) {
      case 'ready':
        return
      case 'dying':
        this.#lastWords ??= `The SQL engine ended: ${message.reason}`
        return
      case 'done':
        return this.#asker(message.ask)?.resolve({ answer: message.answer, body })
      case 'failed':
        return this.#asker(message.ask)?.reject(new Refused(message.failure))
    }
  }

  #asker(ask: number) {
    const asker = this.#asked.get(ask)
    this.#asked.delete(ask)
    return asker
  }

  /** What it says is not trusted: nonsense ends it. */
  #guard(task: () => void): void {
    try {
      task()
    } catch (error) {
      this.#lastWords ??= `The SQL engine sent something unreadable: ${error instanceof Error ? error.message : String(error)}`
      this.#hangUp()
    }
  }

  #reason(code: number | null, signal: NodeJS.Signals | null): string {
    if (/out of memory|heap limit|bad_alloc/i.test(this.#stderr)) return OUT_OF_MEMORY
    return `The SQL engine ended unexpectedly (${signal ?? `exit code ${code}`}).`
  }
}

const ENDED = 'The SQL engine has ended.'
