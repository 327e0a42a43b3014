import { Code, Database, FileText } from 'lucide-react'
import { startTransition, useEffect, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Keys } from '../../ui/Keys.tsx'
import { useSelected } from '../../ui/store.ts'
import { whenIdle } from '../../ui/whenIdle.ts'
import { CellView } from '../cell/CellView.tsx'
import { InsertBar } from '../cell/InsertBar.tsx'
import { busyCount } from './counts.ts'
import type { Notebook } from './Notebook.ts'

/** About what a screen holds. The others follow when these are painted, in pieces that hold up no key. */
const AT_ONCE = 6
/** More than these would hold up the first editor: they wait until the browser is idle, or for so long. */
const FEW = 12
const AT_LATEST_MS = 500

function useShown(order: readonly string[]): readonly string[] {
  const [all, setAll] = useState(order.length <= AT_ONCE)
  const few = order.length <= FEW
  useEffect(() => {
    const showAll = () => startTransition(() => setAll(true))
    if (few) showAll()
    else whenIdle(showAll, AT_LATEST_MS)
  }, [few])
  return all ? order : order.slice(0, AT_ONCE)
}

export function CellList({ notebook }: { notebook: Notebook }) {
  const order = useSelected(notebook.view, (view) => view.notebook.order)
  const busy = useSelected(notebook.view, (view) => busyCount(view) > 0)
  const shown = useShown(order)
  if (!order.length) return <EmptyNotebook notebook={notebook} />
  return (
    <>
      <div role="feed" aria-label="Cells" aria-busy={busy}>
        {shown.map((cellId) => (
          <CellView key={cellId} cellId={cellId} total={order.length} />
        ))}
      </div>
      <InsertBar after={order.at(-1) ?? null} always />
    </>
  )
}

function EmptyNotebook({ notebook }: { notebook: Notebook }) {
  return (
    <div className="mt-[12vh] text-center">
      <h2 className="text-xl font-semibold">An empty notebook</h2>
      <p className="mt-1 text-muted">Start with code, with a query or with words.</p>
      <div className="mt-6 flex flex-wrap justify-center gap-3">
        <Button size="large" onClick={() => void notebook.insert('typescript', null)}>
          <Code size={18} aria-hidden /> TypeScript
        </Button>
        <Button size="large" onClick={() => void notebook.insert('sql', null)}>
          <Database size={18} aria-hidden /> SQL
        </Button>
        <Button size="large" onClick={() => void notebook.insert('markdown', null)}>
          <FileText size={18} aria-hidden /> Markdown
        </Button>
      </div>
      <p className="mt-8 flex flex-wrap justify-center gap-x-5 gap-y-2 text-sm text-muted">
        <span>
          <Keys combo="Shift+Enter" /> run and go on
        </span>
        <span>
          <Keys combo="Escape" /> leave the editor
        </span>
        <span>
          <Keys combo="B" /> insert below
        </span>
      </p>
    </div>
  )
}
