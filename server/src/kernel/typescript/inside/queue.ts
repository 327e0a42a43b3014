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
  readonly #open = new Map<string, Entry<T>>()
  readonly #dependents = new Map<string, { entry: Entry<T>; need: boolean }[]>()
  readonly #ends = new Map<string, boolean>()
  readonly #ready: Entry<T>[] = []
  #arrivals = 0

  /** Returns those that can never start, because something they need has already ended badly. */
  add(requests: readonly T[]): T[] {
    const entries = requests.map((request): Entry<T> => ({ request, order: this.#arrivals++, waitingFor: 0, state: 'waiting' }))
    for (const entry of entries) this.#open.set(entry.request.runId, entry)
    return entries.flatMap((entry) => (this.#open.has(entry.request.runId) ? this.#link(entry) : []))
  }

  #link(entry: Entry<T>): T[] {
    const { runId, needs, after } = entry.request
    if (needs.some((need) => this.#ends.get(need) === false)) return this.ended(runId, false)
    for (const need of needs) this.#wait(entry, need, true)
    for (const other of after) this.#wait(entry, other, false)
    if (entry.waitingFor === 0) this.#makeReady(entry)
    return []
  }

  /** A run this kernel never heard of is not waited for. */
  #wait(entry: Entry<T>, other: string, need: boolean): void {
    if (!this.#open.has(other) || other === entry.request.runId) return
    const dependents = this.#dependents.get(other)
    if (dependents) dependents.push({ entry, need })
    else this.#dependents.set(other, [{ entry, need }])
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
    const skipped: T[] = []
    const pending = [{ runId, ok }]
    for (let end = pending.pop(); end; end = pending.pop()) {
      const entry = this.#open.get(end.runId)
      this.#remember(end.runId, end.ok)
      if (entry && entry.state !== 'running') skipped.push(entry.request)
      for (const { entry: dependent, need } of this.#dependents.get(end.runId) ?? []) {
        if (this.#open.get(dependent.request.runId) !== dependent) continue
        dependent.waitingFor -= 1
        if (need && !end.ok) pending.push({ runId: dependent.request.runId, ok: false })
        else if (dependent.waitingFor === 0) this.#makeReady(dependent)
      }
      this.#dependents.delete(end.runId)
    }
    return skipped
  }

  isRunning(runId: string): boolean {
    return this.#open.get(runId)?.state === 'running'
  }

  isQueued(runId: string): boolean {
    return this.#open.has(runId) && !this.isRunning(runId)
  }

  /** Those that have not started. */
  queued(): T[] {
    return [...this.#open.values()].filter((entry) => entry.state !== 'running').map((entry) => entry.request)
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
    if (this.#ends.size > REMEMBERED_ENDS) for (const oldest of this.#ends.keys()) return void this.#ends.delete(oldest)
  }
}

/** A binary heap by order of arrival. */
function push<T>(heap: Entry<T>[], entry: Entry<T>): void {
  let at = heap.push(entry) - 1
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
  const last = heap.pop()
  if (heap.length === 0 || !last) return smallest
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
