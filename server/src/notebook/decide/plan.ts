import type { RunRequest } from '../effects.ts'
import { namesOf } from '../engine.ts'
import { sortTopologically } from '../graph/cycles.ts'
import type { Cell, CellResult, RunCause } from '../model.ts'
import { fileTable } from '../tables.ts'
import type { DecisionDraft } from './draft.ts'
import { runRequest } from './request.ts'

/** What a request to run leads to. */
export interface Planned {
  /** What will run, in order. */
  runs: { cellId: string; runId: string }[]
  /** The run each target got or joined, also when it ended at once. */
  targets: Record<string, string>
}

export interface RunOptions {
  cause: RunCause['kind']
  /** Asked for by name: a target that cannot run answers with a run that ends at once, one under way is joined. */
  explicit: boolean
  /** The cell behind the cause, where there is one. */
  because?: string
}

/** Runs the targets, their stale ancestors first, and in auto mode their descendants; nothing else (S1). */
export function planRun(draft: DecisionDraft, targets: readonly string[], options: RunOptions): Planned {
  const below = draft.below(targets)
  const wanted = new Set(targets)
  const joined = options.explicit && targets.length === 1 && targets.every((id) => isUnderWay(draft, id))
  for (const id of targets) if (joined || endsAtOnce(draft, id, options.explicit)) wanted.delete(id)
  const batch = new Set<string>()
  for (const id of joined ? [] : below) if (runnable(draft, id) && (wanted.has(id) || follows(draft, id))) batch.add(id)
  // What becomes stale because of this and stands before a queued cell runs before it, in lazy mode, too (S12).
  addAncestors(draft, batch, (id) => !joined && draft.mode === 'lazy' && below.has(id) && becomesStale(draft, id))
  const vanished = vanishedNames(draft, new Set([...targets, ...batch]))
  if (draft.mode === 'lazy')
    for (const id of below) if (!batch.has(id) && !joined && becomesStale(draft, id)) draft.markStale(id, true)
  const queued = queueAll(draft, orderBatch(draft, batch), { wanted, vanished, options })
  const runOf = (cellId: string) => draft.cell(cellId)?.runId ?? ''
  return {
    runs: (joined ? targets : queued).map((cellId) => ({ cellId, runId: runOf(cellId) })),
    targets: Object.fromEntries(targets.map((id) => [id, runOf(id)])),
  }
}

/** Readers of a name run with its definer in auto mode; one that is queued already must come after it in any mode (S12). */
function follows(draft: DecisionDraft, id: string): boolean {
  return draft.mode === 'auto' || draft.cell(id)?.status === 'queued'
}

/** Two people who press Run at once make one run (S8). */
function isUnderWay(draft: DecisionDraft, id: string): boolean {
  const cell = draft.cell(id)
  return cell?.status === 'running' && !cell.stale
}

/** Names that these cells handed on and define no longer, each with the cell: their readers run because of it (S7, S20). */
function vanishedNames(draft: DecisionDraft, ids: ReadonlySet<string>): Map<string, string> {
  const vanished = new Map<string, string>()
  for (const id of ids) {
    const internal = draft.internal(id)
    const { defines } = namesOf(internal)
    for (const name of internal.handed) if (!defines.includes(name)) vanished.set(name, id)
  }
  return vanished
}

function runnable(draft: DecisionDraft, id: string): boolean {
  const internal = draft.internal(id)
  return internal.verdict.kind === 'clear' && !internal.analysis.empty
}

/** In lazy mode, when what it reads is made anew. */
function becomesStale(draft: DecisionDraft, id: string): boolean {
  const cell = draft.cell(id)
  return cell !== undefined && runnable(draft, id) && cell.result.kind !== 'none'
}

/** Never run, out of date, cut short, or its values are gone with a kernel. */
export function needsRun(draft: DecisionDraft, cell: Cell): boolean {
  if (!runnable(draft, cell.id) || cell.status !== 'idle') return false
  const { live, analysis } = draft.internal(cell.id)
  switch (cell.result.kind) {
    case 'none':
    case 'interrupted':
      return true
    case 'ok':
      return cell.stale || (!live && analysis.defines.length > 0)
    case 'error':
      return cell.stale || cell.result.error.kind === 'kernel-died'
    case 'blocked':
    case 'stopped':
      return cell.stale
  }
}

/** Waits or runs, but as of before an edit: what it will hand on is out of date already. */
function isOvertaken(draft: DecisionDraft, cell: Cell): boolean {
  return cell.status !== 'idle' && cell.stale && runnable(draft, cell.id)
}

function addAncestors(draft: DecisionDraft, batch: Set<string>, becomesStale: (id: string) => boolean): void {
  // The set grows while it is walked: ancestors of ancestors follow.
  for (const id of batch) {
    for (const { to } of draft.upstream(id)) {
      const cell = draft.cell(to)
      if (cell && !batch.has(to) && (needsRun(draft, cell) || isOvertaken(draft, cell) || becomesStale(to))) batch.add(to)
    }
  }
}

function orderBatch(draft: DecisionDraft, batch: ReadonlySet<string>): string[] {
  if (batch.size < 2) return [...batch]
  const page = new Map(draft.order.map((id, index) => [id, index]))
  const inside = (id: string) => draft.upstream(id).filter((edge) => batch.has(edge.to))
  return sortTopologically(batch, inside, (a, b) => (page.get(a) ?? 0) - (page.get(b) ?? 0)).order
}

