import type { Command } from './commands.ts'
import { DecisionDraft, type Stamp } from './decide/draft.ts'
import { applyEdits, type Edited } from './decide/edits.ts'
import { addFile, removeFile } from './decide/files.ts'
import { setInput } from './decide/inputs.ts'
import { needsRun, type Planned, planRun } from './decide/plan.ts'
import { applyReport, endEverything, forgetValues, setKernel } from './decide/reports.ts'
import { updateVerdicts } from './decide/verdicts.ts'
import type { Effect } from './effects.ts'
import type { Engine, Event } from './engine.ts'
import type { NotebookMode } from './model.ts'
import type { Problem } from './problems.ts'
import type { Report } from './reports.ts'

/** What the caller of a command is told. */
export interface Answer {
  /** Inserted cells, in the order of the edits. */
  inserted: string[]
  planned: Planned
}

/** What was decided. */
export interface Decided {
  events: Event[]
  effects: Effect[]
  /** The engine with these events folded in, as position `rev`: what `evolveEngine` makes of them, without folding again. */
  after(rev: number): Engine
}

export type Decision = ({ ok: true; answer: Answer } & Decided) | { ok: false; problem: Problem }

const NOTHING_PLANNED: Planned = { runs: [], targets: {} }

/**
 * Decides one command, without doing anything: same engine, command and stamp, same decision. `mode`: as if that were the
 * notebook's, where nothing may run that nobody has asked for.
 */
export function decide(engine: Engine, command: Command, stamp: Stamp, mode?: NotebookMode): Decision {
  const draft = new DecisionDraft(engine, stamp, mode)
  const outcome = handle(draft, engine, command)
  if ('problem' in outcome) return { ok: false, problem: outcome.problem }
  const answer = { inserted: outcome.inserted ?? [], planned: outcome.planned ?? NOTHING_PLANNED }
  return { ok: true, ...decided(draft), answer }
}

/** Decides what a kernel reported: one moment's reports are one decision. Never refused. */
export function decideReports(engine: Engine, reports: readonly Report[], stamp: Stamp): Decided {
  const draft = new DecisionDraft(engine, stamp)
  for (const report of reports) applyReport(draft, report)
  return decided(draft)
}

function decided(draft: DecisionDraft): Decided {
  return { events: draft.events, effects: draft.effects, after: (rev) => draft.engine.finish(rev) }
}

type Outcome = Partial<Answer> | { problem: Problem }

function handle(draft: DecisionDraft, engine: Engine, command: Command): Outcome {
  switch (command.kind) {
    case 'rename':
      if (command.title !== engine.notebook.title) draft.emit({ type: 'notebook.set', patch: { title: command.title } })
      return {}
    case 'set-notebook':
      return setNotebook(draft, command)
    case 'apply':
      return apply(draft, engine, command)
    case 'run':
      return run(draft, command.cellIds)
    case 'run-all':
      return { planned: planRun(draft, enabled(draft), { cause: 'requested', explicit: false }) }
    case 'run-stale':
      return { planned: planRun(draft, outOfDate(draft), { cause: 'requested', explicit: false }) }
    case 'set-input':
      return setInput(draft, command)
    case 'add-file':
      return addFile(draft, command)
    case 'remove-file':
      return removeFile(draft, command)
    case 'interrupt':
      return interrupt(draft)
    case 'restart-kernel':
      return restart(draft, 'the kernel was restarted')
    case 'reopen':
      return reopen(draft, command.reason)
  }
}

function setNotebook(draft: DecisionDraft, { mode, cutoff, network }: Command & { kind: 'set-notebook' }): Outcome {
  const granted = network && [...new Set(network)].sort()
  const others = granted && JSON.stringify(granted) !== JSON.stringify(draft.engine.notebook.header.network)
  const patch = { ...(mode && { mode }), ...(cutoff !== undefined && { cutoff }), ...(others && { network: granted }) }
  if (Object.keys(patch).length > 0) draft.emit({ type: 'notebook.set', patch })
  // What a kernel may reach is fixed when it starts.
  return others ? restart(draft, 'what the notebook may reach was changed') : {}
}

