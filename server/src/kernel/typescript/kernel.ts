import { compile } from '../../language/languages.ts'
import type { RunRequest } from '../../notebook/effects.ts'
import type { KernelState } from '../../notebook/model.ts'
import type { Report } from '../../notebook/reports.ts'
import type { Kernel, Variable } from '../kernel.ts'
import { FrameMap } from './frameMap.ts'
import type { InsideRequest, RowsPage, RowsQuery, ToInside } from './inside/protocol.ts'
import { FromInside, type RunReport, toReport } from './reports.ts'
import { RunClock } from './runClock.ts'
import type { Transport } from './transport.ts'

/** How long code may take to obey before the process is ended, and a question may stay unanswered, in milliseconds. */
const PATIENCE_MS = 1_000
const ANSWER_MS = 2_000
/** What code writes past its own console is kept up to this, in characters a run. */
const STRAY_LIMIT = 64 * 1024

const UNRULY = 'The code did not stop when asked, so its kernel was ended. Values are made again when they are needed.'

type Answer = Extract<FromInside[number], { kind: 'variables' | 'rows' }>

interface OpenRun {
  seq: number
  cellId: string
  needs: readonly string[]
  started: boolean
  strayLength: number
}

/** The host's side of what runs the code: speaks the notebook's words on one side and the sandbox's on the other. */
export class TypeScriptKernel implements Kernel {
  readonly #transport: Transport
  readonly #report: (reports: Report[]) => void
  readonly #frames = new FrameMap()
  readonly #clock: RunClock
  /** Runs that have not ended, in the order in which they were asked for. */
  readonly #open = new Map<string, OpenRun>()
  /** Started, and told to end. */
  readonly #ending = new Set<string>()
  #running = 0
  readonly #asked = new Map<number, { answered(answer: Answer): void; giveUp(reason: string): void }>()
  readonly #timers = new Map<number, NodeJS.Timeout>()
  #lastStarted: string | undefined
  #state: KernelState = { language: 'typescript', status: 'none' }
  /** What it takes, for people. */
  #detail: string | undefined
  #ready = false
  #seq = 0
  #asks = 0
  #gone = false

  /** `runSeconds`: how long one run may take; 0 is no limit. */
  constructor(transport: Transport, report: (reports: Report[]) => void, { runSeconds = 0 } = {}) {
    this.#transport = transport
    this.#report = report
    this.#clock = new RunClock(runSeconds, (runId) => this.cancel([runId]))
    // What a warm process said before is heard only after the caller holds the kernel.
    setImmediate(() => this.#listen())
  }

  run(requests: readonly RunRequest[]): void {
    this.#transport.send({ kind: 'run', requests: requests.map((request) => this.#toInside(request)) })
  }

  cancel(runIds: readonly string[]): void {
    const runs = runIds.flatMap((runId) => ({ runId, seq: this.#open.get(runId)?.seq ?? 0 }))
    const ask = this.#nextAsk()
    this.#transport.send({ kind: 'cancel', ask, runs })
    const started = runIds.filter((runId) => this.#open.get(runId)?.started)
    for (const runId of started) this.#ending.add(runId)
    if (started.length > 0) this.#expectEnd(ask, started)
  }

  interrupt(): void {
    const ask = this.#nextAsk()
    this.#transport.send({ kind: 'interrupt', ask })
    this.#expectObedience(ask)
  }

  setInput({ cellId, inputId, value }: { cellId: string; inputId: string; value: unknown }): void {
    this.#transport.send({ kind: 'set-input', cellId, inputId, value })
  }

  forget(names: readonly string[]): void {
    this.#transport.send({ kind: 'forget', names })
  }

  variables(names: readonly string[]): Promise<Variable[]> {
    return this.#ask(
      (ask) => ({ kind: 'variables', ask, names }),
      (answer) => (answer.kind === 'variables' ? answer.variables : []),
    )
  }

  rows(handle: string, query: RowsQuery): Promise<RowsPage | undefined> {
    return this.#ask(
      (ask) => ({ kind: 'rows', ask, handle, query }),
      (answer) => (answer.kind === 'rows' ? answer.page : undefined),
    )
  }

  #ask<T>(messageOf: (ask: number) => ToInside, read: (answer: Answer) => T): Promise<T> {
    if (this.#gone) return Promise.reject(new Error('The kernel is gone'))
    const ask = this.#nextAsk()
    this.#transport.send(messageOf(ask))
    return new Promise<T>((resolve, reject) => {
      this.#asked.set(ask, { answered: (answer) => resolve(read(answer)), giveUp: (reason) => reject(new Error(reason)) })
      this.#timers.set(
        ask,
        setTimeout(() => reject(new Error('The kernel is busy')), ANSWER_MS),
      )
    }).finally(() => {
      this.#asked.delete(ask)
      this.#obeyed(ask)
    })
  }

  dispose(): Promise<void> {
    this.#close()
    return this.#transport.kill('The kernel was put away.')
  }

  #toInside({ runId, cellId, language, source, ...plan }: RunRequest): InsideRequest {
    this.#seq += 1
    const seq = this.#seq
    const code = compile(language, source)
    this.#open.set(runId, { seq, cellId, needs: plan.needs, started: false, strayLength: 0 })
    const url = code.ok ? this.#frames.urlOf({ cellId, defines: plan.defines }, code) : ''
    const compiled = code.ok ? { body: code.body, uses: code.uses } : { body: '', uses: [], refused: code.error }
    return { runId, cellId, seq, url, ...plan, ...compiled }
  }

  #nextAsk(): number {
    this.#asks += 1
    return this.#asks
  }

