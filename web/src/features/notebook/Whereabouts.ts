import type { CellSelection, Presence } from '@rivulet/server/notebook/model'
import type { Drafts } from '../cell/drafts/Drafts.ts'
import { isShared, toBase } from '../cell/drafts/sharing.ts'

/** Where this person is, as the others are told. */
export interface Place {
  cellId: string | null
  selection: CellSelection | null
}

interface Options {
  /** This page, among those that have the notebook open. */
  clientId: string
  /** Resolves when it was sent, whether that worked or not. */
  send: (place: Place) => Promise<unknown>
  draftsNow: () => Drafts | undefined
  /** The line to the server is up. */
  isLive: () => boolean
}

const PAUSE_MS = 100

/** Tells the others where this person is: ten times a second at most, the latest place only, and nothing while nobody else is there. */
export class Whereabouts {
  private readonly options: Options
  private cellId: string | null = null
  private cursor: { cellId: string; anchor: number; head: number } | undefined
  private editing = false
  private watched = false
  private said = ''
  private timer: ReturnType<typeof setTimeout> | undefined
  private sending = false

  constructor(options: Options) {
    this.options = options
  }

  /** Whether somebody else is there, to see it. */
  get isWatched(): boolean {
    return this.watched
  }

  /** The current cell, and whether its editor has the keys. */
  entered(cellId: string | null, editing: boolean): void {
    if (cellId === this.cellId && editing === this.editing) return
    Object.assign(this, { cellId, editing })
    this.tellSoon()
  }

  /** `moved`: by this person. What others typed before a cursor moves it on every screen alike, and need not be told. */
  cursorAt(cellId: string, { anchor, head }: { anchor: number; head: number }, moved: boolean): void {
    if (!moved && this.cursor?.cellId !== cellId) return
    this.cursor = { cellId, anchor, head }
    if (moved) this.tellSoon()
  }

  /** Where the cursor has been last in this cell's text; at its beginning, if it has been elsewhere since. */
  cursorIn(cellId: string): number {
    return this.cursor?.cellId === cellId ? Math.min(this.cursor.anchor, this.cursor.head) : 0
  }

  /** Who is there, as the server says it: perhaps it has lost sight of this page, with its socket. */
  told(people: readonly Presence[]): void {
    const { clientId } = this.options
    const me = people.find((person) => person.clientId === clientId)
    this.watched = people.some((person) => person.clientId !== clientId)
    if ((me?.cellId ?? null) !== this.cellId) this.said = ''
    this.tellSoon()
  }

  dispose(): void {
    clearTimeout(this.timer)
    this.watched = false
  }

  private tellSoon(): void {
    if (this.watched) this.timer ??= setTimeout(() => void this.tell(), PAUSE_MS)
  }

  private async tell(): Promise<void> {
    this.timer = undefined
    const place = this.place()
    const text = JSON.stringify(place)
    if (text === this.said || this.sending || !this.options.isLive()) return
    this.said = text
    this.sending = true
    try {
      await this.options.send(place)
    } finally {
      this.sending = false
    }
    // Something may have moved meanwhile.
    this.tellSoon()
  }

  private place(): Place {
    return { cellId: this.cellId, selection: this.selection() }
  }

  private selection(): CellSelection | null {
    const { cursor, cellId } = this
    const drafts = this.options.draftsNow()
    if (!this.editing || !cursor || cursor.cellId !== cellId || !drafts?.has(cellId)) return null
    const draft = drafts.get(cellId).get()
    if (!isShared(draft) || draft.conflict || draft.ahead) return null
    return { anchor: toBase(draft, cursor.anchor), head: toBase(draft, cursor.head), version: draft.base.version }
  }
}
