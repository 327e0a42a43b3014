/** Memory does not grow faster than it can be made, in MB a millisecond: so long one need not look again. */
const FASTEST_MB_PER_MS = 4
const SOONEST_MS = 50
const LATEST_MS = 1_000
/** A figure people see changes only when it has changed by this much, and no more often than this. */
const STEP_MB = 8
const TELL_MS = 5_000

export interface MemoryWatchOptions {
  limitMb: number
  /** What the process takes now. */
  megabytes(): number
  exceeded(): void
  tell(mb: number): void
  flush(): void
}

/** Array buffers and machine code count towards no heap limit: what the process takes as a whole is what counts. */
export class MemoryWatch {
  readonly #options: MemoryWatchOptions
  #told = 0
  #toldAt = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: MemoryWatchOptions) {
    this.#options = options
    this.#check()
  }

  /** Of many kernels that do nothing each is woken by this alone. */
  #check(): void {
    const left = this.#options.limitMb - this.#options.megabytes()
    if (left < 0) this.#options.exceeded()
    setTimeout(() => this.#check(), Math.min(Math.max(SOONEST_MS, left / FASTEST_MB_PER_MS), LATEST_MS))
  }

  /** Nothing runs any more. Only then is a figure told, so that a kernel that is idle says nothing. */
  atRest(): void {
    const wait = this.#toldAt + TELL_MS - performance.now()
    if (wait <= 0) return this.#tell()
    this.#timer ??= setTimeout(() => {
      this.#tell()
      this.#options.flush()
    }, wait)
  }

  #tell(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#toldAt = performance.now()
    const mb = Math.round(this.#options.megabytes())
    if (Math.abs(mb - this.#told) < STEP_MB) return
    this.#told = mb
    this.#options.tell(mb)
  }
}
