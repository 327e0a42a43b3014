import { useCallback } from 'react'
import { trpc } from '../../queries.tsx'
import { describeError } from '../../trpc.ts'
import { useSelected } from '../../ui/store.ts'
import { positionOf } from '../cell/names.ts'
import type { Notebook } from './Notebook.ts'
import type { NotebookStore } from './NotebookStore.ts'
import { useRefresh } from './panel/useRefresh.ts'

interface Props {
  notebook: Notebook
  store: NotebookStore
  onJump: (cellId: string) => void
}

interface Variable {
  name: string
  type: string
  preview: string
  cellId: string
}

/** A run, a cell that goes, a kernel that ends: whatever may change what is in memory. */
const concerns = ({ type }: { type: string }) => type === 'run.finished' || type === 'cell.deleted' || type === 'notebook.set'

export default function Variables({ notebook, store, onJump }: Props) {
  const notebookId = notebook.state.id
  const { data, error } = trpc.getVariables.useQuery({ notebookId })
  const utils = trpc.useUtils()
  const refresh = useCallback(() => void utils.getVariables.invalidate({ notebookId }), [utils, notebookId])
  useRefresh(store, concerns, refresh)

  if (error) return <p className="panel-empty">{describeError(error)}</p>
  if (data?.length === 0) return <p className="panel-empty">Names appear here once the cells that define them have run.</p>
  return (
    <ul aria-label="Variables">
      {data?.map((variable) => (
        <Row key={variable.name} notebook={notebook} variable={variable} onJump={onJump} />
      ))}
    </ul>
  )
}

function Row({ notebook, variable: { name, type, preview, cellId }, onJump }: Omit<Props, 'store'> & { variable: Variable }) {
  const position = useSelected(notebook.view, (view) => positionOf(view.notebook, cellId))
  return (
    <li>
      <button type="button" className="panel-row panel-variable" onClick={() => onJump(cellId)}>
        <span className="flex w-full items-baseline gap-2">
          <code className="truncate font-semibold">{name}</code>
          <span className="ml-auto shrink-0 text-[11px] text-muted">
            {type}
            {position > 0 && ` · cell ${position}`}
          </span>
        </span>
        <span className="w-full truncate font-mono text-[12px] text-muted">{preview}</span>
      </button>
    </li>
  )
}
