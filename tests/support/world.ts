import type { AnalysedSource, Analysis, Command, Edit } from '@rivulet/server/notebook/commands'
import { decide, decideReports } from '@rivulet/server/notebook/decide'
import type { Stamp } from '@rivulet/server/notebook/decide/draft'
import type { Effect, RunRequest } from '@rivulet/server/notebook/effects'
import { type Engine, type Event, evolveEngine, openEngine, readable } from '@rivulet/server/notebook/engine'
import type { Change } from '@rivulet/server/notebook/events'
import type { NotebookState } from '@rivulet/server/notebook/evolve'
import type { Cell, NotebookFile, NotebookMode } from '@rivulet/server/notebook/model'
import type { Outcome, Report } from '@rivulet/server/notebook/reports'
import { fileName } from '@rivulet/server/notebook/tables'

const WORDS: ReadonlySet<string> = new Set(['throw', 'stop', 'same'])

/** Tables of the embedded engine have names, too. */
const NAME = /^(?:table:embedded:)?[a-z]\w*$/

/**
 * A tiny cell language for proving the engine without running JavaScript:
 * `x y = a b` defines x and y and uses a and b; `throw`, `stop` as a use end the cell so; `same`: the
 * values do not depend on what it reads; `?` does not parse; `x :=` assigns to x.
 */
export function toyAnalyse(source: string): Analysis {
  const names = (text = '') => text.split(/\s+/).filter((word) => NAME.test(word) && !WORDS.has(word))
  const [left = '', right] = source.split('=', 2)
  const base = { defines: [], uses: [], assigns: [], empty: source.trim() === '' }
  if (source.includes('?'))
    return { ...base, syntaxError: { message: 'does not parse', line: 1, column: source.indexOf('?') + 1 } }
  const assigned = /^(\w+) :=/.exec(source)?.[1]
  if (assigned) return { ...base, uses: [assigned], assigns: [{ name: assigned, line: 1, column: 1 }] }
  const defines = right === undefined ? [] : names(left)
  const uses = names(right ?? left).filter((name) => !defines.includes(name))
  return { ...base, defines: [...new Set(defines)], uses: [...new Set(uses)] }
}

export const toy = (source: string): AnalysedSource => ({ source, analysis: toyAnalyse(source) })

/** A run that has begun: what it will come to is known, and shows when it ends. */
interface Begun {
  request: RunRequest
  outcome: Outcome
  text: string
  /** What it hands on. */
  values: [string, string][]
}

/** Executes requests as a kernel does, one a step, on symbolic values: a value is the text that made it, and what it read. */
class ToyKernel {
  readonly memory = new Map<string, string>()
  /** What each cell's last good run was: its code and what it read. */
  private readonly last = new Map<string, string>()
  readonly executed: string[] = []
  private queue: RunRequest[] = []
  private begun: Begun | undefined
  private readonly ended = new Map<string, Outcome['kind']>()

  perform(effect: Effect): void {
    switch (effect.kind) {
      case 'kernel.run':
        this.queue.push(...effect.requests)
        return
      case 'kernel.cancel':
        this.queue = this.queue.filter((request) => !effect.runIds.includes(request.runId))
        if (this.begun && effect.runIds.includes(this.begun.request.runId)) this.begun = undefined
        return
      case 'kernel.forget':
        for (const name of effect.names) this.memory.delete(name)
        return
      case 'kernel.interrupt':
        this.queue = []
        if (this.begun) this.begun = { ...this.begun, outcome: { kind: 'interrupted', durationMs: 1 }, values: [] }
        return
      case 'kernel.restart':
        this.reset()
        return
      case 'kernel.set-input':
        return
    }
  }

  get busy(): boolean {
    return this.queue.length > 0 || this.begun !== undefined
  }

  private reset(): void {
    this.queue = []
    this.begun = undefined
    this.memory.clear()
    this.last.clear()
  }

  die(): Report[] {
    this.reset()
    return [{ kind: 'exited', language: 'typescript', reason: 'died', asked: false }]
  }

