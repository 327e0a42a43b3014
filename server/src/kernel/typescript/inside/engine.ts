import { makeConsole } from './console.ts'
import { Cutoff } from './cutoff.ts'
import { Interrupted, readError, Stopped } from './errors.ts'
import { type EvaluateHost, evaluate } from './evaluate.ts'
import { isForAll, lower } from './flag.ts'
import { LatestRuns } from './latest.ts'
import { Memory } from './memory.ts'
import { Outbox, type Post } from './outbox.ts'
import type { InsideLimits, InsideOutcome, InsideRequest, RawError, SyntaxRefusal, ToInside } from './protocol.ts'
import { RunQueue } from './queue.ts'
import { Run } from './run.ts'
import { each, hasOwn, makeList, orElse, SafeMap, whenSettled } from './safe.ts'
import { variablesOf } from './variables.ts'

export interface EngineOptions {
  post: Post
  flag: Int32Array
  limits: InsideLimits
  /** Remembers through awaits which run's code is on the stack. */
  context: { run<T>(run: Run, task: () => T): T; current(): Run | undefined }
  importPackage(specifier: string): Promise<unknown>
}

const { round } = Math

/** Runs may be started one after the other for this long before timers and messages get their turn. */
const SLICE_MS = 8

/** Runs cells and keeps their values; knows no process, no thread and no runtime. */
export class Engine {
  readonly #options: EngineOptions
  readonly #outbox: Outbox
  readonly #queue = new RunQueue<InsideRequest>()
  readonly #memory = new Memory()
  readonly #cutoff = new Cutoff(this.#memory)
  readonly #running = new SafeMap<string, Run>()
  readonly #latest = new LatestRuns()
  readonly #host: EvaluateHost
  readonly #now = performance.now.bind(performance)
  readonly #later = setTimeout
  #draining = false
  #sliceStart = 0

