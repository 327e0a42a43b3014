import { pauseWith } from './memoryPause.ts'

/** A figure people see changes only when it has changed by this much, and no more often than this. */
const STEP_MB = 8
const TELL_MS = 5_000

export interface MemoryWatchOptions {
  /** Undefined: the server looks at this process from outside, which costs less than waking it. */
  limitMb: number | undefined
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
    if (options.limitMb !== undefined) this.#check(options.limitMb)
  }

  /** Of many kernels that do nothing each is woken by this alone. */
  #check(limitMb: number): void {
    const left = limitMb - this.#options.megabytes()
    if (left < 0) this.#options.exceeded()
    setTimeout(() => this.#check(limitMb), pauseWith(left))
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
