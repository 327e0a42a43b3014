import { type ResidentMemory, residentMemory } from './residentMemory.ts'
import { pauseWith, SOONEST_MS } from './typescript/inside/memoryPause.ts'

interface Watched {
  memory: ResidentMemory
  limitMb: number
  exceeded: () => void
  dueAt: number
}

/** Never later than it is due, and at one moment with others. */
const together = (at: number) => Math.floor(at / SOONEST_MS) * SOONEST_MS

/**
 * Looks at what processes take, from outside: each would have to be woken for it, which costs a hundred times as much. How soon it looks
 * again depends on what is left; of many processes as many as possible are looked at in one go.
 */
export class MemoryWatch {
  readonly #watched = new Set<Watched>()
  readonly #open: typeof residentMemory
  #timer: NodeJS.Timeout | undefined

  constructor(open = residentMemory) {
    this.#open = open
  }

  /** Call what is returned when the process has ended. Undefined where processes cannot be looked at: it has to look by itself. */
  begin(pid: number, limitMb: number, exceeded: () => void): (() => void) | undefined {
    const memory = this.#open(pid)
    if (!memory) return undefined
    const one = { memory, limitMb, exceeded, dueAt: 0 }
    this.#watched.add(one)
    this.#look()
    return () => {
      if (this.#watched.delete(one)) memory.close()
      if (this.#watched.size === 0) clearTimeout(this.#timer)
    }
  }

  #look(): void {
    const now = performance.now()
    let next = Number.POSITIVE_INFINITY
    for (const one of this.#watched) {
      if (one.dueAt <= now) one.dueAt = together(now + this.#check(one))
      next = Math.min(next, one.dueAt)
    }
    clearTimeout(this.#timer)
    if (this.#watched.size > 0) this.#timer = setTimeout(() => this.#look(), Math.max(1, next - now)).unref()
  }

  /** Milliseconds until it has to be looked at again. */
  #check({ memory, limitMb, exceeded }: Watched): number {
    const left = limitMb - (memory.megabytes() ?? 0)
    if (left < 0) exceeded()
    return pauseWith(left)
  }
}
