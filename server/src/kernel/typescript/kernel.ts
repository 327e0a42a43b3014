import type { Compiled } from '../../language/compiled.ts'
import { compile } from '../../language/languages.ts'
import type { RunRequest } from '../../notebook/effects.ts'
import type { KernelState } from '../../notebook/model.ts'
import type { Report } from '../../notebook/reports.ts'
import { tableOf } from '../../notebook/tables.ts'
import type { Kernel, Variable } from '../kernel.ts'
import type { SavedFile, SaveQuery, TableSchema } from '../sql/engine.ts'
import { type Engines, type PathOfFile, SqlHost } from '../sql/sqlHost.ts'
import { Asks } from './asks.ts'
import { FrameMap } from './frameMap.ts'
import { Inquiries } from './inquiries.ts'
import type { InsideRequest, RowsPage, RowsQuery, ToInside } from './inside/protocol.ts'
import { FromInside, type RunReport, toReport } from './reports.ts'
import { RunClock } from './runClock.ts'
import { saveList } from './saveList.ts'
import type { Transport } from './transport.ts'

/** How long code may take to obey before the process is ended, in milliseconds. */
const PATIENCE_MS = 1_000
/** What code writes past its own console is kept up to this, in characters a run. */
const STRAY_LIMIT = 64 * 1024

const UNRULY = 'The code did not stop when asked, so its kernel was ended. Values are made again when they are needed.'

const NO_SQL: Compiled = { ok: false, error: { message: 'SQL cells are not available here', line: 1, column: 1 } }

interface OpenRun {
  seq: number
  cellId: string
  needs: readonly string[]
  started: boolean
  strayLength: number
}

export interface KernelOptions {
  /** How long one run may take; 0 is no limit. */
  runSeconds?: number
  /** Without them there are no SQL cells. The kernel ends them with itself. */
  engines?: Engines
  pathOfFile?: PathOfFile
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
  readonly #asks = new Asks()
  readonly #inquiries: Inquiries
  readonly #sql: SqlHost | undefined
  #lastStarted: string | undefined
  #state: KernelState = { language: 'typescript', status: 'none' }
  /** What it takes, for people. */
  #detail: string | undefined
  #ready = false
  #seq = 0
  #gone = false

