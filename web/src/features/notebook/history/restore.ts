import { toast } from '../../../ui/toast.ts'
import type { Notebook } from '../Notebook.ts'
import { cellName, type Entry, timeOf } from './describe.ts'

export type Side = 'before' | 'after'

/** Goes back to a point, with the whole page or one cell of it, and offers to undo that. */
export async function restoreVersion(
  notebook: Notebook,
  entry: Entry,
  { side, cellId }: { side: Side; cellId?: string | undefined },
) {
  const undo = await notebook.structure.restoreVersion({ entryId: entry.id, side, ...(cellId !== undefined && { cellId }) })
  if (undo === undefined) return
  if (!undo) return void toast('It is so already: nothing was changed.')
  const what = cellId === undefined ? 'The notebook' : cellName(notebook.state, cellId).replace(/^c/, 'C')
  const when = side === 'before' ? `before ${timeOf(entry.startedAt)}` : `at ${timeOf(entry.at)}`
  void toast(`${what} is as it was ${when}`, { action: { label: 'Undo', run: undo } })
}
