import type { Command } from '../commands.ts'
import { namesOf } from '../engine.ts'
import { downstream } from '../graph/graph.ts'
import { INPUT_MIME, inputOf, withValue } from '../inputs.ts'
import type { Problem } from '../problems.ts'
import type { DecisionDraft } from './draft.ts'
import { type Planned, planRun } from './plan.ts'

/** A new value of an input: what reads it runs (auto) or is out of date (lazy), never the input's own cell (S18). */
export function setInput(
  draft: DecisionDraft,
  { cellId, inputId, value }: Command & { kind: 'set-input' },
): { planned?: Planned } | { problem: Problem } {
  const cell = draft.cell(cellId)
  if (!cell) return { problem: { kind: 'not-found', what: 'cell', id: cellId } }
  const output = cell.outputs.find((each) => inputOf(each)?.id === inputId)
  const input = output && inputOf(output)
  if (!output || !input || output.kind === 'stream') return { problem: { kind: 'not-found', what: 'input', id: inputId } }
  const moved = withValue(input, value)
  if (typeof moved === 'string') return { problem: { kind: 'invalid-input', issues: [{ path: 'value', message: moved }] } }
  if (JSON.stringify(moved.value) === JSON.stringify(input.value)) return {}
  const shown = { ...output, data: { ...output.data, [INPUT_MIME]: moved } }
  draft.set(cellId, { outputs: cell.outputs.map((each) => (each === output ? shown : each)) })
  draft.effects.push({ kind: 'kernel.set-input', cellId, inputId, value: moved.value })
  return follow(draft, cellId)
}

/** Every name of the cell counts, not only the input's own: a function beside it may read it. */
function follow(draft: DecisionDraft, cellId: string): { planned?: Planned } {
  const names = namesOf(draft.internal(cellId)).defines
  const readers = new Set(names.flatMap((name) => [...draft.users(name)]))
  readers.delete(cellId)
  if (readers.size === 0) return {}
  if (draft.mode === 'auto')
    return { planned: planRun(draft, [...readers], { cause: 'input', because: cellId, explicit: false }) }
  const below = downstream(draft.engine.graph, readers, (id) => namesOf(draft.internal(id)).defines)
  for (const id of below) if (id !== cellId && draft.verdict(id).kind === 'clear') draft.markStale(id, true)
  return {}
}
