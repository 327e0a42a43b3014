import type { Engine, Event } from '../notebook/engine.ts'
import type { Change } from '../notebook/events.ts'
import type { NotebookState } from '../notebook/evolve.ts'
import type { Restored } from '../notebook/history/steps.ts'
import type { Entry } from './journal.ts'

/** Where a session's decisions are kept. Synchronous: when `save` returns, it is durable; when it throws, nothing happened. */
export interface SessionStore {
  save(saving: Saving): void
  /** Entries after `rev`, oldest first and without gaps; undefined when the rows no longer reach back, or hold more than `limit` characters. */
  entriesSince(rev: number, limit: number): Entry[] | undefined
  /** The changes of every decision that is kept, oldest first. */
  keptChanges(): Iterable<readonly Change[]>
}

export interface Saving {
  before: NotebookState
  after: Engine
  events: readonly Event[]
  entry: Entry | undefined
  operation: { opId: string; procedure: string; result: unknown } | undefined
  userId: string
  /** The point that was gone back to, when that is what was decided. */
  restored?: Restored | undefined
}
