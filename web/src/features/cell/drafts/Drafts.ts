import type { ChangeSet } from '@codemirror/state'
import type { Change } from '@rivulet/server/notebook/events'
import type { Cell } from '@rivulet/server/notebook/model'
import { newId } from '../../../ui/id.ts'
import { Store } from '../../../ui/store.ts'
import * as whole from './draft.ts'
import { type Choice, canSend, cleanDraft, type Draft, isDirty } from './draft.ts'
import type { DraftStorage, StoredDraft } from './draftStorage.ts'
import { type Outgoing, outgoing, type Sent, settled, takeOff } from './outgoing.ts'
import * as sharing from './sharing.ts'
import { isShared, type Shown, type TextAlgebra } from './sharing.ts'

type Edited = Extract<Change, { type: 'cell.edited' }>

interface Options {
  storage: DraftStorage
  send: (edit: Outgoing) => Promise<Sent>
  /** A cell was deleted while text for it was still unsent. */
  onOrphan: (text: string) => void
  /** Somebody else has the notebook open: they see the text being typed, not only what came of it. */
  watched?: () => boolean
}

/** After the last keystroke; where somebody watches, after the first one that is not sent. */
const DEBOUNCE_MS = 250
const WATCHED_MS = 100
const RETRY_MS = 2_000
/** How long a run waits for the events that an answer has announced. */
const EVENTS_MS = 5_000

/** The text of every cell as this tab has it, and its way to the server. */
export class Drafts {
  /** Cells whose text the server does not have yet. */
  readonly unsent = new Store(0)
  /** Counts the changes of all texts. */
  readonly revision = new Store(0)
  /** The cell that this person typed in last; a new object with every change. */
  readonly typed = new Store<{ cellId: string } | undefined>(undefined)
  private readonly drafts = new Map<string, Store<Draft>>()
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>()
  private readonly flights = new Map<string, Promise<Sent>>()
  private readonly dirty = new Set<string>()
  private readonly screens = new Map<string, (shown: Shown) => void>()
  private readonly options: Options
  /** Comes with the editor; until then, and for cells that have had none, whole texts are sent. */
  private algebra: TextAlgebra | undefined

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

  /** `changes`: how the text came to be this one, where that is known. */
  type(cellId: string, text: string, changes?: ChangeSet): void {
    const { algebra } = this
    this.change(cellId, (draft) => {
      if (!isShared(draft) || !algebra) return whole.typed(draft, text)
      const known = changes?.length === draft.text.length ? changes : algebra.between(draft.text, text)
      return sharing.typedChanges(draft, known, text)
    })
    this.typed.set({ cellId })
    this.scheduleTyped(cellId)
  }

  /** Its editor is there: from now on the text travels as changes, and `onShown` is told what others change in it. */
  share(cellId: string, algebra: TextAlgebra, onShown: (shown: Shown) => void): () => void {
    this.algebra = algebra
    this.screens.set(cellId, onShown)
    this.change(cellId, (draft) => this.sharedWhenFree(draft))
    return () => {
      if (this.screens.get(cellId) === onShown) this.screens.delete(cellId)
    }
  }

  resolve(cellId: string, choice: Choice): void {
    const { algebra } = this
    this.change(cellId, (draft) =>
      isShared(draft) && algebra ? sharing.chosen(draft, choice, algebra) : whole.resolved(draft, choice),
    )
    this.schedule(cellId, 0)
  }

  /** What the server has, without how it came to be. */
  receive(cell: Pick<Cell, 'id' | 'version' | 'source'>, sameHistory = true): void {
    const theirs = { version: cell.version, source: cell.source }
    const { algebra } = this
    if (!this.drafts.has(cell.id)) this.drafts.set(cell.id, new Store(cleanDraft(theirs)))
    else
      this.change(cell.id, (draft) =>
        isShared(draft) && algebra
          ? sharing.replaced(draft, theirs, algebra, { sameHistory })
          : whole.received(draft, theirs, { sameHistory }),
      )
  }

