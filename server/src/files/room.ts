import { Refused } from './refused.ts'

export interface RoomOptions {
  /** Of one file. */
  maxBytes: number
  /** Of all files of one user. */
  quotaBytes: number
  /** What somebody has now. */
  bytesOf(userId: string): number
}

/** Uploads of one user at a time. */
const AT_ONCE = 3
const RETRY_MS = 5_000

/** How much somebody may still upload: what is on its way counts, too. */
export class Room {
  readonly #options: RoomOptions
  readonly #coming = new Map<string, Set<{ bytes: number }>>()

  constructor(options: RoomOptions) {
    this.#options = options
  }

  /**
   * Throws `Refused` when there is none. `grow` takes more, as it turns out; `release` when it is over.
   * @param instead bytes of a file that goes when this one has come
   */
  take(userId: string, bytes: number, instead: number): { grow(bytes: number): void; release(): void } {
    const coming = this.#coming.get(userId) ?? new Set()
    if (coming.size >= AT_ONCE) throw new Refused({ kind: 'too-many-requests', what: 'uploads', retryAfterMs: RETRY_MS })
    const mine = { bytes: 0 }
    const grow = (total: number) => {
      if (total <= mine.bytes) return
      const { maxBytes, quotaBytes, bytesOf } = this.#options
      if (total > maxBytes) throw new Refused({ kind: 'too-large', what: 'file', limit: maxBytes, actual: total })
      const others = [...coming].reduce((sum, each) => (each === mine ? sum : sum + each.bytes), 0)
      const used = bytesOf(userId) + others + total - instead
      if (used > quotaBytes) throw new Refused({ kind: 'too-large', what: 'quota', limit: quotaBytes, actual: used })
      mine.bytes = total
    }
    grow(bytes)
    coming.add(mine)
    this.#coming.set(userId, coming)
    const release = () => {
      coming.delete(mine)
      if (coming.size === 0) this.#coming.delete(userId)
    }
    return { grow, release }
  }
}
