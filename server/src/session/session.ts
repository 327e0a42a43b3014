import { type Analysis, asksToRun, type Command } from '../notebook/commands.ts'
import type { Stamp } from '../notebook/decide/draft.ts'
import { type Answer, type Decided, type Decision, decide, decideReports } from '../notebook/decide.ts'
import { type Engine, type Event, openEngine, readable } from '../notebook/engine.ts'
import type { Change } from '../notebook/events.ts'
import { type NotebookState, toWire } from '../notebook/evolve.ts'
import type { Restored } from '../notebook/history/steps.ts'
import type { Actor, Notebook, Presence } from '../notebook/model.ts'
import type { Problem } from '../notebook/problems.ts'
import type { Report } from '../notebook/reports.ts'
import { Audience } from './audience.ts'
import { EditLog } from './editLog.ts'
import { type Entry, entryOf, Journal } from './journal.ts'
import { KernelHost, type KernelHostOptions } from './kernelHost.ts'
import type { OutputTurns } from './outputTurns.ts'
import { People, type Whereabouts } from './people.ts'
import { Readers } from './readers.ts'
import { describeEdits } from './rebase.ts'
import { ReportBuffer } from './reportBuffer.ts'
import type { Saving, SessionStore } from './sessionStore.ts'
import { Signal } from './signal.ts'

export interface SessionOptions {
  /** Whose notebook it is now. */
  owner: () => string
  notebook: NotebookState
  analysisOf: (cellId: string) => Analysis
  handed: ReadonlyMap<string, readonly string[]>
  store: SessionStore
  kernel: Omit<KernelHostOptions, 'report' | 'grants' | 'isBusy'>
  /** Of all notebooks that are open together. */
  turns: OutputTurns
  /** Makes room for one more kernel, or says why there is none. */
  kernelProblem: () => Problem | undefined
  /** Time and fresh ids of one decision. */
  stamp: () => Stamp
  onSaved: () => void
  onError: (error: unknown, what: string) => void
}

/** Who asks, and under which operation the answer is remembered. */
export interface Request<R> {
  by: Actor
  operation?: { opId: string; procedure: string }
  /** For the history: the point that is gone back to. */
  restored?: Restored
  answer: (answer: Answer, rev: number) => R
}

export type Dispatched<R> = { ok: true; value: R } | { ok: false; problem: Problem }

const SYSTEM: Actor = { userId: 'system', name: 'Rivulet', via: 'system' }
const NO_STORAGE = { ok: false, problem: { kind: 'unavailable', reason: 'storage' } } as const
/** A disk that is full may have room again at any time. */
const REOPEN_AGAIN_MS = 1_000

/** One open notebook: decide, save, publish, perform. Everything it does is one of these four, in this order. */
export class Session {
  readonly changed = new Signal()
  readonly kernel: KernelHost
  readonly people = new People(() => this.tell())
  readonly audience = new Audience(this)
  readonly readers = new Readers()
  readonly edits: EditLog
  private engine: Engine
  private readonly journal = new Journal()
  private readonly options: SessionOptions
  private readonly reports: ReportBuffer
  private isReopened = false
  private reopening: NodeJS.Timeout | undefined

  constructor(options: SessionOptions) {
    this.options = options
    this.reports = new ReportBuffer({
      underWay: () => this.engine.runs.size,
      decide: (reports) => this.decideReports(reports),
      pace: (ms) => this.kernel.pace(ms),
      turns: options.turns,
    })
    this.edits = new EditLog(() => options.store.keptChanges())
    this.kernel = new KernelHost({
      ...options.kernel,
      isBusy: () => !this.atRest,
      report: (reports) => this.reports.add(reports),
      grants: () => ({ network: this.state.network, owner: options.owner }),
    })
    this.engine = openEngine(options.notebook, options.analysisOf, options.handed)
    this.reopen()
  }

  get id(): string {
    return this.engine.notebook.id
  }

  get epoch(): string {
    return this.engine.notebook.epoch
  }

  get rev(): number {
    return this.engine.notebook.rev
  }

  get state(): NotebookState {
    return this.engine.notebook
  }

  /** Of all cells together, UTF-8. */
  get sourceBytes(): number {
    return this.engine.sourceBytes
  }

  /** Nothing is queued or running. */
  get atRest(): boolean {
    return this.engine.runs.size === 0
  }

  /** Cells that run, or wait to. */
  get runsUnderWay(): number {
    return this.engine.runs.size
  }

  /** Resolves once nothing is queued or running, or when `signal` aborts. */
  async rest(signal: AbortSignal): Promise<void> {
    while (!this.atRest && !signal.aborted) await this.changed.wait(signal)
  }

  snapshot(): Notebook {
    return toWire(this.engine.notebook)
  }

  /** Names now in the kernel's memory, with the cell that made each. */
  liveNames(): Map<string, string> {
    return new Map(
      [...this.engine.internals].flatMap(([cellId, internal]) => readable(internal).map((name) => [name, cellId] as const)),
    )
  }

  /** What the command would lead to; nothing is saved, published or performed. */
  foresee(command: Command): Dispatched<{ events: Event[]; answer: Answer }> {
    const decision = decide(this.engine, command, this.options.stamp())
    return decision.ok ? { ok: true, value: decision } : decision
  }

