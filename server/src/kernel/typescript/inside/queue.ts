import { makeList, SafeMap } from './safe.ts'

/** Decides which run may start. Pure bookkeeping: knows neither time nor code. */

interface Queued {
  runId: string
  needs: readonly string[]
  after: readonly string[]
}

interface Entry<T> {
  request: T
  order: number
  waitingFor: number
  state: 'waiting' | 'ready' | 'running'
}

/** Ends of runs are remembered for requests that come later; beyond this the oldest are forgotten. */
const REMEMBERED_ENDS = 20_000

export class RunQueue<T extends Queued> {
  readonly #open = new SafeMap<string, Entry<T>>()
  readonly #dependents = new SafeMap<string, { entry: Entry<T>; need: boolean }[]>()
  readonly #ends = new SafeMap<string, boolean>()
  readonly #ready = makeList<Entry<T>>()
  #arrivals = 0

  /** Returns those that can never start, because something they need has already ended badly. */
  add(requests: readonly T[]): T[] {
    const entries = makeList<Entry<T>>()
    for (let i = 0; i < requests.length; i += 1) {
      const request = requests[i] as T
      entries[i] = { request, order: this.#arrivals++, waitingFor: 0, state: 'waiting' }
      this.#open.set(request.runId, entries[i] as Entry<T>)
    }
    const skipped = makeList<T>()
    for (let i = 0; i < entries.length; i += 1) {
      const entry = entries[i] as Entry<T>
      if (this.#open.has(entry.request.runId)) this.#link(entry, skipped)
    }
    return skipped
  }

  #link(entry: Entry<T>, skipped: T[]): void {
    const { runId, needs, after } = entry.request
    for (let i = 0; i < needs.length; i += 1) {
      if (this.#ends.get(needs[i] as string) === false) return this.#end(runId, false, skipped)
    }
    for (let i = 0; i < needs.length; i += 1) this.#wait(entry, needs[i] as string, true)
    for (let i = 0; i < after.length; i += 1) this.#wait(entry, after[i] as string, false)
    if (entry.waitingFor === 0) this.#makeReady(entry)
  }

  /** A run this kernel never heard of is not waited for. */
  #wait(entry: Entry<T>, other: string, need: boolean): void {
    if (!this.#open.has(other) || other === entry.request.runId) return
    const dependents = this.#dependents.get(other) ?? makeList()
    dependents[dependents.length] = { entry, need }
    this.#dependents.set(other, dependents)
    entry.waitingFor += 1
  }

  /** The next to start, in order of arrival. */
  take(): T | undefined {
    for (let entry = popSmallest(this.#ready); entry; entry = popSmallest(this.#ready)) {
      if (this.#open.get(entry.request.runId) !== entry) continue
      entry.state = 'running'
      return entry.request
    }
    return undefined
  }

  /** Records the end of a run; returns it and all that need it, transitively, as far as they will never start. */
  ended(runId: string, ok: boolean): T[] {
    const skipped = makeList<T>()
    this.#end(runId, ok, skipped)
    return skipped
  }

  #end(runId: string, ok: boolean, skipped: T[]): void {
    const pending = makeList<{ runId: string; ok: boolean }>()
    pending[0] = { runId, ok }
    while (pending.length > 0) {
      const end = pending[pending.length - 1] as { runId: string; ok: boolean }
      pending.length -= 1
      const entry = this.#open.get(end.runId)
      this.#remember(end.runId, end.ok)
      if (entry && entry.state !== 'running') skipped[skipped.length] = entry.request
      const dependents = this.#dependents.get(end.runId)
      this.#dependents.delete(end.runId)
      for (let i = 0; dependents && i < dependents.length; i += 1) {
        const { entry: dependent, need } = dependents[i] as { entry: Entry<T>; need: boolean }
        if (this.#open.get(dependent.request.runId) !== dependent) continue
        dependent.waitingFor -= 1
        if (need && !end.ok) pending[pending.length] = { runId: dependent.request.runId, ok: false }
        else if (dependent.waitingFor === 0) this.#makeReady(dependent)
      }
    }
  }

  isQueued(runId: string): boolean {
    const entry = this.#open.get(runId)
    return entry !== undefined && entry.state !== 'running'
  }

  /** Those that have not started. */
  queued(): T[] {
    const waiting = makeList<T>()
    this.#open.each((entry) => {
      if (entry.state !== 'running') waiting[waiting.length] = entry.request
    })
    return waiting
  }

  get hasReady(): boolean {
    return this.#ready.length > 0
  }

  #makeReady(entry: Entry<T>): void {
    entry.state = 'ready'
    push(this.#ready, entry)
  }

  #remember(runId: string, ok: boolean): void {
    this.#open.delete(runId)
    this.#ends.set(runId, ok)
    if (this.#ends.size > REMEMBERED_ENDS) this.#ends.delete(this.#ends.oldest() as string)
  }
}

/** A binary heap by order of arrival. */
function push<T>(heap: Entry<T>[], entry: Entry<T>): void {
  let at = heap.length
  while (at > 0) {
    const parent = (at - 1) >> 1
    if ((heap[parent] as Entry<T>).order <= entry.order) break
    heap[at] = heap[parent] as Entry<T>
    at = parent
  }
  heap[at] = entry
}

function popSmallest<T>(heap: Entry<T>[]): Entry<T> | undefined {
  const smallest = heap[0]
  const last = heap[heap.length - 1]
  if (!last) return undefined
  heap.length -= 1
  if (heap.length === 0) return smallest
  let at = 0
  for (
    let next = smallerChild(heap, at);
    next >= 0 && (heap[next] as Entry<T>).order < last.order;
    next = smallerChild(heap, at)
  ) {
    heap[at] = heap[next] as Entry<T>
    at = next
  }
  heap[at] = last
  return smallest
}

function smallerChild<T>(heap: Entry<T>[], at: number): number {
  const left = 2 * at + 1
  const a = heap[left]
  const b = heap[left + 1]
  if (!a) return -1
  return b && b.order < a.order ? left + 1 : left
}
