import type { NotebookEvent } from '../notebook/events.ts'
import type { Session } from './session.ts'

/** What is known of the reader: how much of what was sent it has not taken yet, and how to drop it. */
export interface Reader {
  /** Bytes written and not yet taken. */
  backlog(): number
  drop(): void
}

export interface Position {
  epoch: string
  rev: number
}

/** How much may wait for one reader, and for how long. */
export interface Pace {
  /** Bytes beyond which nothing more is written. */
  highWater: number
  /** A reader that has not come down to a quarter of it after so long is dropped. */
  cutAfterMs: number
}

export const PACE: Pace = { highWater: 1024 * 1024, cutAfterMs: 10_000 }

export interface FollowOptions extends Pace {
  reader: Reader
  signal: AbortSignal
}

const POLL_MS = 15
/** A reader whose catching up would cost more than this gets a snapshot instead. */
const CATCH_UP_LIMIT = 512 * 1024

export function formatPosition({ epoch, rev }: Position): string {
  return `${epoch}:${rev}`
}

export function parsePosition(text: string | null | undefined): Position | undefined {
  const match = /^(.+):(\d+)$/.exec(text ?? '')
  return match?.[1] && match[2] ? { epoch: match[1], rev: Number(match[2]) } : undefined
}

/**
 * Everything that happens to a notebook from `from` on, each exactly once and in order; a snapshot first when that cannot be.
 * Holds a position, not a queue: a reader that does not drain is waited for, then cut.
 */
export async function* follow(
  session: Session,
  from: Position | undefined,
  options: FollowOptions,
): AsyncGenerator<[position: string, event: NotebookEvent], void, undefined> {
  const { reader, signal, highWater } = options
  let rev = from && from.epoch === session.epoch && from.rev <= session.rev ? from.rev : undefined
  let seenPresence = -1
  const at = () => formatPosition({ epoch: session.epoch, rev: rev ?? 0 })
  // Who has not begun is not behind.
  const leave = session.readers.join(() => (rev === undefined ? 0 : session.rev - rev))
  try {
    while (!signal.aborted) {
      if (!(await drained(options))) return
      const entries = rev === undefined ? undefined : session.entriesSince(rev, CATCH_UP_LIMIT)
      if (entries === undefined) {
        const notebook = session.snapshot()
        rev = notebook.rev
        yield [at(), { type: 'snapshot', notebook }]
      } else if (entries.length > 0) {
        for (const entry of entries) {
          rev = entry.rev
          yield [at(), entry.event]
          if (signal.aborted || reader.backlog() > highWater) break
        }
      } else if (seenPresence !== session.people.version) {
        seenPresence = session.people.version
        yield [at(), session.people.event()]
      } else {
        await session.changed.wait(signal)
      }
    }
  } finally {
    leave()
  }
}

/** Waits while too much is under way. False when the reader is gone, or was dropped. */
export async function drained({ reader, signal, highWater, cutAfterMs }: FollowOptions): Promise<boolean> {
  if (reader.backlog() <= highWater) return !signal.aborted
  const deadline = performance.now() + cutAfterMs
  while (reader.backlog() > highWater / 4) {
    if (signal.aborted) return false
    if (performance.now() > deadline) {
      reader.drop()
      return false
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return !signal.aborted
}
