import type { Change } from '../notebook/events.ts'
import type { Actor } from '../notebook/model.ts'

/** One decision as clients follow it. */
export interface Entry {
  rev: number
  at: string
  by: Actor
  changes: Change[]
  /** Size of its JSON in characters, measured when it was saved. */
  size: number
}

/** Characters of JSON kept in memory; who is further behind reads the rows, or gets a snapshot. */
const KEPT = 1024 * 1024

/** The last decisions, oldest first, without gaps. Followers keep a position in it, never a queue of their own. */
export class Journal {
  private readonly entries: Entry[] = []
  private size = 0

  append(entry: Entry): void {
    this.entries.push(entry)
    this.size += entry.size
    while (this.size > KEPT && this.entries.length > 1) this.size -= this.entries.shift()?.size ?? 0
  }

  /** Everything after `rev`, or undefined when that is no longer held. */
  since(rev: number): Entry[] | undefined {
    const first = this.entries[0]
    if (!first || first.rev > rev + 1) return undefined
    return this.entries.slice(rev + 1 - first.rev)
  }
}