  step(): Report[] {
    const reports = this.begin()
    return this.begun ? [...reports, ...this.end(this.begun)] : reports
  }

  /** The next run starts, and does not end yet; one that does not start ends. */
  begin(): Report[] {
    const request = this.begun ? undefined : this.queue.shift()
    if (!request) return []
    const { runId, source, cellId } = request
    const read = request.binds.map((name) => this.memory.get(name) ?? `no ${name}`).join(' ')
    const text = `${source} ⟨${[read, ...request.files.map(({ id }) => id)].filter(Boolean).join(' ')}⟩`
    const same = request.optional && this.last.get(cellId) === text && request.defines.every((name) => this.memory.has(name))
    const outcome: Outcome = same && this.allOk(request) ? { kind: 'cached' } : this.execute(request)
    if (outcome.kind === 'skipped' || outcome.kind === 'cached') {
      this.ended.set(runId, outcome.kind)
      return [{ kind: 'finished', runId, outcome }]
    }
    this.executed.push(cellId)
    this.last.delete(cellId)
    const value = (name: string) => (/\bsame\b/.test(source) ? `${name}:same` : `${name}:${text}`)
    this.begun = { request, outcome, text, values: request.defines.map((name) => [name, value(name)]) }
    return [{ kind: 'started', runId }]
  }

  private end({ request: { runId, cellId }, outcome, text, values }: Begun): Report[] {
    this.begun = undefined
    this.ended.set(runId, outcome.kind)
    if (outcome.kind !== 'ok') return [{ kind: 'finished', runId, outcome }]
    this.last.set(cellId, text)
    for (const [name, value] of values) this.memory.set(name, value)
    const output: Report = { kind: 'output', runId, output: { id: `o-${runId}`, kind: 'value', data: { 'text/plain': text } } }
    return [output, { kind: 'finished', runId, outcome }]
  }

  private allOk({ needs }: Pick<RunRequest, 'needs'>): boolean {
    return needs.every((need) => ['ok', 'cached'].includes(this.ended.get(need) ?? ''))
  }

  private execute({ needs, source, cellId, defines, binds, files }: RunRequest): Outcome {
    for (const name of defines) this.memory.delete(name)
    if (!this.allOk({ needs })) return { kind: 'skipped' }
    const tables = files.map(({ table }) => fileName(table))
    const missing = toyAnalyse(source).uses.find((name) => !binds.includes(name) && !tables.includes(name))
    if (missing) return { kind: 'error', durationMs: 1, error: { kind: 'missing', name: missing } }
    const absent = binds.find((name) => !this.memory.has(name))
    if (absent) throw new Error(`${cellId} reads ${absent}, which is not in memory`)
    if (/\bthrow\b/.test(source))
      return { kind: 'error', durationMs: 1, error: { kind: 'thrown', name: 'Error', message: '', frames: [] } }
    if (/\bstop\b/.test(source)) return { kind: 'stopped', durationMs: 1 }
    return { kind: 'ok', durationMs: 1 }
  }
}

/** One notebook with a toy kernel, driven by commands; keeps every message a client would get. */
export class World {
  engine: Engine
  readonly kernel = new ToyKernel()
  readonly messages: { rev: number; changes: Change[] }[] = []
  readonly first: NotebookState
  private ids = 0
  private now = Date.parse('2026-01-01T00:00:00.000Z')

  constructor(mode: 'auto' | 'lazy' = 'auto') {
    this.first = emptyState(mode)
    this.engine = openEngine(this.first, () => toyAnalyse(''), new Map())
  }

  /** Cells by name (`c1`, `c2` …), as sources; nothing has run. */
  static of(
    sources: readonly string[],
    { mode, files = [] }: { mode?: 'auto' | 'lazy'; files?: readonly NotebookFile[] } = {},
  ): World {
    const world = new World(mode)
    for (const file of files) world.do({ kind: 'add-file', file, replace: false })
    world.edit(...sources.map((source): Edit => ({ kind: 'insert', language: 'typescript', content: toy(source), after: 'end' })))
    return world
  }

