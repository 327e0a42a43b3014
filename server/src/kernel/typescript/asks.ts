/** Numbers what is asked of the other side, and says what happens when it does not answer in time. */
export class Asks {
  readonly #timers = new Map<number, NodeJS.Timeout>()
  #count = 0

  next(): number {
    this.#count += 1
    return this.#count
  }

  /** Unless it is answered within so many milliseconds. */
  otherwise(ask: number, ms: number, then: () => void): void {
    this.#timers.set(ask, setTimeout(then, ms))
  }

  answered(ask: number): void {
    clearTimeout(this.#timers.get(ask))
    this.#timers.delete(ask)
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
