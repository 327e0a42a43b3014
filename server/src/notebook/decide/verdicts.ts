import { CLEAR, namesOf, type Verdict } from '../engine.ts'
import { type CycleStep, findCycles, sortTopologically } from '../graph/cycles.ts'
import { downstream } from '../graph/graph.ts'
import type { CellError, CellResult } from '../model.ts'
import type { DecisionDraft } from './draft.ts'

/** More cells than this are not listed one by one in an error. */
const LISTED = 20

/**
 * Brings what follows from the code alone (G2–G4, G6, S6) up to date after an edit.
 * `changed` are the edited cells, `names` every name they define or use, or did before: only what hangs on those is looked at.
 * Returns the cells that were in error or blocked and are so no longer.
 */
export function updateVerdicts(draft: DecisionDraft, changed: Iterable<string>, names: Iterable<string>): string[] {
  const roots = new Set([...changed].filter((id) => draft.cell(id)))
  for (const name of names)
    for (const id of [...draft.definers(name), ...allDefiners(draft, name), ...draft.users(name)]) roots.add(id)
  const affected = downstream(draft.engine.graph, roots, (id) => namesOf(draft.internal(id)).defines)
  const inside = (id: string) => draft.upstream(id).filter((edge) => affected.has(edge.to) && counts(draft, edge.to))
  const { order, leftOver } = sortTopologically(
    affected,
    (id) => (counts(draft, id) ? inside(id) : []),
    () => 0,
  )
  const cycles = leftOver.size > 0 ? findCycles(leftOver, inside) : new Map<string, CycleStep[]>()
  const below = sortBelow(leftOver, cycles, inside)
  return [...cycles.keys(), ...order, ...below].filter((id) => settle(draft, id, verdictOf(draft, id, cycles.get(id))))
}

const counts = (draft: DecisionDraft, id: string): boolean => !draft.cell(id)?.disabled

const allDefiners = (draft: DecisionDraft, name: string) => draft.engine.graph.definers.get(name) ?? []

/** Cells below a cycle, in an order in which each comes after what it reads. */
function sortBelow(
  leftOver: ReadonlySet<string>,
  cycles: ReadonlyMap<string, unknown>,
  inside: (id: string) => { to: string; name: string }[],
) {
  const below = new Set([...leftOver].filter((id) => !cycles.has(id)))
  return sortTopologically(
    below,
    (id) => inside(id).filter((edge) => below.has(edge.to)),
    () => 0,
  ).order
}

function verdictOf(draft: DecisionDraft, id: string, cycle: CycleStep[] | undefined): Verdict {
  const { analysis } = draft.internal(id)
  if (draft.cell(id)?.disabled) return { kind: 'blocked', because: 'disabled', culprit: id }
  if (analysis.syntaxError) return { kind: 'error', error: { kind: 'syntax', ...analysis.syntaxError } }
  const error = externalAssignment(draft, id) ?? duplicate(draft, id)
  if (error) return { kind: 'error', error }
  if (cycle) return { kind: 'error', error: cycleError(cycle, id) }
  return analysis.tolerant ? CLEAR : blockedBy(draft, id)
}

function externalAssignment(draft: DecisionDraft, id: string): CellError | undefined {
  const { assigns } = draft.internal(id).analysis
  const foreign = assigns.filter(({ name }) => draft.definers(name).some((other) => other !== id))
  const first = foreign[0]
  if (!first) return undefined
  return {
    kind: 'external-assignment',
    names: [...new Set(foreign.map(({ name }) => name))],
    line: first.line,
    column: first.column,
  }
}

function duplicate(draft: DecisionDraft, id: string): CellError | undefined {
  const names = namesOf(draft.internal(id)).defines.filter((name) => draft.definers(name).length > 1 || draft.fileOf(name))
  if (names.length === 0) return undefined
  const files = names.flatMap((name) => draft.fileOf(name)?.name ?? [])
  return { kind: 'duplicate', names, cells: [...firstOthers(draft, id, names)], ...(files.length > 0 && { files }) }
}

/** As many as are listed: thousands may define one name, and each of them asks. */
function firstOthers(draft: DecisionDraft, id: string, names: readonly string[]): Set<string> {
  const others = new Set<string>()
  for (const name of names) {
    for (const other of draft.definers(name)) {
      if (others.size === LISTED) return others
      if (other !== id) others.add(other)
    }
  }
  return others
}

/** Every cell on a cycle has its path: of a long one only the beginning, from the cell on, or all of them together would be its square. */
function cycleError(path: readonly CycleStep[], id: string): CellError {
  if (path.length <= LISTED) return { kind: 'cycle', path: [...path] }
  const from = path.findIndex(({ cell }) => cell === id)
  const turned = [...path.slice(from, from + LISTED), ...path.slice(0, from)]
  return { kind: 'cycle', path: turned.slice(0, LISTED), more: path.length - LISTED }
}

/** The first cause, not the neighbour (G4): a failing cell hands its own culprit on. */
function blockedBy(draft: DecisionDraft, id: string): Verdict {
  let disabled: Verdict | undefined
  for (const { to } of draft.upstream(id)) {
    const verdict = draft.verdict(to)
    if (verdict.kind === 'error') return { kind: 'blocked', because: 'failed', culprit: to }
    if (verdict.kind !== 'blocked') continue
    if (verdict.because === 'failed') return verdict
    disabled ??= verdict
  }
  return disabled ?? CLEAR
}

/** Writes a changed verdict into the cell. True when the cell may run again. */
function settle(draft: DecisionDraft, id: string, verdict: Verdict): boolean {
  const before = draft.verdict(id)
  if (JSON.stringify(before) === JSON.stringify(verdict)) return false
  draft.setInternal(id, { verdict })
  switch (verdict.kind) {
    case 'clear':
      return settleClear(draft, id)
    case 'error':
      settleFailed(draft, id, { kind: 'error', error: verdict.error })
      return false
    case 'blocked':
      if (verdict.because === 'failed') settleFailed(draft, id, verdict)
      else settleDisabled(draft, id, verdict)
      return false
  }
}

function settleClear(draft: DecisionDraft, id: string): boolean {
  const { empty } = draft.internal(id).analysis
  if (isStatic(draft.cell(id)?.result)) draft.set(id, { result: { kind: 'none' } })
  else return false
  draft.markStale(id, !empty)
  return !empty
}

/** The values of a cell that may not run are not readable any more (S4). */
function settleFailed(draft: DecisionDraft, id: string, result: CellResult): void {
  draft.endRun(id, result)
  draft.setInternal(id, { live: false })
  // Half-typed code does not parse: what it showed stays until it is run.
  if (result.kind === 'error' && result.error.kind === 'syntax') draft.setChanged(id, { result })
  else draft.setChanged(id, { result, outputs: [], stale: false })
}

/** Old values of what hangs below a disabled cell stay readable (S6), and so do outputs. */
function settleDisabled(draft: DecisionDraft, id: string, result: CellResult & { kind: 'blocked' }): void {
  draft.endRun(id, draft.interrupted(id))
  if (result.culprit !== id) draft.setChanged(id, { result, stale: true })
  else if (isStatic(draft.cell(id)?.result)) draft.set(id, { result: { kind: 'none' }, stale: true })
}

const STATIC_ERRORS: ReadonlySet<CellError['kind']> = new Set(['syntax', 'duplicate', 'cycle', 'external-assignment'])

/** A result that followed from the code, not from a run. */
function isStatic(result: CellResult | undefined): boolean {
  return result?.kind === 'blocked' || (result?.kind === 'error' && STATIC_ERRORS.has(result.error.kind))
}
