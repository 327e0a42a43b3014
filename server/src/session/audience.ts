import type { NotebookEvent } from '../notebook/events.ts'
import { type Entry, sharedText } from './journal.ts'
import { formatPosition } from './position.ts'

/** A reader for whom more than this would have to be read from the rows gets a snapshot instead. */
export const CATCH_UP_LIMIT = 512 * 1024

/** What some members have not been given yet. */
export interface Batch {
  /** Each with the JSON of its event. */
  items: readonly { position: string; text: string }[]
  /** Characters. */
  size: number
  /** The bytes for a socket, by how its messages begin: made once for all who share that. */
  bytes: Map<string, Buffer>
}

/** Writes straight to a reader what the procedure would have yielded. False when that is not possible now. */
export type Line = (head: string, batch: Batch) => boolean

/** Somebody who has had everything until here. */
export interface Member {
  rev: number
  presence: number
  /** How messages of this subscription begin. */
  head: string
  line: Line
  /** How much may be written now. */
  room(): number
}

/** What there is to be told. */
export interface Told {
  readonly epoch: string
  readonly rev: number
  readonly people: { readonly version: number; event(): NotebookEvent }
  entriesSince(rev: number, limit: number): Entry[] | undefined
}

/**
 * Everybody who is up to date with a notebook. What happens in one turn of the loop goes out at its end: to each as one write,
 * and to all of them as the same bytes. Who cannot take it now leaves, and is looked after by whoever waits in `listen`.
 */
export class Audience {
  private readonly members = new Map<Member, () => void>()
  private readonly told: Told
  private due: NodeJS.Immediate | undefined

  constructor(told: Told) {
    this.told = told
  }

  /** Resolves when the member is no longer told: it could not take more, or `signal` has aborted. Its place is where it was then. */
  listen(member: Member, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const leave = () => {
        this.members.delete(member)
        signal.removeEventListener('abort', leave)
        resolve()
      }
      this.members.set(member, leave)
      signal.addEventListener('abort', leave)
    })
  }

  /** Something has happened, and is saved. */
  notify(): void {
    if (this.members.size > 0) this.due ??= setImmediate(() => this.tell())
  }

  private tell(): void {
    this.due = undefined
    const { rev, people } = this.told
    const presence = people.version
    const batches = new Map<string, Batch | undefined>()
    for (const [member, leave] of this.members) {
      if (member.rev === rev && member.presence === presence) continue
      const batch = this.batchFor(member, batches)
      if (!batch || batch.size > member.room() || !member.line(member.head, batch)) leave()
      else Object.assign(member, { rev, presence })
    }
  }

  /** Members at the same place share one. */
  private batchFor({ rev, presence }: Member, known: Map<string, Batch | undefined>): Batch | undefined {
    const place = `${rev} ${presence}`
    if (!known.has(place)) known.set(place, this.batch(rev, presence !== this.told.people.version))
    return known.get(place)
  }

  private batch(from: number, moved: boolean): Batch | undefined {
    const { epoch, rev: now, people } = this.told
    const entries = this.told.entriesSince(from, CATCH_UP_LIMIT)
    if (!entries) return undefined
    const item = (rev: number, event: NotebookEvent) => ({
      position: formatPosition({ epoch, rev }),
      text: sharedText(event) ?? JSON.stringify(event),
    })
    const items = entries.map(({ rev, event }) => item(rev, event))
    if (moved) items.push(item(now, people.event()))
    return { items, size: items.reduce((sum, { text }) => sum + text.length, 0), bytes: new Map() }
  }
}
