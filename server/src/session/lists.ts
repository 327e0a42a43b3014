import { Signal } from './signal.ts'

/** Changes whenever one of a user's summaries does. */
export interface ListChanges {
  readonly signal: Signal
  readonly version: number
}

/** Who watches their list of notebooks; holds nothing for users who do not. */
export class Lists {
  private readonly watched = new Map<string, { signal: Signal; version: number; watchers: number }>()

  /** Release it when done. */
  watch(userId: string): { changes: ListChanges; release: () => void } {
    const entry = this.watched.get(userId) ?? { signal: new Signal(), version: 0, watchers: 0 }
    this.watched.set(userId, entry)
    entry.watchers += 1
    const release = () => {
      entry.watchers -= 1
      if (entry.watchers === 0) this.watched.delete(userId)
    }
    return { changes: entry, release }
  }

  touch(userId: string): void {
    const entry = this.watched.get(userId)
    if (!entry) return
    entry.version += 1
    entry.signal.notify()
  }
}
