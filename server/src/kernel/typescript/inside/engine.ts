import { bundleOf } from './bundle.ts'
import { makeConsole } from './console.ts'
import { Cutoff } from './cutoff.ts'
import { Interrupted, readError, Stopped } from './errors.ts'
import { type EvaluateHost, evaluate } from './evaluate.ts'
import { Memory } from './memory.ts'
import { Outbox, type Post } from './outbox.ts'
import {
  FLAG,
  FLAG_MODE,
  type InsideLimits,
  type InsideOutcome,
  type InsideRequest,
  type SyntaxRefusal,
  type ToInside,
} from './protocol.ts'
import { RunQueue } from './queue.ts'
import { Run } from './run.ts'
import { variablesOf } from './variables.ts'

export interface EngineOptions {
  post: Post
  flag: Int32Array
  limits: InsideLimits
  /** Remembers through awaits which run's code is on the stack. */
  context: { run<T>(run: Run, task: () => T): T; current(): Run | undefined }
  importPackage(specifier: string): Promise<unknown>
}

/** Runs may be started one after the other for this long before timers and messages get their turn. */
const SLICE_MS = 8

/** Runs cells and keeps their values; knows no process, no thread and no runtime. */
export class Engine {
  readonly #options: EngineOptions
  readonly #outbox: Outbox
  readonly #queue = new RunQueue<InsideRequest>()
  readonly #memory = new Memory()
  readonly #cutoff = new Cutoff(this.#memory)
  readonly #running = new Map<string, Run>()
  /** The last run of each cell, whose `invalidation` is still to come. */
  readonly #latest = new Map<string, Run>()
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
        this.#options.flag[FLAG.raised] = 0
        for (const { runId } of message.runs) this.#cancel(runId)
        return this.#obeyed(message.ask)
      case 'interrupt':
        this.#interrupt()
        return this.#obeyed(message.ask)
      case 'set-input':
        return this.#setInput(message.cellId, message.inputId, message.value)
      case 'forget':
        for (const name of message.names) this.#forget(name)
        return
      case 'variables':
        this.#outbox.push({ kind: 'variables', ask: message.ask, variables: variablesOf(this.#memory, message.names) })
        return this.#flush()
    }
  }

  /** An error nobody caught, after the fact: it is printed by the run it came from, if that still goes on. */
  uncaught(error: unknown): void {
    if (error instanceof Interrupted || error instanceof Stopped) return
    const { name, message } = readError(error)
    this.#options.context.current()?.write('stderr', `Uncaught ${name}: ${message}\n`)
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
    this.#invalidate(request.cellId)
    const before = this.#memory.deleteOfCell(request.cellId)
    for (const name of request.defines) this.#memory.delete(name)
    this.#cutoff.started(request.cellId)
    const run = new Run(request, this.#outbox, { startedAt: this.#now(), outputBytes: this.#options.limits.outputBytes })
    run.reads = this.#cutoff.reads(request)
    if (request.cutoff) run.before = before
    this.#running.set(request.runId, run)
    this.#latest.set(request.cellId, run)
    this.#outbox.push({ kind: 'started', runId: request.runId })
    if (request.refused) return this.#finish(run, refusal(request.refused))
    this.#outbox.flush(false)
    this.#options.context.run(run, () => {
      evaluate(run, this.#host).then(
        ({ names, value }) => this.#succeeded(run, names, value),
        (error: unknown) => this.#failed(run, error),
      )
    })
  }

  #succeeded(run: Run, names: Record<string, unknown>, value: unknown): void {
    if (run.ended) return
    if (this.#isInterrupted(run)) return this.#end(run, 'interrupted')
    try {
      if (value !== undefined && !run.hasShown(value)) run.outputs.value(bundleOf(value))
    } catch (error) {
      return this.#failed(run, error)
    }
    const { defines, cellId } = run.request
    for (const name of defines) if (Object.hasOwn(names, name)) this.#memory.set(name, names[name], cellId, run.before?.get(name))
    this.#cutoff.succeeded(run.request, run.reads)
    this.#end(run, 'ok')
  }

  #failed(run: Run, error: unknown): void {
    if (run.ended) return
    if (error instanceof Interrupted || this.#isInterrupted(run)) this.#end(run, 'interrupted')
    else if (error instanceof Stopped) this.#end(run, 'stopped')
    else this.#finish(run, { kind: 'error', durationMs: this.#since(run), error: readError(error) })
  }

  #isInterrupted(run: Run): boolean {
    return run.givenUp || this.#isHalted
  }

  /** An interrupt of everything has been asked for, and its message is still to come. */
  get #isHalted(): boolean {
    const { flag } = this.#options
    return flag[FLAG.raised] !== 0 && flag[FLAG.mode] === FLAG_MODE.all
  }

  #end(run: Run, kind: 'ok' | 'stopped' | 'interrupted'): void {
    if (kind === 'interrupted') run.givenUp = true
    this.#finish(run, { kind, durationMs: this.#since(run) })
  }

  /** To the microsecond. */
  #since(run: Run): number {
    return Math.round((this.#now() - run.startedAt) * 1_000) / 1_000
  }

  #finish(run: Run, outcome: InsideOutcome): void {
    const { runId } = run.request
    run.outputs.end()
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
    this.#latest.get(cellId)?.inputs.get(inputId)?.accept(value)
    // A run that waits was planned with the value of before.
    for (const { cellId: waiting, inputs } of this.#queue.queued())
      if (waiting === cellId && inputId in inputs) inputs[inputId] = value
    this.#memory.touch(cellId)
  }

  #skip(requests: readonly InsideRequest[]): void {
    for (const { runId } of requests) this.#outbox.push({ kind: 'finished', runId, outcome: { kind: 'skipped' } })
  }

  #cancel(runId: string): void {
    const run = this.#running.get(runId)
    if (run) this.#end(run, 'interrupted')
    else if (this.#queue.isQueued(runId)) this.#skip(this.#queue.ended(runId, false))
    else this.#invalidateRun(runId)
  }

  #interrupt(): void {
    // Those that wait go first: an end would start them.
    for (const { runId } of this.#queue.queued()) if (this.#queue.isQueued(runId)) this.#skip(this.#queue.ended(runId, false))
    for (const run of [...this.#running.values()]) this.#end(run, 'interrupted')
    this.#options.flag[FLAG.raised] = 0
  }

  #obeyed(ask: number): void {
    this.#outbox.push({ kind: 'obeyed', ask })
    this.#drain()
  }

  #forget(name: string): void {
    const cellId = this.#memory.delete(name)
    if (cellId !== undefined && !this.#running.has(this.#latest.get(cellId)?.request.runId ?? '')) this.#invalidate(cellId)
  }

  #invalidate(cellId: string): void {
    this.#latest.get(cellId)?.invalidation.abort()
    this.#latest.delete(cellId)
  }

  #invalidateRun(runId: string): void {
    for (const [cellId, run] of this.#latest) if (run.request.runId === runId) return this.#invalidate(cellId)
  }

  #flush(): void {
    this.#outbox.flush(this.#running.size === 0 && !this.#queue.hasReady)
  }
}

function refusal(syntax: SyntaxRefusal): InsideOutcome {
  return { kind: 'error', durationMs: 0, error: { name: 'SyntaxError', message: syntax.message, frames: [], syntax } }
}