  constructor(transport: Transport, report: (reports: Report[]) => void, options: KernelOptions = {}) {
    this.#transport = transport
    this.#report = report
    const send = (message: ToInside) => transport.send(message)
    this.#inquiries = new Inquiries(this.#asks, send, () => this.#ready)
    const { runSeconds = 0, engines, pathOfFile } = options
    const tell = (reports: Report[]) => this.#tellUnlessGone(reports)
    this.#sql = engines && new SqlHost({ engines, send, report: tell, ...(pathOfFile && { pathOfFile }) })
    this.#clock = new RunClock(runSeconds, (runId) => this.cancel([runId]))
    // What a warm process said before is heard only after the caller holds the kernel.
    setImmediate(() => this.#listen())
  }

  run(requests: readonly RunRequest[]): void {
    this.#transport.send({ kind: 'run', requests: requests.map((request) => this.#toInside(request)) })
  }

  cancel(runIds: readonly string[]): void {
    const runs = runIds.flatMap((runId) => ({ runId, seq: this.#open.get(runId)?.seq ?? 0 }))
    const ask = this.#asks.next()
    this.#transport.send({ kind: 'cancel', ask, runs })
    this.#sql?.cancel(runIds)
    const started = runIds.filter((runId) => this.#open.get(runId)?.started)
    for (const runId of started) this.#ending.add(runId)
    if (started.length > 0) this.#expectEnd(ask, started)
  }

  interrupt(): void {
    const ask = this.#asks.next()
    this.#transport.send({ kind: 'interrupt', ask })
    this.#sql?.cancelAll()
    this.#expectObedience(ask)
  }

  setInput({ cellId, inputId, value }: { cellId: string; inputId: string; value: unknown }): void {
    this.#transport.send({ kind: 'set-input', cellId, inputId, value })
  }

  pace(ms: number): void {
    this.#transport.send({ kind: 'pace', ms })
  }

  forget(names: readonly string[], cellId?: string): void {
    this.#transport.send({ kind: 'forget', names: valuesOf(names) })
    this.#sql?.forget(names, cellId)
  }

  variables(names: readonly string[]): Promise<Variable[]> {
    return this.#inquiries.variables(names)
  }

  rows(handle: string, query: RowsQuery): Promise<RowsPage | undefined> {
    return this.#sql?.page(handle, query) ?? this.#inquiries.rows(handle, query)
  }

  save(handle: string, query: SaveQuery, names: readonly string[]): Promise<SavedFile | undefined> {
    return this.#sql?.save(handle, query) ?? saveList((page) => this.#inquiries.rows(handle, page), query, names)
  }

  async schema(connectionId: string | undefined): Promise<TableSchema[]> {
    return this.#sql ? this.#sql.schema(connectionId) : []
  }

  async dispose(): Promise<void> {
    this.#close()
    await Promise.all([this.#transport.kill('The kernel was put away.'), this.#sql?.dispose()])
  }

  #toInside(request: RunRequest): InsideRequest {
    const { runId, cellId, language, source, resultName: _, connectionId: __, files: ___, ...plan } = request
    this.#seq += 1
    const seq = this.#seq
    const code = language === 'sql' && !this.#sql ? NO_SQL : compile(language, source, request)
    this.#open.set(runId, { seq, cellId, needs: plan.needs, started: false, strayLength: 0 })
    const url = code.ok ? this.#frames.urlOf({ cellId, defines: plan.defines }, code) : ''
    const compiled = code.ok ? { body: code.body, uses: code.uses } : { body: '', uses: [], refused: code.error }
    const query = language === 'sql' && code.ok ? this.#sql?.accept(request) : undefined
    const names = { defines: valuesOf(plan.defines), binds: valuesOf(plan.binds) }
    return { runId, cellId, seq, url, ...plan, ...names, ...compiled, ...(query && { query }) }
  }

  /** Patience begins once there is somebody to obey. */
  #expectObedience(ask: number): void {
    const check = () => (this.#ready ? this.#end(UNRULY, true) : this.#expectObedience(ask))
    this.#asks.otherwise(ask, PATIENCE_MS, check)
  }

  /** Kills when what was cancelled does not end, unless the thread may be busy with something that was not. */
  #expectEnd(ask: number, cancelled: readonly string[]): void {
    const check = () => {
      const unruly = cancelled.some((runId) => this.#open.has(runId))
      const others = [...this.#open].some(([runId, run]) => run.started && !this.#ending.has(runId))
      if (unruly && others) this.#asks.otherwise(ask, PATIENCE_MS, check)
      else if (unruly) this.#end(UNRULY, true)
      else this.#asks.answered(ask)
    }
    this.#asks.otherwise(ask, PATIENCE_MS, check)
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
          this.#inquiries.answered(each)
          return []
        case 'obeyed':
          this.#asks.answered(each.ask)
          return []
        case 'memory':
          this.#detail = `${each.mb} MB`
          return []
        case 'query':
        case 'table-rows':
        case 'read':
          this.#sql?.heard(each)
          return []
        default:
          return this.#aboutRun(each)
      }
    })
    this.#tell(told)
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
    const failure = this.#sql?.ended(told.runId)
    const outcome = failure && told.outcome.kind === 'error' ? { ...told.outcome, error: failure } : told.outcome
    return [{ ...told, outcome: this.#clock.ended(told.runId, outcome) }]
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

  #tellUnlessGone(reports: Report[]): void {
    if (!this.#gone) this.#tell(reports)
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
    this.#asks.close()
    this.#clock.close()
    this.#inquiries.close()
  }
}

/** Tables are no values: the sandbox does not know them. */
const valuesOf = (names: readonly string[]) => names.filter((name) => !tableOf(name))
