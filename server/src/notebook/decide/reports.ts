import { namesOf } from '../engine.ts'
import { type CellError, type CellResult, type KernelState, LIMITS, type Output } from '../model.ts'
import { lengthOf } from '../outputSize.ts'
import type { Outcome, Report } from '../reports.ts'
import type { DecisionDraft } from './draft.ts'
import { blameFor } from './plan.ts'

/** What a kernel said. Anything about a run that is not the cell's current one comes too late and is dropped (S10). */
export function applyReport(draft: DecisionDraft, report: Report): void {
  switch (report.kind) {
    case 'kernel':
      return setKernel(draft, report.state)
    case 'lost':
      for (const id of report.cellIds) if (draft.internal(id).live) draft.setInternal(id, { live: false })
      return
    case 'exited':
      return kernelExited(draft, report)
    case 'started':
    case 'output':
    case 'progress':
    case 'tail':
    case 'finished': {
      const cellId = draft.engine.runs.get(report.runId)
      if (cellId !== undefined) applyRunReport(draft, cellId, report)
    }
  }
}

type RunReport = Extract<Report, { runId: string }>

function applyRunReport(draft: DecisionDraft, cellId: string, report: RunReport): void {
  const runId = draft.cell(cellId)?.runId ?? report.runId
  switch (report.kind) {
    case 'started':
      return draft.emit({ type: 'run.started', cellId, runId, at: draft.stamp.at })
    case 'output':
      return append(draft, cellId, { ...report, runId })
    case 'progress': {
      const { done, total, label } = report
      return draft.set(cellId, { progress: { done, total, ...(label && { label }) } })
    }
    case 'tail':
      return draft.set(cellId, { tail: report.text })
    case 'finished':
      return finish(draft, cellId, runId, report.outcome)
  }
}

/** What a notebook has no room for is not kept, nor is anything that this run puts out after it; the run says so once (C10). */
function append(draft: DecisionDraft, cellId: string, { runId, output }: { runId: string; output: Output }): void {
  const last = draft.cell(cellId)?.outputs.at(-1)
  const full = `${runId}:full`
  if (last?.id === full) return
  const fits = hasRoom(draft, cellId, lengthOf(output))
  draft.emit({ type: 'output.appended', cellId, runId, output: fits ? output : { ...NO_ROOM, id: full } })
}

/** What only stands from a run before makes room: this cell's first, then that of others. */
function hasRoom(draft: DecisionDraft, cellId: string, length: number): boolean {
  const fits = () => draft.engine.outputsLength + length <= LIMITS.outputsLength
  if (fits()) return true
  for (const id of [cellId, ...draft.order]) {
    if (!draft.cell(id)?.earlier) continue
    draft.set(id, { earlier: null })
    if (fits()) return true
  }
  return false
}

const NO_ROOM = {
  kind: 'stream' as const,
  name: 'stderr' as const,
  text: `What this run puts out from here on is not kept: the cells of this notebook show ${LIMITS.outputsLength / 2 ** 20} MB together, which is the most. Let cells show less and run them again, or delete some.\n`,
}

function finish(draft: DecisionDraft, cellId: string, runId: string, outcome: Outcome): void {
  const ok = outcome.kind === 'ok' || outcome.kind === 'cached'
  const { defines } = namesOf(draft.internal(cellId))
  draft.setInternal(cellId, { kernelRun: undefined, live: ok, handed: ok ? defines : [] })
  const result = resultOf(draft, cellId, outcome)
  draft.finishRun(cellId, runId, result)
  if (outcome.kind === 'skipped') afterSkipped(draft, cellId, result)
  if (!ok) blameAnew(draft, cellId)
}

/** Cells blocked already may have a first cause now that they did not have before: whom they point at is a function of the code (P1). */
function blameAnew(draft: DecisionDraft, failed: string): void {
  const failing = new Set([failed])
  for (const id of failing) {
    for (const name of namesOf(draft.internal(id)).defines) {
      for (const user of draft.users(name)) if (isBlockedByRun(draft, user) && pointAnew(draft, user)) failing.add(user)
    }
  }
}

