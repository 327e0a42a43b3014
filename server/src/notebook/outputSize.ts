import type { Change } from './events.ts'
import type { Cell, MimeBundle, Output } from './model.ts'

/** What an output counts beside its text: its id, and the words around it. */
const FRAME = 128

/** Values are never changed, so each is measured once. */
const ofBundles = new WeakMap<MimeBundle, number>()

/** The length of an output's JSON in characters, nearly: nothing is counted that would have to be looked through to be known. */
export const lengthOf = (output: Output): number => FRAME + contentOf(output)

/** What it counts for when it continues another. */
export function contentOf(output: Output): number {
  if (output.kind === 'stream') return output.text.length
  const length = ofBundles.get(output.data) ?? JSON.stringify(output.data).length
  ofBundles.set(output.data, length)
  return length
}

/** Of all that a cell shows, and of what stands behind it. */
export const lengthOfAll = ({ outputs, earlier = [] }: Pick<Cell, 'outputs' | 'earlier'>): number =>
  [outputs, earlier].flat().reduce((length, output) => length + lengthOf(output), 0)

/** The cell that shows something else after the change, not only more. */
export function showingCell(change: Change): string | undefined {
  switch (change.type) {
    case 'cell.inserted':
      return change.cell.id
    case 'cell.set':
      return 'outputs' in change.patch || 'earlier' in change.patch ? change.cellId : undefined
    case 'cell.deleted':
    case 'run.started':
    case 'run.finished':
      return change.cellId
    default:
      return undefined
  }
}