  /** Patience begins once there is somebody to obey. */
  #expectObedience(ask: number): void {
    const check = () => (this.#ready ? this.#end(UNRULY, true) : this.#expectObedience(ask))
    this.#timers.set(ask, setTimeout(check, PATIENCE_MS))
  }

  /** Kills when what was cancelled does not end, unless the thread may be busy with something that was not. */
  #expectEnd(ask: number, cancelled: readonly string[]): void {
    const check = () => {
      const unruly = cancelled.some((runId) => this.#open.has(runId))
      const others = [...this.#open].some(([runId, run]) => run.started && !this.#ending.has(runId))
      if (unruly && others) this.#timers.set(ask, setTimeout(check, PATIENCE_MS))
      else if (unruly) this.#end(UNRULY, true)
      else this.#timers.delete(ask)
    }
    this.#timers.set(ask, setTimeout(check, PATIENCE_MS))
  }

  #listen(): void {
    if (this.#gone) return
    this.#transport.listen({
      frame: (content) => this.#heard(content),
      stray: (text) => this.#stray(text),
      exit: (reason) => this.#exited(reason, false),
    })
    if (!this.#gone && !this.#ready) this.#tell([])
  }

  /** What does not have the shape agreed on ends the kernel: the process throws it out. */
  #heard(content: unknown): void {
    if (this.#gone) return
    const told = FromInside.parse(content).flatMap((each) => {
      switch (each.kind) {
        case 'ready':
          this.#ready = true
          return []
        case 'variables':
        case 'rows':
          this.#asked.get(each.ask)?.answered(each)
          return []
        case 'obeyed':
          this.#obeyed(each.ask)
          return []
        case 'memory':
          this.#detail = `${each.mb} MB`
          return []
        default:
          return this.#aboutRun(each)
      }
    })
    this.#tell(told)
  }

  #obeyed(ask: number): void {
    clearTimeout(this.#timers.get(ask))
    this.#timers.delete(ask)
  }

  #aboutRun(report: RunReport): Report[] {
    const run = this.#open.get(report.runId)
    if (!run) return []
    if (report.kind === 'started') {
      run.started = true
      this.#running += 1
      this.#lastStarted = report.runId
      this.#clock.started(report.runId)
    }
    const told = toReport(report, run.cellId, this.#frames)
    if (told.kind !== 'finished') return [told]
    this.#open.delete(told.runId)
    this.#ending.delete(told.runId)
    if (run.started) this.#running -= 1
    return [{ ...told, outcome: this.#clock.ended(told.runId, told.outcome) }]
  }

  #stray(text: string): void {
    const runId = this.#lastStarted ?? ''
    const run = this.#open.get(runId)
    const kept = run ? text.slice(0, STRAY_LIMIT - run.strayLength) : ''
    if (!run || kept === '' || this.#gone) return
    run.strayLength += kept.length
    this.#tell([{ kind: 'output', runId, output: { id: `${runId}:stray`, kind: 'stream', name: 'stdout', text: kept } }])
  }

  /** Hands reports on, with the kernel's own state when that is another than before. */
  #tell(reports: Report[]): void {
    const status = !this.#ready ? 'starting' : this.#running > 0 ? 'busy' : 'ready'
    const changed = status !== this.#state.status || this.#detail !== this.#state.detail
    if (changed) this.#state = { language: 'typescript', status, ...(this.#detail !== undefined && { detail: this.#detail }) }
    const state: Report[] = changed ? [{ kind: 'kernel', state: this.#state }] : []
    if (reports.length > 0 || changed) this.#report([...reports, ...state])
  }

  #end(reason: string, asked: boolean): void {
    if (this.#gone) return
    const timeout = this.#clock.unruly(this.#open)
    if (timeout) this.#tell(timeout.reports)
    this.#exited(timeout?.reason ?? reason, asked)
    // The exit has been reported; how the process goes is of no further interest.
    void this.#transport.kill(reason)
  }

  #exited(reason: string, asked: boolean): void {
    if (this.#gone) return
    this.#close()
    this.#report([{ kind: 'exited', language: 'typescript', reason, asked }])
  }

  #close(): void {
    this.#gone = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#clock.close()
    for (const { giveUp } of this.#asked.values()) giveUp('The kernel is gone')
  }
}