interface Asked {
  wanted: ReadonlySet<string>
  vanished: ReadonlyMap<string, string>
  options: RunOptions
}

function causeOf(draft: DecisionDraft, id: string, batch: ReadonlySet<string>, { wanted, vanished, options }: Asked): RunCause {
  if (wanted.has(id)) return { kind: options.cause, ...(options.because !== undefined && { cell: options.because }) }
  const source =
    draft.upstream(id).find((edge) => batch.has(edge.to))?.to ??
    namesOf(draft.internal(id)).uses.flatMap((name) => vanished.get(name) ?? [])[0]
  return source !== undefined ? { kind: 'upstream', cell: source } : { kind: 'needed' }
}

/** Queues what can run, blocks what cannot, and tells the kernel in one effect. Returns the queued, in order. */
function queueAll(draft: DecisionDraft, order: readonly string[], asked: Asked): string[] {
  const batch = new Set(order)
  const requests: RunRequest[] = []
  for (const id of order) {
    const blocked = blockedNow(draft, id)
    if (blocked) {
      batch.delete(id)
      block(draft, id, blocked)
    } else {
      requests.push(queue(draft, id, causeOf(draft, id, batch, asked)))
    }
  }
  if (requests.length > 0) draft.effects.push({ kind: 'kernel.run', requests })
  return requests.map((request) => request.cellId)
}

/** The first upstream cell that ended badly and will not run in this batch. */
export function blockedNow(draft: DecisionDraft, id: string): (CellResult & { kind: 'blocked' }) | undefined {
  if (draft.internal(id).analysis.tolerant) return undefined
  for (const { to } of draft.upstream(id)) {
    const cell = draft.cell(to)
    if (cell?.status !== 'idle') continue
    const blocked = blameFor(cell)
    if (blocked) return blocked
  }
  return undefined
}

/** What a reader of this cell is blocked by, once the cell has ended. */
export function blameFor(cell: Cell): (CellResult & { kind: 'blocked' }) | undefined {
  switch (cell.result.kind) {
    case 'error':
      return { kind: 'blocked', because: 'failed', culprit: cell.id }
    case 'stopped':
    case 'interrupted':
      return { kind: 'blocked', because: 'cancelled', culprit: cell.id }
    case 'blocked':
      return cell.result
    case 'ok':
    case 'none':
      return undefined
  }
}

export function block(draft: DecisionDraft, id: string, result: CellResult & { kind: 'blocked' }): void {
  draft.endRun(id, result)
  draft.setInternal(id, { live: false })
  draft.set(id, { result, outputs: [], stale: false })
}

function queue(draft: DecisionDraft, id: string, cause: RunCause): RunRequest {
  const internal = draft.internal(id)
  const cell = draft.cell(id)
  if (!cell) throw new Error(`queue: no cell ${id}`)
  // A queued run that is planned again keeps its identity for clients (S8), but is a new request to the kernel.
  const requeued = cell.status === 'queued' && internal.kernelRun !== undefined
  if (cell.status === 'running') draft.endRun(id, draft.interrupted(id))
  if (requeued && internal.kernelRun) draft.effects.push({ kind: 'kernel.cancel', runIds: [internal.kernelRun] })
  const kernelRun = draft.stamp.id()
  const { cutoff } = draft.engine.notebook.header
  // Whether a table is another one is not found out by comparing values.
  const isSure = !cell.stale || !internal.analysis.uses.some((name) => fileTable(name) !== undefined)
  const optional = cutoff && cause.kind === 'upstream' && cell.result.kind === 'ok' && isSure
  const runId = requeued && cell.runId ? cell.runId : kernelRun
  draft.setInternal(id, { kernelRun, live: false, handed: [] })
  // One run is published as queued once (S9).
  if (!requeued) draft.set(id, { status: 'queued', runId, stale: false, cause })
  else if (cell.stale) draft.set(id, { stale: false, cause })
  return { ...runRequest(draft, id, kernelRun), cutoff, optional }
}

/** A target that has nothing to execute: what it handed on goes, and when asked for by name it answers with one whole run (S9). */
function endsAtOnce(draft: DecisionDraft, id: string, explicit: boolean): boolean {
  const cell = draft.cell(id)
  if (!cell || runnable(draft, id)) return false
  const { handed, verdict } = draft.internal(id)
  if (handed.length > 0 && !cell.disabled) {
    draft.effects.push({ kind: 'kernel.forget', names: draft.ownNames(id) })
    draft.setInternal(id, { handed: [], live: false })
  }
  if (!explicit) {
    if (!cell.disabled && verdict.kind !== 'blocked' && (cell.stale || cell.outputs.length > 0))
      draft.set(id, { outputs: [], stale: false })
    return true
  }
  const runId = draft.stamp.id()
  draft.set(id, { status: 'queued', runId, cause: { kind: 'requested' } })
  if (!cell.disabled) draft.emit({ type: 'run.started', cellId: id, runId, at: draft.stamp.at })
  draft.finishRun(id, runId, verdict.kind === 'clear' ? { kind: 'none' } : cell.result)
  if (!cell.disabled && verdict.kind !== 'blocked') draft.markStale(id, false)
  return true
}