  /** `mode`: as if the notebook were in that one. */
  do(command: Command, mode?: NotebookMode) {
    const decision = decide(this.engine, command, this.stamp(), mode)
    if (decision.ok) this.commit(decision.events, decision.effects)
    return decision
  }

  edit(...edits: Edit[]) {
    return this.do({ kind: 'apply', edits, run: false })
  }

  /** Replaces the source of the n-th cell (from 1). */
  type(position: number, source: string) {
    return this.edit({ kind: 'edit', cellId: this.id(position), content: toy(source) })
  }

  run(...positions: number[]) {
    return this.do({ kind: 'run', cellIds: positions.map((position) => this.id(position)) })
  }

  /** One kernel step. */
  step(): boolean {
    return this.report(this.kernel.step())
  }

  /** Half a kernel step: the next run is under way. */
  begin(): boolean {
    return this.report(this.kernel.begin())
  }

  report(reports: Report[]): boolean {
    if (reports.length === 0) return false
    const { events, effects } = decideReports(this.engine, reports, this.stamp())
    this.commit(events, effects)
    return true
  }

  /** Lets the kernel finish everything; returns the positions executed, in order. */
  settle(): number[] {
    const from = this.kernel.executed.length
    while (this.step());
    const { order } = this.engine.notebook
    return this.kernel.executed.slice(from).map((id) => order.indexOf(id) + 1)
  }

  id(position: number): string {
    const id = this.engine.notebook.order[position - 1]
    if (!id) throw new Error(`there is no cell ${position}`)
    return id
  }

  cell(position: number): Cell {
    const cell = this.engine.notebook.cells.get(this.id(position))
    if (!cell) throw new Error(`there is no cell ${position}`)
    return cell
  }

  /** What counts for P1: how each cell stands, with positions for ids, and what is readable. */
  standing(): unknown {
    const position = (id: string) => this.engine.notebook.order.indexOf(id) + 1
    const values = new Map<string, string>()
    for (const internal of this.engine.internals.values()) {
      for (const name of readable(internal)) values.set(name, this.kernel.memory.get(name) ?? 'GHOST')
    }
    return {
      cells: this.engine.notebook.order.map((id) => {
        const { source, result, stale, status, outputs } = this.engine.notebook.cells.get(id) as Cell
        const {
          finishedAt: _,
          durationMs: __,
          cached: ___,
          ...rest
        } = { finishedAt: '', durationMs: 0, cached: false, ...result }
        const text = outputs.map((output) => (output.kind === 'stream' ? output.text : output.data['text/plain']))
        return JSON.parse(JSON.stringify({ source, stale, status, text, ...rest }), (_, value) =>
          typeof value === 'string' && value.startsWith('id-') ? position(value) : value,
        )
      }),
      readable: Object.fromEntries([...values].sort()),
    }
  }

  passes(ms: number): void {
    this.now += ms
  }

  stamp(): Stamp {
    return { at: new Date(this.now).toISOString(), since: (at) => this.now - Date.parse(at), id: () => `id-${++this.ids}` }
  }

  private commit(events: Event[], effects: Effect[]): void {
    const changes = events.filter((event) => event.type !== 'internal.set')
    const rev = this.engine.notebook.rev + (changes.length > 0 ? 1 : 0)
    this.engine = evolveEngine(this.engine, events, rev)
    if (changes.length > 0) this.messages.push({ rev, changes })
    for (const effect of effects) this.kernel.perform(effect)
  }
}

function emptyState(mode: 'auto' | 'lazy'): NotebookState {
  const header = {
    id: 'n',
    title: 'Test',
    kind: 'user',
    role: 'owner',
    epoch: 'e',
    rev: 0,
    mode,
    cutoff: false,
    network: [] as string[],
  } as const
  return { ...header, kernels: [], files: [], order: [], cells: new Map() }
}
