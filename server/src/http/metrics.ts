import { statSync } from 'node:fs'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** One call of a procedure that has been answered. */
export interface Call {
  procedure: string
  /** `OK`, or the error's code. */
  code: string
  seconds: number
}

const CALLS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10]
const SAVES = [0.0002, 0.001, 0.005, 0.02, 0.1, 0.5, 2]

/** Everything that `/metrics` tells; docs/operations.md says what each is for. */
export class Metrics {
  private readonly registry = new Registry()
  private readonly requests: Histogram<'status'>
  private readonly calls: Histogram<'procedure' | 'code'>
  private readonly saves: Histogram
  private readonly failedSaves: Counter

  constructor() {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.requests = new Histogram({
      ...{ name: 'rivulet_http_seconds', help: 'Time to answer an HTTP request.' },
      ...{ labelNames: ['status'], registers },
    })
    this.calls = new Histogram({
      ...{ name: 'rivulet_call_seconds', help: 'Time to answer a query or a mutation, over whichever transport.' },
      ...{ labelNames: ['procedure', 'code'], buckets: CALLS, registers },
    })
    this.saves = new Histogram({
      ...{ name: 'rivulet_save_seconds', help: 'Time to save one decision.' },
      ...{ buckets: SAVES, registers },
    })
    this.failedSaves = new Counter({
      ...{ name: 'rivulet_saves_failed_total', help: 'Decisions that could not be saved, and so have not happened.', registers },
    })
  }

  /** A number that is read whenever somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      ...{ name, help, registers: [this.registry] },
      collect() {
        this.set(read())
      },
    })
  }

  answered(status: number, seconds: number): void {
    this.requests.observe({ status: String(status) }, seconds)
  }

  called({ procedure, code, seconds }: Call): void {
    this.calls.observe({ procedure, code }, seconds)
  }

  saved(seconds: number, failed: boolean): void {
    this.saves.observe(seconds)
    if (failed) this.failedSaves.inc()
  }

  get contentType(): string {
    return this.registry.contentType
  }

  text(): Promise<string> {
    return this.registry.metrics()
  }
}

/** Bytes of a file; 0 when it is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
