import type { RunRequest } from '../effects.ts'
import { inputOf } from '../inputs.ts'
import type { Cell } from '../model.ts'
import type { DecisionDraft } from './draft.ts'

/** What the kernel must know to run a cell, but for cut-off. */
export function runRequest(draft: DecisionDraft, id: string, runId: string): Omit<RunRequest, 'cutoff' | 'optional'> {
  const { analysis } = draft.internal(id)
  const cell = draft.cell(id)
  const request: ReturnType<typeof runRequest> = {
    runId,
    cellId: id,
    language: cell?.language ?? 'typescript',
    source: cell?.source ?? '',
    ...(cell?.resultName !== undefined && { resultName: cell.resultName }),
    ...(cell?.connectionId !== undefined && { connectionId: cell.connectionId }),
    binds: [],
    files: analysis.uses.flatMap((name) => fileFor(draft, name)),
    unavailable: {},
    defines: analysis.defines,
    needs: [],
    after: [],
    version: cell?.version ?? 0,
    inputs: cell ? inputsOf(cell) : {},
  }
  const waitsFor = analysis.tolerant ? request.after : request.needs
  for (const name of analysis.uses) {
    const definers = draft.definers(name).filter((other) => other !== id)
    const definer = definers[0]
    if (definer === undefined) continue
    const pending = draft.internal(definer).kernelRun
    if (definers.length === 1 && (pending || isReadable(draft, definer, name))) request.binds.push(name)
    else request.unavailable[name] = whyUnavailable(draft, name, definers)
    if (pending && !waitsFor.includes(pending)) waitsFor.push(pending)
  }
  return request
}

function fileFor(draft: DecisionDraft, name: string): RunRequest['files'] {
  const file = draft.fileOf(name)
  return file ? [{ id: file.id, table: file.table, format: file.format }] : []
}

/** Inputs of this very code keep their values; those that an older version made are forgotten (S18). */
function inputsOf({ outputs, version }: Cell): Record<string, unknown> {
  const inputs = outputs.flatMap((output) => inputOf(output) ?? []).filter((input) => input.version === version)
  return Object.fromEntries(inputs.map(({ id, value }) => [id, value]))
}

function isReadable(draft: DecisionDraft, definer: string, name: string): boolean {
  const { live, handed } = draft.internal(definer)
  return live && handed.includes(name)
}

function whyUnavailable(draft: DecisionDraft, name: string, definers: readonly string[]): string {
  if (definers.length > 1) return `${name} is defined more than once`
  switch (draft.cell(definers[0] ?? '')?.result.kind) {
    case 'none':
      return `${name} has not run yet`
    case 'error':
      return `${name} has no value: the cell that defines it failed`
    case 'stopped':
      return `${name} has no value: the cell that defines it was stopped`
    case 'blocked':
      return `${name} has no value: the cell that defines it is blocked`
    default:
      return `${name} has no value: the cell that defines it did not finish`
  }
}
