import { History as HistoryIcon } from 'lucide-react'
import { trpc } from '../../../queries.tsx'
import { describeError } from '../../../trpc.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { plural } from '../../../ui/format.ts'
import { useSelected } from '../../../ui/store.ts'
import { useHost } from '../../cell/host.ts'
import type { Notebook } from '../Notebook.ts'
import { dayName, deedsOf, type Entry, namesOf, timeOf } from './describe.ts'
import { restoreVersion, type Side } from './restore.ts'
import { StepView } from './StepView.tsx'

interface Props {
  notebook: Notebook
  entry: Entry
  onJump: (cellId: string) => void
  onClose: () => void
}

/** One entry in full: each cell's text before and after, and the ways back. */
export function EntryDialog({ notebook, entry, onJump, onClose }: Props) {
  const { readOnly } = useHost()
  const notebookId = notebook.state.id
  const { data, error } = trpc.getHistoryEntry.useQuery({ notebookId, entryId: entry.id }, { retry: false, staleTime: 0 })
  const deeds = useSelected(notebook.view, (view) => deedsOf(view.notebook, entry))
  const restore = (side: Side, cellId?: string) => {
    onClose()
    void restoreVersion(notebook, entry, { side, cellId })
  }
  return (
    <Dialog title={`${dayName(entry.at)}, ${timeOf(entry.at, new Date(entry.at).getTime())}`} look="wide" onClose={onClose}>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
        <p className="mb-4">
          <strong className="font-semibold">{namesOf(entry.by)}</strong> {deeds}.
        </p>
        {error && <p className="text-bad">{describeError(error)}</p>}
        {data?.steps.map((step, index) => (
          <StepView key={index} notebook={notebook} step={step} onJump={onJump} onRestore={readOnly ? undefined : restore} />
        ))}
        {data && data.omitted > 0 && <p className="text-muted">and {plural(data.omitted, 'more change')}</p>}
      </div>
      {!readOnly && (
        <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
          <span className="mr-auto text-sm text-muted">The whole notebook</span>
          <Button disabled={!data} onClick={() => restore('before')}>
            Restore to before this
          </Button>
          <Button variant="primary" disabled={!data} onClick={() => restore('after')}>
            <HistoryIcon size={14} aria-hidden /> Restore to this point
          </Button>
        </footer>
      )}
    </Dialog>
  )
}
