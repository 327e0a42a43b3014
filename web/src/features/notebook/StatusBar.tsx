import { Globe } from 'lucide-react'
import { useClients } from '../../trpc.ts'
import { plural } from '../../ui/format.ts'
import { useSelected, useStore } from '../../ui/store.ts'
import { failedCount, kernelText, networkText, staleCount } from './counts.ts'
import type { CommandContext } from './shortcuts.ts'

export function StatusBar({ context: { notebook, page } }: { context: CommandContext }) {
  const kernel = useSelected(notebook.view, kernelText)
  const network = useSelected(notebook.view, networkText)
  const cells = useSelected(notebook.view, (view) => view.notebook.order.length)
  const rev = useSelected(notebook.view, (view) => view.notebook.rev)
  const failed = useSelected(notebook.view, failedCount)
  const stale = useSelected(notebook.view, staleCount)
  const unsent = useStore(notebook.drafts.unsent)
  const live = useStore(useClients().connection.state) === 'live'
  return (
    <footer className="flex h-7 items-center gap-4 overflow-hidden border-t border-line bg-surface px-3 text-xs whitespace-nowrap text-muted">
      <button
        type="button"
        className="status-button"
        aria-haspopup="dialog"
        data-tip="Kernel and network"
        onClick={page.openKernel}
      >
        <span className="truncate">{kernel}</span>
        {network && (
          <span className="flex min-w-0 items-center gap-1 text-warn">
            <Globe size={12} aria-hidden className="shrink-0" />
            <span className="truncate">{network}</span>
          </span>
        )}
      </button>
      <span className="max-sm:hidden">{plural(cells, 'cell')}</span>
      {failed > 0 && <span className="text-bad">{failed} failed</span>}
      {stale > 0 && <span className="text-warn">{stale} stale</span>}
      <span className="flex-1" />
      <span className="tabular-nums max-sm:hidden">rev {rev}</span>
      <span data-saved={unsent === 0}>{unsent ? (live ? 'saving…' : 'not sent yet') : 'saved'}</span>
    </footer>
  )
}
