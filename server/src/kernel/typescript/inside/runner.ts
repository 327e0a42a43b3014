import type { Cutoff } from './cutoff.ts'
import { Interrupted, readSafely, Stopped } from './errors.ts'
import { type EvaluateHost, evaluate } from './evaluate.ts'
import { isForAll, lower } from './flag.ts'
import type { LatestRuns } from './latest.ts'
import type { Memory } from './memory.ts'
import type { Outbox } from './outbox.ts'
import type { InsideOutcome, InsideRequest, SyntaxRefusal } from './protocol.ts'
import { RunQueue } from './queue.ts'
import { Run } from './run.ts'
import { afterTurns, each, hasOwn, makeList, orElse, SafeMap, whenSettled } from './safe.ts'

export interface RunnerParts {
  memory: Memory
  latest: LatestRuns
  cutoff: Cutoff
  outbox: Outbox
  host: EvaluateHost
  /** Remembers through awaits which run's code is on the stack. */
  context: { run<T>(run: Run, task: () => T): T }
  /** Bytes of JSON that one run may output. */
  outputBytes: number
}

const { round } = Math

/** Runs may be started one after the other for this long before timers and messages get their turn. */
const SLICE_MS = 8
/** From the end of a cell's code to the end of its run it takes three. */
const TURNS = 4

/** Starts runs as soon as what they need has ended well, and reports how each ends. */
export class Runner {
  readonly #parts: RunnerParts
  readonly #queue = new RunQueue<InsideRequest>()
  readonly #running = new SafeMap<string, Run>()
  readonly #now = performance.now.bind(performance)
  readonly #later = setTimeout
  #draining = false
  #sliceStart = 0
  #started = 0

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  add(requests: readonly InsideRequest[]): void {
    this.#skip(this.#queue.add(requests))
    this.#sliceStart = this.#now()
    this.drain()
  }

  /** Starts what may start. */
  drain(): void {
    if (this.#draining) return
    this.#draining = true
    while (!this.#isHalted) {
      if (this.#now() - this.#sliceStart > SLICE_MS && this.#queue.hasReady) {
        this.#later(() => this.#nextSlice(), 0)
        break
      }
      const request = this.#queue.take()
      if (!request) break
      if (this.#parts.cutoff.stands(request)) this.#endUnrun(request, 'cached')
      else this.#start(request)
      if (this.#queue.hasReady && this.#running.has(request.runId)) {
        this.#nextAfterTurn()
        break
      }
    }
    this.#draining = false
    this.flush()
  }

  /** The run in progress whose code this is. */
  runOf(url: string | undefined): Run | undefined {
    let found: Run | undefined
    this.#running.each((run) => {
      if (run.request.url === url) found = run
    })
    return found
  }

  isRunning(runId: string): boolean {
    return this.#running.has(runId)
  }

  /** Those that have not started. */
  queued(): InsideRequest[] {
    return this.#queue.queued()
  }

  cancel(runId: string): void {
    const run = this.#running.get(runId)
    if (run) this.#end(run, 'interrupted')
    else if (this.#queue.isQueued(runId)) this.#skip(this.#queue.ended(runId, false))
    else this.#parts.latest.invalidateRun(runId)
  }

  interrupt(ask: number): void {
    // Those that wait go first: an end would start them.
    each(this.#queue.queued(), ({ runId }) => {
      if (this.#queue.isQueued(runId)) this.#skip(this.#queue.ended(runId, false))
    })
    const running = makeList<Run>()
    this.#running.each((run) => {
      running[running.length] = run
    })
    each(running, (run) => this.#end(run, 'interrupted'))
    lower(this.#parts.host.flag, ask)
  }

  flush(): void {
    this.#parts.outbox.flush(this.#running.size === 0 && !this.#queue.hasReady)
  }

  /**
   * Code that waits for nothing ends within a few turns of the promises around it. It gets them before the next is started,
   * which may never let go of the thread: then the end of this one is told, and its values are kept.
   */
  #nextAfterTurn(): void {
    const started = this.#started
    afterTurns(TURNS, () => {
      if (this.#started === started) this.drain()
    })
  }

  #nextSlice(): void {
    this.#sliceStart = this.#now()
    this.drain()
  }

