/** Wakes everybody who waits, and nobody who does not: no queue, no lost wake-up for those who check before they wait. */
export class Signal {
  private readonly waiting = new Set<() => void>()

  notify(): void {
    for (const wake of [...this.waiting]) wake()
  }

  /** Resolves at the next `notify`, or when `signal` aborts. */
  wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }
}
