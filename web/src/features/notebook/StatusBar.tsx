import { plural } from '../../ui/format.ts'
import { useSelected, useStore } from '../../ui/store.ts'
import { failedCount, kernelText, staleCount } from './counts.ts'
import type { Notebook } from './Notebook.ts'

export function StatusBar({ notebook }: { notebook: Notebook }) {
  const kernel = useSelected(notebook.view, kernelText)
  const cells = useSelected(notebook.view, (view) => view.notebook.order.length)
  const rev = useSelected(notebook.view, (view) => view.notebook.rev)
  const failed = useSelected(notebook.view, failedCount)
  const stale = useSelected(notebook.view, staleCount)
  const unsent = useStore(notebook.drafts.unsent)
  return (
    <footer className="flex h-7 items-center gap-4 overflow-hidden border-t border-line bg-surface px-3 text-xs whitespace-nowrap text-muted">
      <span>{kernel}</span>
      <span className="max-sm:hidden">{plural(cells, 'cell')}</span>
      {failed > 0 && <span className="text-bad">{failed} failed</span>}
      {stale > 0 && <span className="text-warn">{stale} stale</span>}
      <span className="flex-1" />
      <span className="tabular-nums max-sm:hidden">rev {rev}</span>
      <span data-saved={unsent === 0}>{unsent ? 'saving…' : 'saved'}</span>
    </footer>
  )
}
