import { type KeyboardEvent, useId, useState } from 'react'
import { cx } from '../../ui/cx.ts'
import { remembered } from '../../ui/remembered.ts'
import { Graph } from './Graph.tsx'
import type { Notebook } from './Notebook.ts'
import type { NotebookStore } from './NotebookStore.ts'
import { Outline } from './Outline.tsx'
import { Variables } from './Variables.tsx'

const TABS = ['outline', 'variables', 'graph'] as const
type Tab = (typeof TABS)[number]
const KEY = 'rivulet:panel-tab'

function storedTab(): Tab {
  return TABS.find((tab) => tab === remembered.get(KEY)) ?? 'outline'
}

export function SidePanel({ notebook, store }: { notebook: Notebook; store: NotebookStore }) {
  const [tab, setTab] = useState<Tab>(storedTab)
  const id = useId()
  const choose = (next: Tab) => {
    remembered.set(KEY, next)
    setTab(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!by) return
    const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] ?? tab
    choose(next)
    document.getElementById(`${id}-${next}`)?.focus()
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div role="tablist" aria-label="Side panel" onKeyDown={onKeyDown} className="flex gap-1 px-2 pt-2.5 pb-1.5">
        {TABS.map((name) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={tab === name}
            aria-controls={`${id}-panel`}
            tabIndex={tab === name ? 0 : -1}
            onClick={() => choose(name)}
            className={cx('panel-tab', tab === name && 'panel-tab-on')}
          >
            {name}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${tab}`}
        className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-3"
      >
        {tab === 'outline' && <Outline notebook={notebook} />}
        {tab === 'variables' && <Variables notebook={notebook} store={store} />}
        {tab === 'graph' && <Graph notebook={notebook} />}
      </div>
    </div>
  )
}
