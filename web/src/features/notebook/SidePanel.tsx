import { Braces, Database, History as HistoryIcon, List, type LucideIcon, Trash2, Workflow } from 'lucide-react'
import { type KeyboardEvent, lazy, Suspense, useId, useRef, useState } from 'react'
import { cx } from '../../ui/cx.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { useStore } from '../../ui/store.ts'
import type { Notebook } from './Notebook.ts'
import type { NotebookStore } from './NotebookStore.ts'
import { Outline } from './Outline.tsx'
import { chooseTab, chosenTab, TABS, type Tab } from './panel/tabs.ts'

const Queries = lazy(() => import('../../queries.tsx').then((module) => ({ default: module.Queries })))
const Variables = lazy(() => import('./Variables.tsx'))
const Graph = lazy(() => import('./graph/Graph.tsx'))
const History = lazy(() => import('./history/History.tsx'))
const SchemaPanel = lazy(() => import('./schema/SchemaPanel.tsx'))
const CellBin = lazy(() => import('./history/CellBin.tsx'))

/** Those that ask by cached queries, which are not fetched for the others. */
const QUERIED: ReadonlySet<Tab> = new Set<Tab>(['variables', 'history', 'bin'])
const ICONS: Record<Tab, LucideIcon> = {
  outline: List,
  variables: Braces,
  tables: Database,
  graph: Workflow,
  history: HistoryIcon,
  bin: Trash2,
}

interface Props {
  notebook: Notebook
  store: NotebookStore
  /** Before a cell is gone to: a panel that covers the page has to leave. */
  onLeave?: (() => void) | undefined
}

export function SidePanel({ notebook, store, onLeave }: Props) {
  const tab = useStore(chosenTab)
  const [enlarged, setEnlarged] = useState(false)
  // Stays, with what it knows, when another tab is chosen.
  const queried = useRef(false)
  queried.current ||= QUERIED.has(tab)
  const id = useId()
  const jump = (cellId: string) => {
    setEnlarged(false)
    onLeave?.()
    notebook.selection.focus(cellId)
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Tabs id={id} tab={tab} onChoose={chooseTab} />
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${tab}`}
        className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto px-1.5 pb-3"
      >
        {tab === 'outline' && <Outline notebook={notebook} onJump={jump} />}
        <Suspense fallback={null}>
          {tab === 'tables' && <SchemaPanel notebook={notebook} store={store} onLeave={onLeave} />}
          {tab === 'graph' && <Graph notebook={notebook} onJump={jump} onEnlarge={() => setEnlarged(true)} />}
          {queried.current && (
            <Queries>
              {tab === 'variables' && <Variables notebook={notebook} store={store} onJump={jump} />}
              {tab === 'history' && <History notebook={notebook} store={store} onJump={jump} />}
              {tab === 'bin' && <CellBin notebook={notebook} store={store} />}
            </Queries>
          )}
        </Suspense>
      </div>
      {enlarged && (
        <Dialog title="Dependency graph" look="full" onClose={() => setEnlarged(false)}>
          <div className="min-h-0 flex-1 p-2.5">
            <Suspense fallback={null}>
              <Graph notebook={notebook} onJump={jump} />
            </Suspense>
          </div>
        </Dialog>
      )}
    </div>
  )
}

function Tabs({ id, tab, onChoose }: { id: string; tab: Tab; onChoose: (tab: Tab) => void }) {
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!by) return
    const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] ?? tab
    onChoose(next)
    document.getElementById(`${id}-${next}`)?.focus()
  }
  return (
    <div role="tablist" aria-label="Side panel" onKeyDown={onKeyDown} className="flex gap-1 px-2 pt-2.5 pb-1.5">
      {TABS.map((name) => {
        const Icon = ICONS[name]
        return (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-label={name}
            aria-selected={tab === name}
            aria-controls={`${id}-panel`}
            tabIndex={tab === name ? 0 : -1}
            data-tip={tab === name ? undefined : name}
            onClick={() => onChoose(name)}
            className={cx('panel-tab', tab === name && 'panel-tab-on')}
          >
            <Icon size={15} aria-hidden />
            {tab === name && name}
          </button>
        )
      })}
    </div>
  )
}
