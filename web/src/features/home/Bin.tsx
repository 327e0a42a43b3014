import { RotateCcw } from 'lucide-react'
import { trpc } from '../../queries.tsx'
import { Button } from '../../ui/Button.tsx'
import { formatAgo } from '../../ui/format.ts'
import type { NotebookActions } from './useNotebookActions.ts'

export function Bin({ actions }: { actions: NotebookActions }) {
  const { data } = trpc.listNotebooks.useQuery({ deleted: true })
  if (!data?.length) return null
  return (
    <details className="mt-10">
      <summary className="w-fit rounded-lg px-2 py-1 text-sm text-muted hover:bg-hover">Bin ({data.length})</summary>
      <ul className="mt-2">
        {data.map((notebook) => (
          <li key={notebook.id} className="flex items-center gap-3 border-b border-line px-2 py-2 text-sm">
            <span className="min-w-0 flex-1 truncate">{notebook.title}</span>
            <span className="text-xs text-muted max-sm:hidden">
              {notebook.deletedAt && `deleted ${formatAgo(notebook.deletedAt)}`}
            </span>
            <Button size="small" aria-label={`Restore ${notebook.title}`} onClick={() => void actions.restore(notebook.id)}>
              <RotateCcw size={13} aria-hidden /> Restore
            </Button>
          </li>
        ))}
      </ul>
      <p className="mt-2 px-2 text-xs text-muted">Kept for 30 days.</p>
    </details>
  )
}