  #start(request: InsideRequest): void {
    const { latest, memory, cutoff, outbox, outputBytes, context, host } = this.#parts
    this.#started += 1
    latest.invalidate(request.cellId)
    const before = memory.deleteOfCell(request.cellId)
    each(request.defines, (name) => void memory.delete(name))
    cutoff.started(request.cellId)
    const run = new Run(request, outbox, { startedAt: this.#now(), outputBytes, now: this.#now })
    run.reads = cutoff.reads(request)
    if (request.cutoff) run.before = before
    this.#running.set(request.runId, run)
    latest.set(run)
    outbox.push({ kind: 'started', runId: request.runId })
    if (request.refused) return this.#finish(run, refusal(request.refused))
    outbox.flush(false)
    context.run(run, () => {
      whenSettled(
        evaluate(run, host),
        ({ names, value }) => this.#succeeded(run, names, value),
        (error) => this.#failed(run, error),
      )
    })
  }

  #succeeded(run: Run, names: Record<string, unknown>, value: unknown): void {
    if (run.ended) return
    if (this.#isInterrupted(run)) return this.#end(run, 'interrupted')
    try {
      if (value !== undefined && !run.hasShown(value)) run.showValue(value)
    } catch (error) {
      return this.#failed(run, error)
    }
    if (this.#isInterrupted(run)) return this.#end(run, 'interrupted')
    this.#handOn(run, names)
    this.#parts.cutoff.succeeded(run.request, run.reads)
    this.#end(run, 'ok')
  }

  #handOn(run: Run, names: Record<string, unknown>): void {
    const { defines, cellId } = run.request
    each(defines, (name) => {
      const entry = { value: names[name], cellId, hasInputs: run.inputs.size > 0 }
      if (hasOwn(names, name)) this.#parts.memory.set(name, entry, run.before?.get(name))
    })
  }

  #failed(run: Run, error: unknown): void {
    if (run.ended) return
    if (Interrupted.is(error) || this.#isInterrupted(run)) this.#end(run, 'interrupted')
    else if (Stopped.is(error)) this.#end(run, 'stopped')
    else this.#finish(run, { kind: 'error', durationMs: this.#since(run), error: readSafely(error) })
  }

  #isInterrupted(run: Run): boolean {
    return run.givenUp || this.#isHalted
  }

  /** An interrupt of everything has been asked for, and its message is still to come. */
  get #isHalted(): boolean {
    return isForAll(this.#parts.host.flag)
  }

  #end(run: Run, kind: 'ok' | 'stopped' | 'interrupted'): void {
    if (kind === 'interrupted') run.givenUp = true
    this.#finish(run, { kind, durationMs: this.#since(run) })
  }

  /** To the microsecond. */
  #since(run: Run): number {
    return round((this.#now() - run.startedAt) * 1_000) / 1_000
  }

  #finish(run: Run, outcome: InsideOutcome): void {
    const { runId } = run.request
    orElse(() => run.outputs.end(), undefined)
    run.ended = true
    this.#running.delete(runId)
    if (outcome.kind !== 'ok') run.invalidate()
    this.#parts.outbox.push({ kind: 'finished', runId, outcome })
    this.#skip(this.#queue.ended(runId, outcome.kind === 'ok'))
    this.drain()
  }

  /** What it made in its last good run stands. */
  #endUnrun({ runId }: InsideRequest, kind: 'cached'): void {
    this.#parts.outbox.push({ kind: 'finished', runId, outcome: { kind } })
    this.#skip(this.#queue.ended(runId, true))
  }

  #skip(requests: readonly InsideRequest[]): void {
    each(requests, ({ runId }) => this.#parts.outbox.push({ kind: 'finished', runId, outcome: { kind: 'skipped' } }))
  }
}

function refusal(syntax: SyntaxRefusal): InsideOutcome {
  return { kind: 'error', durationMs: 0, error: { name: 'SyntaxError', message: syntax.message, frames: [], syntax } }
}
