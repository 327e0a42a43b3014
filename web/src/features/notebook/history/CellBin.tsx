import { RotateCcw } from 'lucide-react'
import { useCallback } from 'react'
import { trpc } from '../../../queries.tsx'
import { describeError } from '../../../trpc.ts'
import { Button } from '../../../ui/Button.tsx'
import { formatAgo } from '../../../ui/format.ts'
import { useHost } from '../../cell/host.ts'
import { LANGUAGE_NAMES } from '../../cell/languageNames.ts'
import type { Notebook } from '../Notebook.ts'
import type { NotebookStore } from '../NotebookStore.ts'
import { useRefresh } from '../panel/useRefresh.ts'

const LINES = 4
const concerns = ({ type }: { type: string }) => type === 'cell.deleted' || type === 'cell.inserted'

/** Cells that were deleted, the latest first, until the bin is emptied of them. */
export default function CellBin({ notebook, store }: { notebook: Notebook; store: NotebookStore }) {
  const { readOnly } = useHost()
  const notebookId = notebook.state.id
  const { data, error } = trpc.getDeletedCells.useQuery({ notebookId })
  const utils = trpc.useUtils()
  const refresh = useCallback(() => void utils.getDeletedCells.invalidate({ notebookId }), [utils, notebookId])
  useRefresh(store, concerns, refresh)
  if (error) return <p className="panel-empty">{describeError(error)}</p>
  if (data?.length === 0) return <p className="panel-empty">Cells that are deleted appear here, for 30 days.</p>
  return (
    <>
      <ul aria-label="Deleted cells">
        {data?.map(({ id, language, source, deletedAt }) => (
          <li key={id} className="border-b border-line px-2 py-2 last:border-0">
            <p className="flex items-center gap-2 text-[12px] text-muted">
              {LANGUAGE_NAMES[language].name} · {formatAgo(deletedAt)}
              {!readOnly && (
                <Button
                  size="small"
                  className="ml-auto"
                  aria-label={`Restore the cell ${firstLine(source)}`}
                  onClick={() => void notebook.structure.bringBack(id)}
                >
                  <RotateCcw size={13} aria-hidden /> Restore
                </Button>
              )}
            </p>
            <pre className="mt-1 overflow-hidden font-mono text-[12px] text-ellipsis">{head(source)}</pre>
          </li>
        ))}
      </ul>
      {data && <p className="panel-empty">Kept for 30 days.</p>}
    </>
  )
}

const firstLine = (source: string) => source.trim().split('\n', 1)[0]?.slice(0, 60) || 'without text'

function head(source: string): string {
  const lines = source.split('\n')
  return lines.length > LINES ? [...lines.slice(0, LINES), '…'].join('\n') : source
}