  /** The next edit of a cell, in the order of the events. */
  follow(edit: Edited): void {
    const { algebra } = this
    const { cellId } = edit
    const draft = this.drafts.get(cellId)?.get()
    if (!draft || !isShared(draft) || !algebra) return this.receive({ ...edit, id: cellId })
    const next = sharing.followed(draft, edit, algebra)
    // The editor first: it applies the change as such, and then finds that it shows the draft's text already.
    if (next.shown) this.screens.get(cellId)?.(next.shown)
    this.change(cellId, () => next.draft)
    if (canSend(next.draft) && !this.flights.has(cellId)) this.scheduleTyped(cellId)
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
    this.unschedule(cellId)
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
        this.change(cellId, () => this.sharedWhenFree(whole.received({ base, text }, now.base, { sameHistory: false })))
        this.schedule(cellId, 0)
      }
    }
  }

  /** Resolves to whether the server now has everything typed in this cell so far. */
  async flush(cellId: string): Promise<boolean> {
    for (;;) {
      this.unschedule(cellId)
      const draft = this.drafts.get(cellId)?.get()
      if (!draft || !isDirty(draft)) return true
      if (draft.conflict) return false
      const flying = draft.unsent?.flying
      if (flying?.version !== undefined) {
        if (!draft.unsent?.typed) return true
        if (!(await this.changed(cellId))) return false
        continue
      }
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

  private sharedWhenFree(draft: Draft): Draft {
    return this.algebra && !isShared(draft) && draft.sending === undefined ? sharing.shared(draft, this.algebra) : draft
  }

  private scheduleTyped(cellId: string): void {
    if (!this.options.watched?.()) this.schedule(cellId, DEBOUNCE_MS)
    else if (!this.timers.has(cellId)) this.schedule(cellId, WATCHED_MS)
  }

  private schedule(cellId: string, ms: number): void {
    this.unschedule(cellId)
    const send = () => {
      this.timers.delete(cellId)
      void this.send(cellId)
    }
    this.timers.set(cellId, setTimeout(send, ms))
  }

  private unschedule(cellId: string): void {
    clearTimeout(this.timers.get(cellId))
    this.timers.delete(cellId)
  }

  private async send(cellId: string): Promise<Sent> {
    const flying = this.flights.get(cellId)
    if (flying) return flying
    const draft = this.drafts.get(cellId)?.get()
    if (!draft || !canSend(draft)) return { kind: 'refused' }
    const opId = draft.unsent?.flying?.opId ?? newId()
    this.change(cellId, (now) => takeOff(now, opId))
    const flight = this.options.send(outgoing(cellId, this.get(cellId).get(), opId))
    this.flights.set(cellId, flight)
    const sent = await flight
    this.flights.delete(cellId)
    this.settle(cellId, sent, opId)
    return sent
  }

  private settle(cellId: string, sent: Sent, opId: string): void {
    if (!this.drafts.has(cellId)) return
    this.change(cellId, (draft) => this.sharedWhenFree(settled(draft, { sent, opId }, this.algebra)))
    if (sent.kind === 'refused' || !canSend(this.get(cellId).get())) return
    if (sent.kind === 'accepted') this.scheduleTyped(cellId)
    else this.schedule(cellId, sent.kind === 'later' ? RETRY_MS : 0)
  }

  /** Resolves at the cell's next change; to false when there is none for long, or the cell is gone. */
  private changed(cellId: string): Promise<boolean> {
    const draft = this.drafts.get(cellId)
    return new Promise((resolve) => {
      const end = (changed: boolean) => {
        clearTimeout(timer)
        stop?.()
        resolve(changed)
      }
      const timer = setTimeout(() => end(false), draft ? EVENTS_MS : 0)
      const stop = draft?.subscribe(() => end(true))
    })
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
