import { randomUUID } from 'node:crypto'
import type { StartKernel } from '../kernel/kernel.ts'
import { analyse } from '../language/languages.ts'
import type { Stamp } from '../notebook/decide/draft.ts'
import type { NotebookState } from '../notebook/evolve.ts'
import type { NotebookSummary } from '../notebook/model.ts'
import type { Problem } from '../notebook/problems.ts'
import { aliasKind } from './aliases.ts'
import type { HistoryStore } from './history.ts'
import { type ListChanges, Lists } from './lists.ts'
import type { Template } from './newNotebook.ts'
import { type Dispatched, Session } from './session.ts'
import type { BinnedCell, DeletedCell, NotebookStore, Operation } from './store.ts'
import { timed } from './timedStore.ts'

export interface LibraryOptions {
  store: NotebookStore
  startKernel: StartKernel
  /** What `demo` and `blank` begin with. */
  templates: Record<'demo' | 'blank', Template>
  kernelIdleMs: number
  kernelsPerUser: number
  onError: (error: unknown, what: string) => void
  /** Told of every notebook that is taken into memory. */
  onOpen?: (notebook: NotebookState) => void
  /** Told how long each decision took to save, and whether it failed. */
  onSave?: (seconds: number, failed: boolean) => void
}

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
const notFound = (id: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { kind: 'not-found', what: 'notebook', id },
})

/** Every notebook of everybody, by the caller's eyes: resolves ids, provisions, opens sessions, and keeps the shelf. */
export class Library {
  private readonly options: LibraryOptions
  private readonly sessions = new Map<string, Open>()
  private readonly lists = new Lists()

  constructor(options: LibraryOptions) {
    this.options = options
  }

  /** The notebook's own id. The caller's demo and blank notebooks are in SQLite before this returns, whichever call comes first. */
  resolve(userId: string, id: string): Dispatched<string> {
    const kind = aliasKind(userId, id)
    if (kind) return { ok: true, value: this.provision(userId, kind) }
    return this.options.store.ownerOf(id) === userId ? { ok: true, value: id } : notFound(id)
  }

  /** What this user's operation was answered, when it was done before. */
  answered(userId: string, opId: string): ReturnType<NotebookStore['answered']> {
    return this.options.store.answered(userId, opId)
  }

  deletedCell(notebookId: string, cellId: string): DeletedCell | undefined {
    return this.options.store.deletedCell(notebookId, cellId)
  }

  deletedCells(notebookId: string): BinnedCell[] {
    return this.options.store.deletedCells(notebookId)
  }

  /** What people did to notebooks; whose they are is asked before. */
  get history(): HistoryStore {
    return this.options.store.history
  }

  list(userId: string, { deleted = false } = {}): NotebookSummary[] {
    this.provision(userId, 'demo')
    this.provision(userId, 'blank')
    return this.options.store.list(userId, deleted)
  }

  create(
    userId: string,
    { title, from }: { title?: string | undefined; from?: 'blank' | 'demo' | undefined },
    operation?: Operation,
  ): { id: string; rev: number } {
    const template = this.options.templates[from ?? 'blank']
    const id = randomUUID()
    const named = { ...template, title: title ?? (from === 'demo' ? template.title : 'Untitled notebook') }
    this.options.store.create({ id, ownerId: userId, kind: 'user', template: named, at: now() }, operation)
    this.lists.touch(userId)
    return { id, rev: 0 }
  }

  /** Opens the notebook, or finds it open. Release it when done; it closes a while after the last release. */
  open(userId: string, id: string): Dispatched<Session> {
    const resolved = this.resolve(userId, id)
    if (!resolved.ok) return resolved
    const known = this.sessions.get(resolved.value)
    if (known) {
      this.closeWhenIdle(resolved.value)
      return { ok: true, value: known.session }
    }
    const stored = this.options.store.load(resolved.value)
    if (!stored) return notFound(id)
    const session = this.start(userId, stored)
    return { ok: true, value: session }
  }

  /** Keeps the session open until the returned function is called; `ended` aborts with an `Ending` when the session ends first. */
  hold(session: Session): { release: () => void; ended: AbortSignal } {
    const entry = this.sessions.get(session.id)
    if (!entry) return { release: () => undefined, ended: AbortSignal.abort() }
    entry.users += 1
    clearTimeout(entry.idle)
    const release = () => {
      entry.users -= 1
      this.closeWhenIdle(session.id)
    }
    return { release, ended: entry.ended.signal }
  }

  /** Puts away the kernel that this user needs least when there are as many as one may have; a problem when all of them are at work. */
  kernelProblem(session: Session, userId: string): Problem | undefined {
    if (session.kernel.running || this.countKernels(userId) < this.options.kernelsPerUser) return undefined
    const least = leastNeeded([...this.sessions.values()].filter(({ owner }) => owner === userId))
    if (!least) return { kind: 'too-many-requests', what: 'kernels', retryAfterMs: KERNEL_RETRY_MS }
    least.kernel.putAway('the kernel was put away for that of another notebook')
    return undefined
  }

  /** Into the bin; its kernel ends. A binned demo or blank becomes an ordinary notebook, so that the alias can begin anew. */
  remove(userId: string, id: string, operation?: Operation): Dispatched<{ rev: number }> {
    const resolved = this.resolve(userId, id)
    if (!resolved.ok) return resolved
    const rev = this.options.store.remove(resolved.value, now(), operation)
    this.closeSoon(resolved.value, 'deleted')
    this.lists.touch(userId)
    return { ok: true, value: { rev } }
  }

