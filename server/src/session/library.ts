import { randomUUID } from 'node:crypto'
import type { NotebookSummary } from '../notebook/model.ts'
import type { Problem } from '../notebook/problems.ts'
import { shownOutputs } from '../notebook/shown.ts'
import { tooMuchText } from '../notebook/size.ts'
import { aliasKind } from './aliases.ts'
import type { HistoryStore } from './history.ts'
import { type ListChanges, Lists } from './lists.ts'
import type { Template } from './newNotebook.ts'
import type { Dispatched, Session } from './session.ts'
import { Sessions, type SessionsOptions } from './sessions.ts'
import type { BinnedCell, DeletedCell, NotebookStore, Operation } from './store.ts'

export interface LibraryOptions extends Omit<SessionsOptions, 'onSaved'> {
  /** What `demo` and `blank` begin with. */
  templates: Record<'demo' | 'blank', Template>
  /** The bin's count, too: they take as much room. */
  notebooksPerUser: number
}

const notFound = (id: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { kind: 'not-found', what: 'notebook', id },
})

/** Every notebook of everybody, by the caller's eyes: resolves ids, provisions, opens sessions, and keeps the shelf. */
export class Library {
  private readonly options: LibraryOptions
  /** What is open. */
  readonly sessions: Sessions
  private readonly lists = new Lists()

  constructor(options: LibraryOptions) {
    this.options = options
    this.sessions = new Sessions({ ...options, onSaved: (owner) => this.lists.touch(owner) })
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
  ): Dispatched<{ id: string; rev: number }> {
    const template = this.options.templates[from ?? 'blank']
    const named = { ...template, title: title ?? (from === 'demo' ? template.title : 'Untitled notebook') }
    return this.add(userId, named, operation)
  }

  /** Opens the notebook, or finds it open. Release it when done; it closes a while after the last release. */
  open(userId: string, id: string): Dispatched<Session> {
    const resolved = this.resolve(userId, id)
    if (!resolved.ok) return resolved
    const known = this.sessions.get(resolved.value)
    if (known) return { ok: true, value: known }
    const stored = this.options.store.load(resolved.value)
    if (!stored) return notFound(id)
    return { ok: true, value: this.sessions.start(userId, stored) }
  }

  /** Into the bin; its kernel ends. A binned demo or blank becomes an ordinary notebook, so that the alias can begin anew. */
  remove(userId: string, id: string, operation?: Operation): Dispatched<{ rev: number }> {
    const resolved = this.resolve(userId, id)
    if (!resolved.ok) return resolved
    // The alias would have another one made: without this the bin could be filled for ever.
    const problem = this.options.store.kindOf(resolved.value) === 'user' ? undefined : this.noRoom(userId)
    if (problem) return { ok: false, problem }
    const rev = this.options.store.remove(resolved.value, now(), operation)
    this.sessions.closeSoon(resolved.value, 'deleted')
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
    const problem = tooMuchText(0, opened.value.sourceBytes)
    if (problem) return { ok: false, problem }
    const { cells, mode, cutoff, title: original } = opened.value.snapshot()
    // What is queued or running in the original does not run here: what it shows is out of date.
    const atRest = cells.map((cell) => ({
      ...{ ...cell, outputs: shownOutputs(cell).outputs },
      stale: cell.stale || cell.status !== 'idle',
    }))
    const files = this.options.store.filesOf(opened.value.id)
    return this.add(userId, { cells: atRest, mode, cutoff, title: title ?? `${original} (copy)`, files }, operation)
  }

  watchList(userId: string): { changes: ListChanges; release: () => void } {
    return this.lists.watch(userId)
  }

  /** Everything of one user belongs to another now. What is open stays open, and what runs goes on. */
  ownerChanged(from: string, to: string): void {
    for (const session of this.sessions.hand(from, to))
      if (this.options.store.kindOf(session.id) === 'user') session.becomeOrdinary()
    this.lists.touch(to)
  }

  /** Empties the bins of what has been there for long, and forgets old operations. */
  prune(): void {
    this.options.store.prune(Date.now())
  }

  /** One more notebook of this user, while there is room for one. */
  private add(userId: string, template: Template, operation?: Operation): Dispatched<{ id: string; rev: number }> {
    const problem = this.noRoom(userId)
    if (problem) return { ok: false, problem }
    const id = randomUUID()
    this.options.store.create({ id, ownerId: userId, kind: 'user', template, at: now() }, operation)
    this.lists.touch(userId)
    return { ok: true, value: { id, rev: 0 } }
  }

  private noRoom(userId: string): Problem | undefined {
    const { store, notebooksPerUser: limit } = this.options
    const actual = store.countOf(userId) + 1
    return actual > limit ? { kind: 'too-large', what: 'notebooks', limit, actual } : undefined
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
}

const now = (): string => new Date().toISOString()
