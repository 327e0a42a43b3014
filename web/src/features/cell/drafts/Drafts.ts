import type { Cell } from '@rivulet/server/notebook/model'
import { Store } from '../../../ui/store.ts'
import {
  type Acknowledged,
  accepted,
  type Choice,
  canSend,
  cleanDraft,
  type Draft,
  isDirty,
  notSent,
  received,
  resolved,
  sending,
  typed,
} from './draft.ts'
import type { DraftStorage, StoredDraft } from './draftStorage.ts'

/** How an attempt to send ended. `later`: no answer, tried again by itself. `refused`: said why, not tried again. */
export type Sent =
  | { kind: 'accepted'; version: number }
  | { kind: 'conflict'; theirs: Acknowledged }
  | { kind: 'later' }
  | { kind: 'refused' }

interface Options {
  storage: DraftStorage
  send: (cellId: string, baseVersion: number, source: string) => Promise<Sent>
  /** A cell was deleted while text for it was still unsent. */
  onOrphan: (text: string) => void
}

const DEBOUNCE_MS = 250
const RETRY_MS = 2_000

/** The text of every cell as this tab has it, and its way to the server. */
export class Drafts {
  /** Cells whose text the server does not have yet. */
  readonly unsent = new Store(0)
  /** Counts the changes of all texts. */
  readonly revision = new Store(0)
  private readonly drafts = new Map<string, Store<Draft>>()
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>()
  private readonly flights = new Map<string, Promise<Sent>>()
  private readonly dirty = new Set<string>()
  private readonly options: Options

  constructor(options: Options) {
    this.options = options
  }

  /** Of a cell that `receive` has named. */
  get(cellId: string): Store<Draft> {
    const draft = this.drafts.get(cellId)
    if (!draft) throw new Error(`No draft of cell ${cellId}`)
    return draft
  }

  has(cellId: string): boolean {
    return this.drafts.has(cellId)
  }

  type(cellId: string, text: string): void {
    this.change(cellId, (draft) => typed(draft, text))
    this.schedule(cellId, DEBOUNCE_MS)
  }

  resolve(cellId: string, choice: Choice): void {
    this.change(cellId, (draft) => resolved(draft, choice))
    this.schedule(cellId, 0)
  }

  receive(cell: Cell, sameHistory = true): void {
    const theirs = { version: cell.version, source: cell.source }
    if (this.drafts.has(cell.id)) this.change(cell.id, (draft) => received(draft, theirs, { sameHistory }))
    else this.drafts.set(cell.id, new Store(cleanDraft(theirs)))
  }

  /** Everything the notebook holds; what it no longer holds is let go. */
  receiveAll(cells: ReadonlyMap<string, Cell>, sameHistory: boolean): void {
    for (const cell of cells.values()) this.receive(cell, sameHistory)
    for (const cellId of [...this.drafts.keys()]) if (!cells.has(cellId)) this.remove(cellId)
  }

  remove(cellId: string): void {
    const draft = this.drafts.get(cellId)?.get()
    if (!draft) return
    if (isDirty(draft) && draft.text.trim() && draft.sending !== draft.text) this.options.onOrphan(draft.text)
    clearTimeout(this.timers.get(cellId))
    this.drafts.delete(cellId)
    this.note(cellId, false)
    this.options.storage.forget(cellId)
  }

  /** Text that an earlier tab could not send. */
  adopt(stored: ReadonlyMap<string, StoredDraft>): void {
    for (const [cellId, { base, text }] of stored) {
      const now = this.drafts.get(cellId)?.get()
      if (!now) this.options.onOrphan(text)
      else if (!isDirty(now)) {
        this.change(cellId, () => received({ base, text }, now.base, { sameHistory: false }))
        this.schedule(cellId, 0)
      }
    }
  }

  /** Resolves to whether the server now has everything typed in this cell so far. */
  async flush(cellId: string): Promise<boolean> {
    for (;;) {
      clearTimeout(this.timers.get(cellId))
      const draft = this.drafts.get(cellId)?.get()
      if (!draft || !isDirty(draft)) return true
      if (draft.conflict) return false
      const sent = await (this.flights.get(cellId) ?? this.send(cellId))
      if (sent.kind === 'later' || sent.kind === 'refused') return false
    }
  }

  async flushAll(): Promise<boolean> {
    const flushed = await Promise.all([...this.dirty].map((cellId) => this.flush(cellId)))
    return flushed.every(Boolean)
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
  }

  private schedule(cellId: string, ms: number): void {
    clearTimeout(this.timers.get(cellId))
    this.timers.set(
      cellId,
      setTimeout(() => void this.send(cellId), ms),
    )
  }

  private async send(cellId: string): Promise<Sent> {
    const flying = this.flights.get(cellId)
    if (flying) return flying
    const draft = this.drafts.get(cellId)?.get()
    if (!draft || !canSend(draft)) return { kind: 'refused' }
    this.change(cellId, sending)
    const flight = this.options.send(cellId, draft.base.version, draft.text)
    this.flights.set(cellId, flight)
    const sent = await flight
    this.flights.delete(cellId)
    this.settle(cellId, sent)
    return sent
  }

  private settle(cellId: string, sent: Sent): void {
    if (!this.drafts.has(cellId)) return
    this.change(cellId, (draft) => {
      if (sent.kind === 'accepted') return accepted(draft, sent.version)
      return sent.kind === 'conflict' ? received(notSent(draft), sent.theirs) : notSent(draft)
    })
    if (sent.kind !== 'refused' && canSend(this.get(cellId).get())) {
      this.schedule(cellId, sent.kind === 'later' ? RETRY_MS : 0)
    }
  }

  private change(cellId: string, next: (draft: Draft) => Draft): void {
    const store = this.get(cellId)
    const draft = next(store.get())
    const dirty = isDirty(draft)
    if (dirty) this.options.storage.save(cellId, { base: draft.base, text: draft.text })
    else if (this.dirty.has(cellId)) this.options.storage.forget(cellId)
    this.note(cellId, dirty)
    store.set(draft)
    this.revision.update((count) => count + 1)
  }

  private note(cellId: string, dirty: boolean): void {
    if (dirty) this.dirty.add(cellId)
    else this.dirty.delete(cellId)
    this.unsent.set(this.dirty.size)
  }
}
