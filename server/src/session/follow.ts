import type { NotebookEvent } from '../notebook/events.ts'
import { CATCH_UP_LIMIT, type Line } from './audience.ts'
import { addressed } from './journal.ts'
import { formatPosition, type Position } from './position.ts'
import type { Session } from './session.ts'

/** What is known of the reader: how much of what was sent it has not taken yet, and how to drop it. */
export interface Reader {
  /** Bytes written and not yet taken. */
  backlog(): number
  drop(): void
  /** Where the transport has one. */
  line?: Line
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
const NOWHERE = -1

/**
 * Everything that happens to a notebook from `from` on, each exactly once and in order; a snapshot first when that cannot be.
 * Holds a position, not a queue: a reader that does not drain is waited for, then cut. Who is up to date and has a line joins the
 * audience, and comes back here when it cannot be told there: what is yielded and what the audience is told are one sequence.
 */
export async function* follow(
  session: Session,
  from: Position | undefined,
  options: FollowOptions,
): AsyncGenerator<[position: string, event: NotebookEvent], void, undefined> {
  const { reader, signal, highWater } = options
  const { line } = reader
  const known = from && from.epoch === session.epoch && from.rev <= session.rev
  const place = { rev: known ? from.rev : NOWHERE, presence: NOWHERE, head: '' }
  const room = () => highWater - reader.backlog()
  const learn = (head: string) => {
    place.head = head
  }
  const at = (event: NotebookEvent): [string, NotebookEvent] => {
    const position = formatPosition({ epoch: session.epoch, rev: place.rev })
    return [position, line && place.head === '' ? addressed(event, learn) : event]
  }
  // Who has not begun is not behind.
  const leave = session.readers.join(() => (place.rev === NOWHERE ? 0 : session.rev - place.rev))
  try {
    while (!signal.aborted) {
      if (!(await drained(options))) return
      const entries = place.rev === NOWHERE ? undefined : session.entriesSince(place.rev, CATCH_UP_LIMIT)
      if (entries === undefined) {
        const notebook = session.snapshot()
        place.rev = notebook.rev
        yield at({ type: 'snapshot', notebook })
      } else if (entries.length > 0) {
        for (const entry of entries) {
          place.rev = entry.rev
          yield at(entry.event)
          if (signal.aborted || room() < 0) break
        }
      } else if (place.presence !== session.people.version) {
        place.presence = session.people.version
        yield at(session.people.event())
      } else if (line && place.head !== '') {
        await session.audience.listen(Object.assign(place, { line, room }), signal)
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
