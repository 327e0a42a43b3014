import { shownOf, TABLE_MIME } from './bundle.ts'
import type { Reads } from './cutoff.ts'
import { Interrupted, Stopped } from './errors.ts'
import { isFor, isForAll } from './flag.ts'
import { Input } from './input.ts'
import { makeInputs } from './inputs.ts'
import { fillMarkdown, type MarkdownPiece } from './markdown.ts'
import type { Entry } from './memory.ts'
import type { Outbox } from './outbox.ts'
import { Outputs } from './outputs.ts'
import type { InsideRequest, MimeBundle } from './protocol.ts'
import { TableRows } from './rows.ts'
import { makeSignal, SafeMap, type Signal } from './safe.ts'
import { listOf, type Table } from './table.ts'
import { cut } from './text.ts'

const { freeze } = Object

/** One execution of a cell, as far as its code can see it. */
export class Run {
  readonly request: InsideRequest
  readonly startedAt: number
  readonly outputs: Outputs
  /** Its end has been reported: it has nothing more to say (S10). */
  ended = false
  /** Versions of what it reads. */
  reads: Reads = new SafeMap()
  /** The cell's values of its last run, kept while they are to be compared with the new ones. */
  before: SafeMap<string, Entry> | undefined
  readonly inputs = new SafeMap<string, Input>()
  /** By output id. */
  readonly tables = new SafeMap<string, TableRows>()
  /** Its code shall not go on. */
  givenUp = false
  readonly #outbox: Outbox
  #signal: Signal | undefined
  #invalidated = false

  constructor(request: InsideRequest, outbox: Outbox, options: { startedAt: number; outputBytes: number; now: () => number }) {
    this.request = request
    this.startedAt = options.startedAt
    this.#outbox = outbox
    this.outputs = new Outputs(request.runId, outbox, options)
  }

  /** Aborts when the cell runs again or is removed (S19). Made when code first asks for it: few cells do. */
  get invalidation(): AbortSignal {
    if (!this.#signal) {
      this.#signal = makeSignal()
      if (this.#invalidated) this.#signal.abort()
    }
    return this.#signal.signal
  }

  invalidate(): void {
    this.#invalidated = true
    this.#signal?.abort()
  }

  write(name: 'stdout' | 'stderr', text: string): void {
    if (!this.ended) this.outputs.write(name, text)
  }

  display(value: unknown): void {
    if (this.ended) return
    const shown = shownOf(value)
    this.#keepTable(this.outputs.display(shown), shown.data, value)
  }

  /** The last expression. */
  showValue(value: unknown): void {
    const shown = shownOf(value)
    this.#keepTable(this.outputs.value(shown), shown.data, value)
  }

  /** The rows of a table can be asked for, in other orders and those that were not sent, until the cell runs again. */
  #keepTable(id: string | undefined, data: MimeBundle, value: unknown): void {
    const table = data[TABLE_MIME] as Table | undefined
    if (id === undefined || !table) return
    // Reports leave at the end of the turn at the earliest.
    table.handle = id
    this.tables.set(id, new TableRows(() => listOf(value) ?? []))
  }

  progress(done: number, total: number, label?: string): void {
    if (this.ended) return
    const { runId } = this.request
    this.#outbox.push({
      kind: 'progress',
      runId,
      done: Number(done),
      total: Number(total),
      ...(label === undefined ? {} : { label: cut(String(label), 0, 200) }),
    })
    this.#outbox.flushSoon()
  }

  /** The host name `input`: each is shown where it is made. */
  makeInputs(): ReturnType<typeof makeInputs> {
    return makeInputs({
      version: this.request.version,
      kept: (id) => this.request.inputs[id],
      show: (input) => {
        this.inputs.set(input.id, input)
        this.display(input)
      },
    })
  }

  /** An input is its own output already. */
  hasShown(value: unknown): boolean {
    return Input.is(value) && this.inputs.get(value.id) === value
  }

  stop(condition: unknown, output?: unknown): void {
    if (!condition) return
    if (output !== undefined) this.display(output)
    throw new Stopped('stop() was called')
  }
}

export interface RuntimeHost {
  flag: Int32Array
  /** The run whose code is now on the stack. */
  current(): Run | undefined
  importPackage(specifier: string): Promise<unknown>
}

/** What compiled code calls `$rivulet`. Cells can reach it, and change nothing of it but the two values it takes. */
export class Runtime {
  #value: unknown
  #names: Record<string, unknown> = {}
  readonly #run: Run
  readonly #host: RuntimeHost

  constructor(run: Run, host: RuntimeHost) {
    this.#run = run
    this.#host = host
    freeze(this)
  }

  /** Of the last expression. */
  get value(): unknown {
    return this.#value
  }

  set value(value: unknown) {
    this.#value = value
  }

  /** The top-level names, once the code has come to its end. */
  get names(): Record<string, unknown> {
    return this.#names
  }

  set names(names: Record<string, unknown>) {
    this.#names = names
  }

  /** Called where code sees the flag raised; goes on if it is meant for others. */
  halt(): void {
    const { flag } = this.#host
    const run = this.#host.current()
    if (run ? !isFor(flag, run.request.seq) : !isForAll(flag)) return
    if (run) run.givenUp = true
    throw new Interrupted('Interrupted')
  }

  /** Code of a run that was given up ends at its next `await`. */
  resumed<T>(value: T): T {
    if (this.#run.givenUp) throw new Interrupted('Interrupted')
    return value
  }

  import(specifier: unknown): Promise<unknown> {
    return this.#host.importPackage(String(specifier))
  }

  markdown(pieces: readonly MarkdownPiece[]): Promise<unknown> {
    return fillMarkdown(pieces, this.#run.request.unavailable)
  }
}

freeze(Runtime)
freeze(Runtime.prototype)
