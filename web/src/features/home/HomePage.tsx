import type { NotebookSummary } from '@rivulet/server/notebook/model'
import { Plus, Search, Sparkles } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { describeError, useClients } from '../../trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { Logo } from '../../ui/Logo.tsx'
import { AccountMenu } from '../account/AccountMenu.tsx'
import { ThemeButton } from '../account/ThemeButton.tsx'
import { OfflineBanner } from '../connection/Banner.tsx'
import { ConnectionBadge } from '../connection/ConnectionBadge.tsx'
import { Bin } from './Bin.tsx'
import { NotebookRow } from './NotebookRow.tsx'
import { useNotebookActions } from './useNotebookActions.ts'
import { useNotebooks } from './useNotebooks.ts'

function found(notebooks: readonly NotebookSummary[], query: string): NotebookSummary[] {
  const wanted = query.trim().toLowerCase()
  return notebooks
    .filter(({ title }) => title.toLowerCase().includes(wanted))
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
}

export function HomePage() {
  const { connection } = useClients()
  const { data, error } = useNotebooks()
  const actions = useNotebookActions()
  const [query, setQuery] = useState('')
  const shown = useMemo(() => found(data ?? [], query), [data, query])
  useEffect(() => {
    document.title = 'Notebooks · Rivulet'
  }, [])
  return (
    <>
      <header className="sticky top-0 z-20 border-b border-line bg-surface">
        <div className="mx-auto flex h-13 max-w-3xl items-center gap-2.5 px-4">
          <Logo />
          <span className="font-semibold">Rivulet</span>
          <span className="flex-1" />
          <ConnectionBadge connection={connection} here={1} />
          <ThemeButton />
          <AccountMenu />
        </div>
        <OfflineBanner connection={connection} unsent={0} />
      </header>
      <main className="mx-auto max-w-3xl px-4 py-10">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-4">
          <h1 className="text-2xl font-semibold tracking-tight">Notebooks</h1>
          <div className="flex gap-2">
            <Button onClick={() => void actions.create('demo')}>
              <Sparkles size={14} aria-hidden /> New from the demo
            </Button>
            <Button variant="primary" onClick={() => void actions.create('blank')}>
              <Plus size={15} aria-hidden /> New
            </Button>
          </div>
        </div>
        <div className="relative mt-6">
          <Search size={16} aria-hidden className="absolute top-3 left-3 text-muted" />
          <input
            type="search"
            aria-label="Search notebooks"
            placeholder="Search"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            className="field pl-9"
          />
        </div>
        {error && !data && <p className="mt-6 text-bad">{describeError(error)}</p>}
        <ul aria-label="Notebooks" className="mt-4">
          {shown.map((notebook) => (
            <NotebookRow key={notebook.id} notebook={notebook} actions={actions} />
          ))}
        </ul>
        {data && !shown.length && (
          <p className="mt-8 text-center text-muted">
            {query ? `No notebook is called “${query}”.` : 'No notebooks yet: make a new one.'}
          </p>
        )}
        <Bin actions={actions} />
      </main>
    </>
  )
}
