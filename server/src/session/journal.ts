import type { NotebookEvent } from '../notebook/events.ts'

export type ChangesEvent = NotebookEvent & { type: 'changes' }

/** One decision as clients follow it. */
export interface Entry {
  rev: number
  event: ChangesEvent
  /** JSON of the changes: made once, for the row, the limits and every follower. */
  json: string
}

const texts = new WeakMap<object, string>()

export function entryOf(event: ChangesEvent): Entry {
  const { changes, ...head } = event
  const json = JSON.stringify(changes)
  texts.set(event, `${JSON.stringify(head).slice(0, -1)},"changes":${json}}`)
  return { rev: event.rev, event, json }
}

/** The event, which goes to many followers, with its JSON made now, once. */
export function shared<E extends NotebookEvent>(event: E): E {
  texts.set(event, JSON.stringify(event))
  return event
}

/** The JSON of an event that goes to many followers, when `value` is one: it is not serialised for each of them. */
export function sharedText(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? texts.get(value) : undefined
}

const learners = new WeakMap<object, (head: string) => void>()

/** An event for one reader alone: `learn` is told how the message begins that carries it, if it goes over a socket. */
export function addressed<E extends NotebookEvent>(event: E, learn: (head: string) => void): E {
  const own = { ...event }
  const text = texts.get(event)
  if (text !== undefined) texts.set(own, text)
  learners.set(own, learn)
  return own
}

/** For who writes messages: this one carries `value`, and begins so. */
export function sentAs(value: unknown, head: string): void {
  const learn = typeof value === 'object' && value !== null ? learners.get(value) : undefined
  learn?.(head)
}

/** Characters of JSON kept in memory; who is further behind reads the rows, or gets a snapshot. */
const KEPT = 1024 * 1024
/** So many decisions may come within one turn of the loop, before anybody could be told of the first: they are kept up to so much. */
const AT_ONCE = 4
const MOST = 8 * 1024 * 1024

/** The last decisions, oldest first, without gaps. Followers keep a position in it, never a queue of their own. */
export class Journal {
  private readonly entries: Entry[] = []
  private size = 0

  append(entry: Entry): void {
    this.entries.push(entry)
    this.size += entry.json.length
    const isFull = () => this.size > (this.entries.length > AT_ONCE ? KEPT : MOST)
    while (isFull() && this.entries.length > 1) this.size -= this.entries.shift()?.json.length ?? 0
  }

  /** Everything after `rev`, or undefined when that is no longer held. */
  since(rev: number): Entry[] | undefined {
    const first = this.entries[0]
    if (!first || first.rev > rev + 1) return undefined
    return this.entries.slice(rev + 1 - first.rev)
  }
}