  constructor(options: EngineOptions) {
    this.#options = options
    this.#outbox = new Outbox(options.post, this.#now, (callback, ms) => this.#later(callback, ms))
    const { flag, context, importPackage } = options
    const console = makeConsole((name, text) => context.current()?.write(name, text), this.#now)
    this.#host = { flag, current: () => context.current(), importPackage, memory: this.#memory, console }
  }

  get console(): object {
    return this.#host.console
  }

  receive(message: ToInside): void {
    switch (message.kind) {
      case 'run':
        this.#skip(this.#queue.add(message.requests))
        this.#sliceStart = this.#now()
        return this.#drain()
      case 'cancel':
        lower(this.#options.flag, message.ask)
        each(message.runs, ({ runId }) => this.#cancel(runId))
        return this.#obeyed(message.ask)
      case 'interrupt':
        this.#interrupt(message.ask)
        return this.#obeyed(message.ask)
      case 'set-input':
        return this.#setInput(message.cellId, message.inputId, message.value)
      case 'forget':
        return each(message.names, (name) => this.#forget(name))
      case 'variables': {
        const variables = orElse(() => variablesOf(this.#memory, message.names), [])
        this.#outbox.push({ kind: 'variables', ask: message.ask, variables })
        return this.#flush()
      }
      case 'rows': {
        const page = orElse(() => this.#latest.table(message.handle)?.page(message.query), undefined)
        this.#outbox.push({ kind: 'rows', ask: message.ask, ...(page && { page }) })
        return this.#flush()
      }
      case 'preload':
        return this.#preload(message.packages)
    }
  }

  /** An error nobody caught, after the fact: it is printed by the run whose code it came from, if that still goes on. */
  uncaught(error: unknown): void {
    if (Interrupted.is(error) || Stopped.is(error)) return
    const { name, message, frames } = read(error)
    let source: Run | undefined
    this.#running.each((run) => {
      if (frames[0]?.url === run.request.url) source = run
    })
    source?.write('stderr', `Uncaught ${name}: ${message}\n`)
  }

  /** One after the other, with room for messages in between; a package that cannot be loaded is the business of who imports it. */
  #preload(packages: readonly string[], at = 0): void {
    const next = () => this.#later(() => this.#preload(packages, at + 1), 0)
    if (at < packages.length) whenSettled(this.#options.importPackage(packages[at] as string), next, next)
  }

  #drain(): void {
    if (this.#draining) return
    this.#draining = true
    while (!this.#isHalted) {
      if (this.#now() - this.#sliceStart > SLICE_MS && this.#queue.hasReady) {
        this.#later(() => this.#nextSlice(), 0)
        break
      }
      const request = this.#queue.take()
      if (!request) break
      if (this.#cutoff.stands(request)) this.#endUnrun(request, 'cached')
      else this.#start(request)
    }
    this.#draining = false
    this.#flush()
  }

  #nextSlice(): void {
    this.#sliceStart = this.#now()
    this.#drain()
  }

  #start(request: InsideRequest): void {
    this.#latest.invalidate(request.cellId)
    const before = this.#memory.deleteOfCell(request.cellId)
    each(request.defines, (name) => void this.#memory.delete(name))
    this.#cutoff.started(request.cellId)
    const run = new Run(request, this.#outbox, { startedAt: this.#now(), outputBytes: this.#options.limits.outputBytes })
    run.reads = this.#cutoff.reads(request)
    if (request.cutoff) run.before = before
    this.#running.set(request.runId, run)
    this.#latest.set(run)
    this.#outbox.push({ kind: 'started', runId: request.runId })
    if (request.refused) return this.#finish(run, refusal(request.refused))
    this.#outbox.flush(false)
    this.#options.context.run(run, () => {
      whenSettled(
        evaluate(run, this.#host),
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
    const { defines, cellId } = run.request
    each(defines, (name) => {
      const entry = { value: names[name], cellId, hasInputs: run.inputs.size > 0 }
      if (hasOwn(names, name)) this.#memory.set(name, entry, run.before?.get(name))
    })
    this.#cutoff.succeeded(run.request, run.reads)
    this.#end(run, 'ok')
  }

  #failed(run: Run, error: unknown): void {
    if (run.ended) return
    if (Interrupted.is(error) || this.#isInterrupted(run)) this.#end(run, 'interrupted')
    else if (Stopped.is(error)) this.#end(run, 'stopped')
    else this.#finish(run, { kind: 'error', durationMs: this.#since(run), error: read(error) })
  }

  #isInterrupted(run: Run): boolean {
    return run.givenUp || this.#isHalted
  }

  /** An interrupt of everything has been asked for, and its message is still to come. */
  get #isHalted(): boolean {
    return isForAll(this.#options.flag)
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
    if (outcome.kind !== 'ok') run.invalidation.abort()
    this.#outbox.push({ kind: 'finished', runId, outcome })
    this.#skip(this.#queue.ended(runId, outcome.kind === 'ok'))
    this.#drain()
  }

  /** What it made in its last good run stands. */
  #endUnrun({ runId }: InsideRequest, kind: 'cached'): void {
    this.#outbox.push({ kind: 'finished', runId, outcome: { kind } })
    this.#skip(this.#queue.ended(runId, true))
  }

  #setInput(cellId: string, inputId: string, value: unknown): void {
    orElse(() => this.#latest.get(cellId)?.inputs.get(inputId)?.accept(value), undefined)
    // A run that waits was planned with the value of before.
    each(this.#queue.queued(), (request) => {
      if (request.cellId === cellId && hasOwn(request.inputs, inputId)) request.inputs[inputId] = value
    })
    this.#memory.touch(cellId)
  }

  #skip(requests: readonly InsideRequest[]): void {
    each(requests, ({ runId }) => this.#outbox.push({ kind: 'finished', runId, outcome: { kind: 'skipped' } }))
  }

  #cancel(runId: string): void {
    const run = this.#running.get(runId)
    if (run) this.#end(run, 'interrupted')
    else if (this.#queue.isQueued(runId)) this.#skip(this.#queue.ended(runId, false))
    else this.#latest.invalidateRun(runId)
  }

  #interrupt(ask: number): void {
    // Those that wait go first: an end would start them.
    each(this.#queue.queued(), ({ runId }) => {
      if (this.#queue.isQueued(runId)) this.#skip(this.#queue.ended(runId, false))
    })
    const running = makeList<Run>()
    this.#running.each((run) => {
      running[running.length] = run
    })
    each(running, (run) => this.#end(run, 'interrupted'))
    lower(this.#options.flag, ask)
  }

  #obeyed(ask: number): void {
    this.#outbox.push({ kind: 'obeyed', ask })
    this.#drain()
  }

  #forget(name: string): void {
    const cellId = this.#memory.delete(name)
    if (cellId !== undefined && !this.#running.has(this.#latest.get(cellId)?.request.runId ?? '')) this.#latest.invalidate(cellId)
  }

  #flush(): void {
    this.#outbox.flush(this.#running.size === 0 && !this.#queue.hasReady)
  }
}

function refusal(syntax: SyntaxRefusal): InsideOutcome {
  return { kind: 'error', durationMs: 0, error: { name: 'SyntaxError', message: syntax.message, frames: [], syntax } }
}

const UNREADABLE: RawError = { name: 'Error', message: 'An error that cannot be shown', frames: [] }

function read(error: unknown): RawError {
  return orElse(() => readError(error), UNREADABLE)
}