function isBlockedByRun(draft: DecisionDraft, id: string): boolean {
  const cell = draft.cell(id)
  return cell?.status === 'idle' && cell.result.kind === 'blocked' && draft.verdict(id).kind === 'clear'
}

function pointAnew(draft: DecisionDraft, id: string): boolean {
  const before = draft.events.length
  draft.setChanged(id, { result: blame(draft, id) })
  return draft.events.length > before
}

function resultOf(draft: DecisionDraft, cellId: string, outcome: Outcome): CellResult {
  const finishedAt = draft.stamp.at
  switch (outcome.kind) {
    case 'cached':
      return cached(draft, cellId)
    case 'ok':
    case 'stopped':
    case 'interrupted':
      return { kind: outcome.kind, durationMs: outcome.durationMs, finishedAt }
    case 'error':
      return { kind: 'error', error: outcome.error, durationMs: outcome.durationMs, finishedAt }
    case 'skipped':
      return blame(draft, cellId)
  }
}

/** The last good result stands, and says that it was not made anew. */
function cached(draft: DecisionDraft, cellId: string): CellResult {
  const result = draft.cell(cellId)?.result
  return result?.kind === 'ok'
    ? { ...result, cached: true }
    : { kind: 'ok', durationMs: 0, finishedAt: draft.stamp.at, cached: true }
}

/** The first cause among what the cell reads (G4); a run cancelled for another reason was interrupted. */
function blame(draft: DecisionDraft, cellId: string): CellResult {
  for (const { to } of draft.upstream(cellId)) {
    const upstream = draft.cell(to)
    const blocked = upstream && blameFor(upstream)
    if (blocked) return blocked
  }
  return draft.interrupted(cellId)
}

function afterSkipped(draft: DecisionDraft, cellId: string, result: CellResult): void {
  if (result.kind === 'blocked') draft.set(cellId, { outputs: [] })
  else draft.markStale(cellId, true)
}

/** Ends everything queued or running; nothing is in that kernel's memory any more (S14). */
function kernelExited(draft: DecisionDraft, report: Report & { kind: 'exited' }): void {
  const error: CellError = { kind: 'kernel-died', message: report.reason }
  const died = (cellId: string): CellResult => ({
    kind: 'error',
    error,
    durationMs: draft.elapsed(cellId),
    finishedAt: draft.stamp.at,
  })
  const asked = (cellId: string): CellResult => draft.interrupted(cellId, report.reason)
  endEverything(draft, report.asked ? asked : died)
  forgetValues(draft)
  // The engines of SQL end with it.
  if (draft.engine.notebook.header.kernels.some(({ language }) => language === 'sql'))
    setKernel(draft, { language: 'sql', status: 'none' })
  setKernel(draft, { language: report.language, status: report.asked ? 'none' : 'died', detail: report.reason })
}

/** Ends all runs, without a word to the kernel; one that never started keeps its old output and is out of date. */
export function endEverything(draft: DecisionDraft, resultFor: (cellId: string) => CellResult): void {
  const active = [...draft.engine.runs.values()]
  const told = draft.effects.length
  for (const cellId of active) {
    const queued = draft.cell(cellId)?.status === 'queued'
    draft.endRun(cellId, resultFor(cellId))
    if (queued) draft.markStale(cellId, true)
  }
  draft.effects.length = told
}

export function forgetValues(draft: DecisionDraft): void {
  for (const [cellId, internal] of draft.engine.internals) if (internal.live) draft.setInternal(cellId, { live: false })
}

export function setKernel(draft: DecisionDraft, state: KernelState): void {
  const { kernels } = draft.engine.notebook.header
  const known = kernels.find((kernel) => kernel.language === state.language)
  if (known?.status === state.status && known.detail === state.detail && known.sandbox === state.sandbox) return
  const others = kernels.filter((kernel) => kernel !== known)
  draft.emit({ type: 'notebook.set', patch: { kernels: [...others, state] } })
}
