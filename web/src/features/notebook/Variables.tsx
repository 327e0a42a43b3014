import { useEffect } from 'react'
import { trpc } from '../../queries.tsx'
import { describeError } from '../../trpc.ts'
import type { Notebook } from './Notebook.ts'
import type { NotebookStore } from './NotebookStore.ts'

const PAUSE_MS = 150

export function Variables({ notebook, store }: { notebook: Notebook; store: NotebookStore }) {
  const notebookId = notebook.state.id
  const { data, error } = trpc.getVariables.useQuery({ notebookId })
  const utils = trpc.useUtils()

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = store.watch((event) => {
      const changed =
        event.type === 'snapshot' || (event.type === 'changes' && event.changes.some(({ type }) => type === 'run.finished'))
      if (changed) timer ??= setTimeout(refresh, PAUSE_MS)
    })
    function refresh() {
      timer = undefined
      void utils.getVariables.invalidate({ notebookId })
    }
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [store, utils, notebookId])

  if (error) return <p className="panel-empty">{describeError(error)}</p>
  if (data?.length === 0) return <p className="panel-empty">Names appear here once the cells that define them have run.</p>
  return (
    <ul aria-label="Variables">
      {data?.map(({ name, type, preview, cellId }) => (
        <li key={name}>
          <button type="button" className="panel-row panel-variable" onClick={() => notebook.selection.focus(cellId)}>
            <span className="flex w-full items-baseline gap-2">
              <code className="truncate font-semibold">{name}</code>
              <span className="ml-auto shrink-0 text-[11px] text-muted">{type}</span>
            </span>
            <span className="w-full truncate font-mono text-[12px] text-muted">{preview}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
