import type { Command } from '../commands.ts'
import type { Answer } from '../decide.ts'
import { LIMITS } from '../model.ts'
import type { Problem } from '../problems.ts'
import { fileName } from '../tables.ts'
import type { DecisionDraft } from './draft.ts'
import { type Planned, planRun } from './plan.ts'
import { updateVerdicts } from './verdicts.ts'

type Outcome = Partial<Answer> | { problem: Problem }

/** A file comes, or takes the place of another one: its readers follow, as those of a table that a cell makes anew (F2). */
export function addFile(draft: DecisionDraft, { file, replace }: Command & { kind: 'add-file' }): Outcome {
  const { files } = draft.engine.notebook.header
  const name = fileName(file.table)
  const before = draft.fileOf(name)
  if (before && !replace) return { problem: { kind: 'table-taken', table: file.table, by: 'file' } }
  if (!before && draft.definers(name).length > 0) return { problem: { kind: 'table-taken', table: file.table, by: 'cell' } }
  if (!before && files.length >= LIMITS.files)
    return { problem: { kind: 'too-large', what: 'files', limit: LIMITS.files, actual: files.length + 1 } }
  if (before) draft.effects.push({ kind: 'kernel.forget', names: [name] })
  draft.emit({ type: 'file.set', file })
  return { planned: followed(draft, name) }
}

export function removeFile(draft: DecisionDraft, { fileId }: Command & { kind: 'remove-file' }): Outcome {
  const file = draft.engine.notebook.header.files.find(({ id }) => id === fileId)
  if (!file) return { problem: { kind: 'not-found', what: 'file', id: fileId } }
  const name = fileName(file.table)
  draft.emit({ type: 'file.removed', fileId })
  draft.effects.push({ kind: 'kernel.forget', names: [name] })
  return { planned: followed(draft, name) }
}

/** Whoever reads it is out of date, and in auto mode runs (S2); a cell that makes a table of that name may do so now, or may no longer (G2). */
function followed(draft: DecisionDraft, name: string): Planned | undefined {
  const healed = updateVerdicts(draft, [], [name])
  const readers = [...draft.users(name)]
  for (const id of draft.below(readers))
    if (draft.verdict(id).kind === 'clear' && !draft.internal(id).analysis.empty) draft.markStale(id, true)
  const concerned = [...new Set([...readers, ...healed])]
    .flatMap((id) => draft.cell(id) ?? [])
    .filter(({ disabled }) => !disabled)
  // Whoever waits or reads would get what is not there any more (S11).
  const wanted = concerned.filter(({ status }) => draft.mode === 'auto' || status !== 'idle').map(({ id }) => id)
  if (wanted.length === 0) return undefined
  return planRun(draft, wanted, { cause: 'file', explicit: false })
}