  dispatch<R>(command: Command, request: Request<R>): Dispatched<R> {
    // What a kernel has said before comes before: its end must not be taken for that of the next one.
    if (!this.reopen() || !this.reports.settle()) return NO_STORAGE
    const stamp = this.options.stamp()
    const decision = this.decided(command, stamp)
    if (!decision.ok) return decision
    const rev = this.nextRev(decision.events)
    const value = request.answer(decision.answer, rev)
    const operation = request.operation && { ...request.operation, result: value }
    const saved = this.commit(decision, { at: stamp.at, by: request.by, operation, restored: request.restored })
    if (!saved) return NO_STORAGE
    return { ok: true, value }
  }

  /** Shows the others where somebody is, as far as that place can still be found. False when they are not here. */
  place(who: Pick<Presence, 'clientId' | 'userId'>, { cellId, selection }: Whereabouts): boolean {
    const cell = this.state.cells.get(cellId ?? '')
    // A cell that has just been deleted is nowhere.
    if (!cell) return this.people.place(who, {})
    const since = selection && this.edits.between(cell.id, selection.version, cell.version)
    return this.people.place(who, { cellId: cell.id, selection: since && selection }, since)
  }

  entriesSince(rev: number, limit: number): Entry[] | undefined {
    if (rev === this.rev) return []
    // Who keeps up is told each change, however long: what is in memory costs nothing to read.
    return this.journal.since(rev) ?? this.options.store.entriesSince(rev, limit)
  }

  /** Its alias means another notebook now. */
  becomeOrdinary(): void {
    this.engine = { ...this.engine, notebook: { ...this.engine.notebook, kind: 'user' } }
  }

  /** Ends the kernel. What it said is saved first; what was under way is interrupted, for this reason. */
  async close(reason: string): Promise<void> {
    this.people.close()
    const ended = this.kernel.close()
    this.reports.close()
    if (!this.atRest) this.dispatch({ kind: 'reopen', reason }, { by: SYSTEM, answer: () => undefined })
    clearTimeout(this.reopening)
    await ended
  }

  /**
   * What the rows say is under way is not, and says so: before anything else is decided, or asking for a cell would join a run that
   * nobody executes. False when that cannot be saved; it is tried again, and people see what is stored until then.
   */
  private reopen(): boolean {
    if (this.isReopened) return true
    clearTimeout(this.reopening)
    const stamp = this.options.stamp()
    const decision = decide(this.engine, { kind: 'reopen', reason: 'the server was restarted' }, stamp)
    this.isReopened = decision.ok && this.commit(decision, { at: stamp.at, by: SYSTEM })
    if (!this.isReopened) this.reopening = setTimeout(() => this.reopen(), REOPEN_AGAIN_MS).unref()
    return this.isReopened
  }

  /** What would start a kernel when there is no room for one is refused if it asks for a run; else it is done, and nothing runs because of it. */
  private decided(command: Command, stamp: Stamp): Decision {
    const decision = decide(this.engine, command, stamp)
    const starts = decision.ok && !this.kernel.running && decision.effects.some(({ kind }) => kind === 'kernel.run')
    const full = starts && this.options.kernelProblem()
    if (!full) return decision
    return asksToRun(command) ? { ok: false, problem: full } : decide(this.engine, command, stamp, 'lazy')
  }

  /** False when the decision cannot be saved. Reports that cannot be decided are a bug: they are logged and let go, everybody goes on. */
  private decideReports(reports: readonly Report[]): boolean {
    if (!this.reopen()) return false
    const stamp = this.options.stamp()
    try {
      return this.commit(decideReports(this.engine, reports, stamp), { at: stamp.at, by: SYSTEM })
    } catch (error) {
      this.options.onError(error, 'deciding what a kernel reported')
      return true
    }
  }

  private nextRev(events: readonly Event[]): number {
    return events.some(isChange) ? this.rev + 1 : this.rev
  }

  /** False when it could not be saved: then nothing has happened. */
  private commit(
    decided: Decided,
    { at, by, operation, restored }: { at: string; by: Actor } & Partial<Pick<Saving, 'operation' | 'restored'>>,
  ): boolean {
    const { events, steps } = describeEdits(decided.events, (cellId) => this.state.cells.get(cellId)?.source)
    const rev = this.nextRev(events)
    const changes = events.filter(isChange)
    const entry = changes.length > 0 ? entryOf({ type: 'changes', rev, at, by, changes }) : undefined
    const after = events.length > 0 ? decided.after(rev) : this.engine
    if (!this.save({ before: this.state, after, events, entry, operation, restored, userId: by.userId })) return false
    this.engine = after
    this.edits.append(steps)
    this.people.follow(steps)
    if (entry) {
      this.journal.append(entry)
      this.tell()
      this.options.onSaved()
    }
    for (const effect of decided.effects) this.kernel.perform(effect)
    return true
  }

  private tell(): void {
    this.changed.notify()
    this.audience.notify()
  }

  private save(saving: Saving): boolean {
    if (!saving.entry && !saving.operation) return true
    try {
      this.options.store.save(saving)
      return true
    } catch (error) {
      this.options.onError(error, 'saving a decision')
      return false
    }
  }
}

function isChange(event: Event): event is Change {
  return event.type !== 'internal.set'
}