  /** Out of the bin. A notebook that is not in it is left as it is. */
  restore(userId: string, id: string, operation?: Operation): Dispatched<{ rev: number }> {
    const binned = this.options.store.ownerOf(id, { deleted: true }) === userId
    const found: Dispatched<string> = binned ? { ok: true, value: id } : this.resolve(userId, id)
    if (!found.ok) return found
    const rev = this.options.store.restore(found.value, operation)
    this.lists.touch(userId)
    return { ok: true, value: { rev } }
  }

  duplicate(
    userId: string,
    id: string,
    title: string | undefined,
    operation?: Operation,
  ): Dispatched<{ id: string; rev: number }> {
    const opened = this.open(userId, id)
    if (!opened.ok) return opened
    const { cells, mode, cutoff, title: original } = opened.value.snapshot()
    // What is queued or running in the original does not run here: what it shows is out of date.
    const atRest = cells.map((cell) => ({ ...cell, stale: cell.stale || cell.status !== 'idle' }))
    const files = this.options.store.filesOf(opened.value.id)
    const copy = { id: randomUUID(), ownerId: userId, kind: 'user' as const, at: now() }
    this.options.store.create(
      { ...copy, template: { cells: atRest, mode, cutoff, title: title ?? `${original} (copy)`, files } },
      operation,
    )
    this.lists.touch(userId)
    return { ok: true, value: { id: copy.id, rev: 0 } }
  }

  watchList(userId: string): { changes: ListChanges; release: () => void } {
    return this.lists.watch(userId)
  }

  /** Everything of one user belongs to another now. What is open stays open, and what runs goes on. */
  ownerChanged(from: string, to: string): void {
    for (const [id, entry] of this.sessions) {
      if (entry.owner !== from) continue
      entry.owner = to
      if (this.options.store.kindOf(id) === 'user') entry.session.becomeOrdinary()
    }
    this.lists.touch(to)
  }

  /** Empties the bins of what has been there for long, and forgets old operations. */
  prune(): void {
    this.options.store.prune(Date.now())
  }

  /** Resolves once nothing is queued or running anywhere, or when `signal` aborts. */
  async rest(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.sessions.values()].map(({ session }) => session.rest(signal)))
  }

  /** How much is going on, in all notebooks together. */
  load(): { runs: number; readers: number; furthestBehind: number } {
    const load = { runs: 0, readers: 0, furthestBehind: 0 }
    for (const { session } of this.sessions.values()) {
      load.runs += session.runsUnderWay
      load.readers += session.readers.count
      load.furthestBehind = Math.max(load.furthestBehind, session.readers.furthestBehind)
    }
    return load
  }

  get openSessions(): number {
    return this.sessions.size
  }

  get runningKernels(): number {
    return this.countKernels()
  }

  /** Ends every session and kernel. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.sessions.keys()].map((id) => this.close(id, 'closed')))
  }

  private provision(userId: string, kind: 'demo' | 'blank'): string {
    const known = this.options.store.provisioned(userId, kind)
    if (known) return known
    const id = this.options.store.provision({
      id: randomUUID(),
      ownerId: userId,
      kind,
      template: this.options.templates[kind],
      at: now(),
    })
    this.lists.touch(userId)
    return id
  }

  private start(userId: string, stored: NonNullable<ReturnType<NotebookStore['load']>>): Session {
    const { notebook, handed } = stored
    const analysisOf = (cellId: string) => {
      const cell = notebook.cells.get(cellId)
      return analyse(cell?.language ?? 'typescript', cell?.source ?? '', cell)
    }
    const owner = () => this.sessions.get(notebook.id)?.owner ?? userId
    const session = new Session({
      owner,
      notebook,
      handed,
      analysisOf,
      store: timed(this.options.store.forNotebook(notebook.id), this.options.onSave),
      kernel: { start: this.options.startKernel, idleMs: this.options.kernelIdleMs, onError: this.options.onError },
      stamp,
      onSaved: () => this.lists.touch(owner()),
      onError: this.options.onError,
    })
    this.sessions.set(notebook.id, { session, owner: userId, users: 0, ended: new AbortController() })
    this.closeWhenIdle(notebook.id)
    this.options.onOpen?.(notebook)
    return session
  }

  /** Of one user, or of everybody. */
  private countKernels(userId?: string): number {
    let count = 0
    for (const { owner, session } of this.sessions.values())
      if (session.kernel.running && (userId === undefined || owner === userId)) count += 1
    return count
  }

  private closeWhenIdle(id: string): void {
    const entry = this.sessions.get(id)
    if (!entry || entry.users > 0) return
    clearTimeout(entry.idle)
    entry.idle = setTimeout(() => {
      // Runs go on while nobody watches; a kernel that holds values keeps the session until it is put away for idleness.
      if (entry.session.atRest && !entry.session.kernel.running) this.closeSoon(id, 'closed')
      else this.closeWhenIdle(id)
    }, CLOSE_AFTER_MS)
    entry.idle.unref()
  }

  private closeSoon(id: string, why: Ending): void {
    this.close(id, why).catch((error: unknown) => this.options.onError(error, 'closing a notebook'))
  }

  private async close(id: string, why: Ending): Promise<void> {
    const entry = this.sessions.get(id)
    if (!entry) return
    this.sessions.delete(id)
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

const now = (): string => new Date().toISOString()
const stamp = (): Stamp => ({ at: now(), id: randomUUID })