function apply(draft: DecisionDraft, engine: Engine, command: Command & { kind: 'apply' }): Outcome {
  const { baseRev, edits } = command
  if (baseRev !== undefined && (baseRev < engine.codeRev || baseRev > engine.notebook.rev))
    return { problem: { kind: 'rev-conflict', rev: engine.notebook.rev, epoch: engine.notebook.epoch } }
  const edited = applyEdits(draft, edits)
  if ('kind' in edited) return { problem: edited }
  return { inserted: edited.inserted, planned: runEdited(draft, edited, command.run) }
}

/** In auto mode what an edit woke runs by itself (S6, S7); with `run`, everything that changed, all in one run (S3). */
function runEdited(draft: DecisionDraft, edited: Edited, run: boolean | string[]): Planned {
  const follow = draft.mode === 'auto' ? edited.follow.filter(({ cellIds }) => cellIds.length > 0) : []
  const asked = Array.isArray(run) ? run.filter((id) => draft.cell(id)) : run ? edited.changed : []
  const targets = new Set([...asked, ...follow.flatMap(({ cellIds }) => cellIds), ...edited.waiting])
  if (targets.size === 0) return NOTHING_PLANNED
  const cause = asked.length > 0 ? 'requested' : (follow[0]?.cause ?? 'requested')
  return planRun(draft, [...targets], { cause, explicit: Array.isArray(run) })
}

function run(draft: DecisionDraft, cellIds: readonly string[]): Outcome {
  const unknown = cellIds.find((id) => !draft.cell(id))
  if (unknown !== undefined) return { problem: { kind: 'not-found', what: 'cell', id: unknown } }
  return { planned: planRun(draft, [...new Set(cellIds)], { cause: 'requested', explicit: true }) }
}

const enabled = (draft: DecisionDraft): string[] => draft.order.filter((id) => !draft.cell(id)?.disabled)

function outOfDate(draft: DecisionDraft): string[] {
  return draft.order.filter((id) => {
    const cell = draft.cell(id)
    if (!cell || cell.disabled || cell.status !== 'idle') return false
    // Values that went with a kernel are made again when something needs them; what is shown is still right.
    return cell.stale || (cell.result.kind !== 'ok' && needsRun(draft, cell))
  })
}

/** What runs is told to stop and reports when it has; what only waits goes back at once (S13). */
function interrupt(draft: DecisionDraft): Outcome {
  for (const cellId of [...draft.engine.runs.values()]) {
    if (draft.cell(cellId)?.status !== 'queued') continue
    draft.endRun(cellId, draft.interrupted(cellId))
    draft.markStale(cellId, true)
  }
  draft.effects.push({ kind: 'kernel.interrupt' })
  return {}
}

function restart(draft: DecisionDraft, reason: string): Outcome {
  endEverything(draft, (cellId) => draft.interrupted(cellId, reason))
  forgetValues(draft)
  for (const kernel of draft.engine.notebook.header.kernels) setKernel(draft, { language: kernel.language, status: 'none' })
  draft.effects.push({ kind: 'kernel.restart' })
  return {}
}

/** First decision on a stored notebook: what was under way when the server ended did not finish. */
function reopen(draft: DecisionDraft, reason: string): Outcome {
  for (const id of draft.order) {
    const cell = draft.cell(id)
    if (!cell || cell.status === 'idle') continue
    // For how long it had run by then, nobody has seen.
    draft.finishRun(id, cell.runId ?? '', draft.interrupted(id, reason, 0))
    draft.markStale(id, true)
  }
  for (const kernel of draft.engine.notebook.header.kernels) setKernel(draft, { language: kernel.language, status: 'none' })
  updateVerdicts(draft, draft.order, [])
  return {}
}
