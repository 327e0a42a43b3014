import { setMaxListeners } from 'node:events'
import type { StartKernel } from '../kernel/kernel.ts'
import { analyse } from '../language/languages.ts'
import type { NotebookState } from '../notebook/evolve.ts'
import type { Problem } from '../notebook/problems.ts'
import { OutputTurns } from './outputTurns.ts'
import { Session } from './session.ts'
import { stampNow } from './stamp.ts'
import type { NotebookStore } from './store.ts'
import { timed } from './timedStore.ts'

/** Why a held session ended: its notebook is in the bin, or the server is closing it. */
export type Ending = 'deleted' | 'closed'

interface Open {
  session: Session
  owner: string
  /** How many hold it. */
  users: number
  idle?: NodeJS.Timeout
  ended: AbortController
}

const CLOSE_AFTER_MS = 60_000
/** Nobody knows when what runs will end: soon enough to ask again. */
const KERNEL_RETRY_MS = 5_000

export interface SessionsOptions {
  store: NotebookStore
  startKernel: StartKernel
  kernelIdleMs: number
  kernelsPerUser: number
  onError: (error: unknown, what: string) => void
  /** Told whose notebook has changed. */
  onSaved: (owner: string) => void
  /** Told of every notebook that is taken into memory. */
  onOpen?: (notebook: NotebookState) => void
  /** Told how long each decision took to save, and whether it failed. */
  onSave?: (seconds: number, failed: boolean) => void
}

/** The notebooks that are open, each once: who holds them, when they are closed, and whose kernels there are. */
export class Sessions {
  private readonly options: SessionsOptions
  private readonly open = new Map<string, Open>()
  private readonly turns = new OutputTurns()

  constructor(options: SessionsOptions) {
    this.options = options
  }

  /** The one of this notebook, when it is open; somebody needs it. */
  get(id: string): Session | undefined {
    this.closeWhenIdle(id)
    return this.open.get(id)?.session
  }

  start(userId: string, stored: NonNullable<ReturnType<NotebookStore['load']>>): Session {
    const { notebook, handed } = stored
    const analysisOf = (cellId: string) => {
      const cell = notebook.cells.get(cellId)
      return analyse(cell?.language ?? 'typescript', cell?.source ?? '', cell)
    }
    const owner = () => this.open.get(notebook.id)?.owner ?? userId
    const session: Session = new Session({
      owner,
      notebook,
      handed,
      analysisOf,
      store: timed(this.options.store.forNotebook(notebook.id), this.options.onSave),
      kernel: { start: this.options.startKernel, idleMs: this.options.kernelIdleMs, onError: this.options.onError },
      turns: this.turns,
      kernelProblem: () => this.kernelProblem(session),
      stamp: stampNow,
      onSaved: () => this.options.onSaved(owner()),
      onError: this.options.onError,
    })
    this.open.set(notebook.id, { session, owner: userId, users: 0, ended: new AbortController() })
    this.closeWhenIdle(notebook.id)
    this.options.onOpen?.(notebook)
    return session
  }

  /** Keeps the session open until the returned function is called; `ended` aborts with an `Ending` when the session ends first. */
  hold(session: Session): { release: () => void; ended: AbortSignal } {
    const entry = this.open.get(session.id)
    if (!entry) return { release: () => undefined, ended: AbortSignal.abort() }
    entry.users += 1
    clearTimeout(entry.idle)
    const release = () => {
      entry.users -= 1
      this.closeWhenIdle(session.id)
    }
    return { release, ended: entry.ended.signal }
  }

  /** Puts away the kernel that the owner needs least when there are as many as one may have; a problem when all of them are at work. */
  kernelProblem(session: Session): Problem | undefined {
    const userId = this.open.get(session.id)?.owner
    if (session.kernel.running || this.countKernels(userId) < this.options.kernelsPerUser) return undefined
    const least = leastNeeded([...this.open.values()].filter(({ owner }) => owner === userId))
    if (!least) return { kind: 'too-many-requests', what: 'kernels', retryAfterMs: KERNEL_RETRY_MS }
    least.kernel.putAway('the kernel was put away for that of another notebook')
    return undefined
  }

  /** What one user has open belongs to another now. */
  hand(from: string, to: string): Session[] {
    const handed = [...this.open.values()].filter(({ owner }) => owner === from)
    for (const entry of handed) entry.owner = to
    return handed.map(({ session }) => session)
  }

  /** Resolves once nothing is queued or running anywhere, or when `signal` aborts. */
  async rest(signal: AbortSignal): Promise<void> {
    // Every session listens: that is no leak.
    setMaxListeners(0, signal)
    await Promise.all([...this.open.values()].map(({ session }) => session.rest(signal)))
  }

  /** How much is going on, in all notebooks together. */
  load(): { runs: number; readers: number; furthestBehind: number } {
    const load = { runs: 0, readers: 0, furthestBehind: 0 }
    for (const { session } of this.open.values()) {
      load.runs += session.runsUnderWay
      load.readers += session.readers.count
      load.furthestBehind = Math.max(load.furthestBehind, session.readers.furthestBehind)
    }
    return load
  }

  get size(): number {
    return this.open.size
  }

  get runningKernels(): number {
    return this.countKernels()
  }

  /** Ends every session and kernel. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.open.keys()].map((id) => this.close(id, 'closed')))
  }

  /** Of one user, or of everybody. */
  private countKernels(userId?: string): number {
    let count = 0
    for (const { owner, session } of this.open.values())
      if (session.kernel.running && (userId === undefined || owner === userId)) count += 1
    return count
  }

  private closeWhenIdle(id: string): void {
    const entry = this.open.get(id)
    if (!entry || entry.users > 0) return
    clearTimeout(entry.idle)
    entry.idle = setTimeout(() => {
      // Runs go on while nobody watches; a kernel that holds values keeps the session until it is put away for idleness.
      if (entry.session.atRest && !entry.session.kernel.running) this.closeSoon(id, 'closed')
      else this.closeWhenIdle(id)
    }, CLOSE_AFTER_MS)
    entry.idle.unref()
  }

  /** Ends it and its kernel; that takes a moment. */
  closeSoon(id: string, why: Ending): void {
    this.close(id, why).catch((error: unknown) => this.options.onError(error, 'closing a notebook'))
  }

  private async close(id: string, why: Ending): Promise<void> {
    const entry = this.open.get(id)
    if (!entry) return
    this.open.delete(id)
    clearTimeout(entry.idle)
    entry.ended.abort(why)
    await entry.session.close(why === 'deleted' ? 'the notebook was deleted' : 'the server was stopped')
  }
}

/** Whose kernel has nothing to do: one that nobody looks at before the others, and of these the one that was used last so long ago. */
function leastNeeded(entries: readonly Open[]): Session | undefined {
  const idle = entries.filter(({ session }) => session.kernel.running && session.atRest)
  const [first] = idle.toSorted(
    (a, b) => Math.min(a.users, 1) - Math.min(b.users, 1) || a.session.kernel.lastUsed - b.session.kernel.lastUsed,
  )
  return first?.session
}
