import { useEffect, useState } from 'react'
import { formatDuration, plural } from '../../ui/format.ts'
import { positionOf } from '../cell/names.ts'
import type { Notebook } from './Notebook.ts'
import type { NotebookStore } from './NotebookStore.ts'

const PAUSE_MS = 1_000

/** What one finished run is to somebody who does not see the page. */
function sentence(notebook: Notebook, cellId: string): string {
  const cell = notebook.state.cells.get(cellId)
  const name = `Cell ${positionOf(notebook.state, cellId)}`
  if (cell?.result.kind === 'error')
    return `${name} failed: ${cell.result.error.kind === 'thrown' ? cell.result.error.name : cell.result.error.kind}`
  return cell?.result.kind === 'ok'
    ? `${name} finished in ${formatDuration(cell.result.durationMs)}`
    : `${name} ${cell?.result.kind ?? 'ended'}`
}

function summary(notebook: Notebook, cellIds: string[]): string {
  const [only] = cellIds
  if (cellIds.length === 1 && only) return sentence(notebook, only)
  const failed = cellIds.filter((cellId) => notebook.state.cells.get(cellId)?.result.kind === 'error').length
  return `Run of ${plural(cellIds.length, 'cell')} done${failed ? `, ${failed} failed` : ''}`
}

/** The page's one live region for results, once a second at most. */
export function Announcer({ store, notebook }: { store: NotebookStore; notebook: Notebook }) {
  const [text, setText] = useState('')
  useEffect(() => {
    const finished = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const say = () => {
      timer = undefined
      // Of one that was deleted meanwhile there is nothing to say.
      const here = [...finished].filter((cellId) => notebook.state.cells.has(cellId))
      if (here.length) setText(summary(notebook, here))
      finished.clear()
    }
    const stop = store.watch((event) => {
      if (event.type !== 'changes') return
      for (const change of event.changes) if (change.type === 'run.finished') finished.add(change.cellId)
      if (finished.size) timer ??= setTimeout(say, PAUSE_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [store, notebook])
  return (
    <div role="status" className="sr-only">
      {text}
    </div>
  )
}
