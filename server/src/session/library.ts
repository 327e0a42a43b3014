import { randomUUID } from 'node:crypto'
import type { StartKernel } from '../kernel/kernel.ts'
import { analyse } from '../language/languages.ts'
import type { Stamp } from '../notebook/decide/draft.ts'
import type { NotebookKind, NotebookSummary } from '../notebook/model.ts'
import type { Problem } from '../notebook/problems.ts'
import { type Dispatched, Session } from './session.ts'
import { Signal } from './signal.ts'
import type { NotebookStore, Operation, Template } from './store.ts'

export interface LibraryOptions {
  store: NotebookStore
  startKernel: StartKernel
  /** What `demo` and `blank` begin with. */
  templates: Record<'demo' | 'blank', Template>
  kernelIdleMs: number
  kernelsPerUser: number
  onError: (error: unknown, what: string) => void
}

/** Why a held session ended: its notebook is in the bin, or the server is closing it. */
export type Ending = 'deleted' | 'closed'

const CLOSE_AFTER_MS = 60_000
const notFound = (id: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { kind: 'not-found', what: 'notebook', id },
})

/** Every notebook of everybody, by the caller's eyes: resolves ids, provisions, opens sessions, and keeps the shelf. */
export class Library {
  private readonly options: LibraryOptions
  private readonly sessions = new Map<
    string,
    { session: Session; owner: string; users: number; idle?: NodeJS.Timeout; ended: AbortController }
  >()
  private readonly kernels = new Map<string, number>()
  private readonly lists = new Map<string, { signal: Signal; version: number }>()

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

  deletedCell(notebookId: string, cellId: string): ReturnType<NotebookStore['deletedCell']> {
    return this.options.store.deletedCell(notebookId, cellId)
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
    this.touchList(userId)
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

  /** A problem when this user may not start one more kernel. */
  kernelProblem(session: Session, userId: string): Problem | undefined {
    if (session.kernel.running || (this.kernels.get(userId) ?? 0) < this.options.kernelsPerUser) return undefined
    return { kind: 'too-many-requests', what: 'kernels', retryAfterMs: 30_000 }
  }

  /** Into the bin; its kernel ends. A binned demo or blank becomes an ordinary notebook, so that the alias can begin anew. */
  remove(userId: string, id: string, operation?: Operation): Dispatched<{ rev: number }> {
    const resolved = this.resolve(userId, id)
    if (!resolved.ok) return resolved
    const rev = this.options.store.remove(resolved.value, now(), operation)
    this.close(resolved.value, 'deleted').catch((error: unknown) => this.options.onError(error, 'closing a deleted notebook'))
    this.touchList(userId)
    return { ok: true, value: { rev } }
  }

  restore(userId: string, id: string, operation?: Operation): Dispatched<{ rev: number }> {
    if (this.options.store.ownerOf(id, { deleted: true }) !== userId) return notFound(id)
    const rev = this.options.store.restore(id, operation)
    this.touchList(userId)
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
    const source = opened.value.snapshot()
    const copy = { id: randomUUID(), ownerId: userId, kind: 'user' as const, at: now() }
    this.options.store.create({ ...copy, template: { ...source, title: title ?? `${source.title} (copy)` } }, operation)
    this.touchList(userId)
    return { ok: true, value: { id: copy.id, rev: 0 } }
  }

  /** Changes whenever one of the user's summaries does. */
  listChanges(userId: string): { signal: Signal; version: number } {
    let entry = this.lists.get(userId)
    if (!entry) {
      entry = { signal: new Signal(), version: 0 }
      this.lists.set(userId, entry)
    }
    return entry
  }

  /** Everything of one user belongs to another now: sessions open anew under the new owner. */
  ownerChanged(from: string, to: string): void {
    for (const [id, { owner }] of this.sessions) {
      if (owner === from) this.close(id).catch((error: unknown) => this.options.onError(error, 'closing a moved notebook'))
    }
    this.touchList(to)
  }

  get openSessions(): number {
    return this.sessions.size
  }

  get runningKernels(): number {
    return [...this.kernels.values()].reduce((sum, count) => sum + count, 0)
  }

  /** Ends every session and kernel. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.sessions.keys()].map((id) => this.close(id)))
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
    this.touchList(userId)
    return id
  }

  private start(userId: string, stored: NonNullable<ReturnType<NotebookStore['load']>>): Session {
    const { notebook, handed } = stored
    const analysisOf = (cellId: string) => {
      const cell = notebook.cells.get(cellId)
      return analyse(cell?.language ?? 'typescript', cell?.source ?? '')
    }
    const session = new Session({
      notebook,
      handed,
      analysisOf,
      store: this.options.store.forNotebook(notebook.id),
      kernel: {
        start: this.options.startKernel,
        idleMs: this.options.kernelIdleMs,
        onChange: (running) => this.countKernel(userId, running ? 1 : -1),
      },
      stamp,
      onSaved: () => this.touchList(userId),
      onError: this.options.onError,
    })
    this.sessions.set(notebook.id, { session, owner: userId, users: 0, ended: new AbortController() })
    this.closeWhenIdle(notebook.id)
    return session
  }

  private countKernel(userId: string, by: number): void {
    this.kernels.set(userId, (this.kernels.get(userId) ?? 0) + by)
  }

  private touchList(userId: string): void {
    const entry = this.lists.get(userId)
    if (!entry) return
    entry.version += 1
    entry.signal.notify()
  }

  private closeWhenIdle(id: string): void {
    const entry = this.sessions.get(id)
    if (!entry || entry.users > 0) return
    clearTimeout(entry.idle)
    entry.idle = setTimeout(() => {
      // Runs go on while nobody watches; a kernel that holds values keeps the session until it is put away for idleness.
      if (entry.session.atRest && !entry.session.kernel.running) void this.close(id)
      else this.closeWhenIdle(id)
    }, CLOSE_AFTER_MS)
    entry.idle.unref()
  }

  private async close(id: string, why: Ending = 'closed'): Promise<void> {
    const entry = this.sessions.get(id)
    if (!entry) return
    this.sessions.delete(id)
    clearTimeout(entry.idle)
    entry.ended.abort(why)
    await entry.session.close()
  }
}

const now = (): string => new Date().toISOString()
const stamp = (): Stamp => ({ at: now(), id: randomUUID })

/** `demo`, `blank`, and the older `demo-<userId>`, `blank-<userId>` of that same user. */
function aliasKind(userId: string, id: string): Exclude<NotebookKind, 'user'> | undefined {
  for (const kind of ['demo', 'blank'] as const) if (id === kind || id === `${kind}-${userId}`) return kind
  return undefined
}
