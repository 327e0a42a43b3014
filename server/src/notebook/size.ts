import type { Change } from './events.ts'
import { LIMITS } from './model.ts'
import type { Problem } from './problems.ts'

/** What a source counts. */
export const bytesOf = (source: string): number => Buffer.byteLength(source)

/** The cell whose source a change brings, replaces or takes away. */
export function writtenCell(change: Change): string | undefined {
  switch (change.type) {
    case 'cell.inserted':
      return change.cell.id
    case 'cell.edited':
    case 'cell.deleted':
      return change.cellId
    default:
      return undefined
  }
}

/** Why the sources of a notebook may not become so many bytes. Fewer than there were are never too many (C9). */
export function tooMuchText(before: number, after: number): Problem | undefined {
  if (after <= LIMITS.notebookBytes || after <= before) return undefined
  return { kind: 'too-large', what: 'text', limit: LIMITS.notebookBytes, actual: after }
}
