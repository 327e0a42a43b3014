import { CellCode } from './code.ts'
import { makeConsole } from './console.ts'
import { Cutoff } from './cutoff.ts'
import { Interrupted, readSafely, Stopped } from './errors.ts'
import { lower } from './flag.ts'
import { LatestRuns } from './latest.ts'
import { Memory } from './memory.ts'
import { Outbox, type Post } from './outbox.ts'
import type { InsideLimits, RowsQuery, ToInside } from './protocol.ts'
import { Queries } from './queries.ts'
import type { Run } from './run.ts'
import { Runner } from './runner.ts'
import { each, hasOwn, orElse, whenSettled } from './safe.ts'
import { variablesOf } from './variables.ts'

export interface EngineOptions {
  post: Post
  flag: Int32Array
  limits: InsideLimits
  /** Remembers through awaits which run's code is on the stack. */
  context: { run<T>(run: Run, task: () => T): T; current(): Run | undefined }
  importPackage(specifier: string): Promise<unknown>
}

/** Runs cells and keeps their values; knows no process, no thread and no runtime. Takes messages and answers by reports. */
export class Engine {
  readonly #options: EngineOptions
  readonly #outbox: Outbox
  readonly #memory = new Memory()
  readonly #latest = new LatestRuns()
  readonly #runner: Runner
  readonly #queries: Queries
  readonly #later = setTimeout
  readonly console: object

  constructor(options: EngineOptions) {
    this.#options = options
    const now = performance.now.bind(performance)
    const outbox = new Outbox(options.post, now, (callback, ms) => this.#later(callback, ms))
    const { flag, context, importPackage, limits } = options
    const memory = this.#memory
    this.#outbox = outbox
    this.#queries = new Queries(outbox, memory, importPackage)
    this.console = makeConsole((name, text) => context.current()?.write(name, text), now)
    const shared = { queries: this.#queries, console: this.console }
    const host = { flag, current: () => context.current(), importPackage, memory, code: new CellCode(), ...shared }
    const parts = { memory, latest: this.#latest, cutoff: new Cutoff(memory), outbox, host, context }
    this.#runner = new Runner({ ...parts, outputBytes: limits.outputBytes })
  }

  receive(message: ToInside): void {
    switch (message.kind) {
      case 'run':
        return this.#runner.add(message.requests)
      case 'cancel':
        lower(this.#options.flag, message.ask)
        each(message.runs, ({ runId }) => this.#runner.cancel(runId))
        return this.#obeyed(message.ask)
      case 'interrupt':
        this.#runner.interrupt(message.ask)
        return this.#obeyed(message.ask)
      case 'set-input':
        return this.#setInput(message.cellId, message.inputId, message.value)
      case 'pace':
        return this.#outbox.pace(message.ms)
      case 'forget':
        return each(message.names, (name) => this.#forget(name))
      case 'variables':
        return this.#answerVariables(message.ask, message.names)
      case 'rows':
        return this.#answerRows(message.ask, message.handle, message.query)
      case 'query-ended':
        return this.#queries.ended(message)
      case 'table-rows':
        return this.#queries.slice(message)
      case 'batch':
        return this.#queries.batch(message)
      case 'preload':
        return this.#preload(message.packages)
    }
  }

  /**
   * An error nobody caught, after the fact: it is printed by the run it belongs to, if that still goes on. Errors of timers
   * come without their run; they count as those of the run in progress whose code they came from.
   */
  uncaught(error: unknown): void {
    if (Interrupted.is(error) || Stopped.is(error)) return
    const { name, message, frames } = readSafely(error)
    const run = this.#options.context.current() ?? this.#runner.runOf(frames[0]?.url)
    run?.write('stderr', `Uncaught ${name}: ${message}\n`)
  }

  #answerVariables(ask: number, names: readonly string[]): void {
    const variables = orElse(() => variablesOf(this.#memory, names), [])
    this.#outbox.push({ kind: 'variables', ask, variables })
    this.#runner.flush()
  }

  #answerRows(ask: number, handle: string, query: RowsQuery): void {
    const page = orElse(() => this.#latest.table(handle)?.page(query), undefined)
    this.#outbox.push({ kind: 'rows', ask, ...(page && { page }) })
    this.#runner.flush()
  }

  /** One after the other, with room for messages in between; a package that cannot be loaded is the business of who imports it. */
  #preload(packages: readonly string[], at = 0): void {
    const next = () => this.#later(() => this.#preload(packages, at + 1), 0)
    if (at < packages.length) whenSettled(this.#options.importPackage(packages[at] as string), next, next)
  }

  #setInput(cellId: string, inputId: string, value: unknown): void {
    orElse(() => this.#latest.get(cellId)?.inputs.get(inputId)?.accept(value), undefined)
    // A run that waits was planned with the value of before.
    each(this.#runner.queued(), (request) => {
      if (request.cellId === cellId && hasOwn(request.inputs, inputId)) request.inputs[inputId] = value
    })
    this.#memory.touch(cellId)
  }

  #obeyed(ask: number): void {
    this.#outbox.push({ kind: 'obeyed', ask })
    this.#runner.drain()
  }

  #forget(name: string): void {
    const cellId = this.#memory.delete(name)
    if (cellId !== undefined && !this.#runner.isRunning(this.#latest.get(cellId)?.request.runId ?? ''))
      this.#latest.invalidate(cellId)
  }
}
