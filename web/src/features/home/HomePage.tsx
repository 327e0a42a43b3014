import { Plus, Search, Sparkles } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { describeError, useClients } from '../../trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { plural } from '../../ui/format.ts'
import { Logo } from '../../ui/Logo.tsx'
import { AccountMenu } from '../account/AccountMenu.tsx'
import { ThemeButton } from '../account/ThemeButton.tsx'
import { OfflineBanner } from '../connection/Banner.tsx'
import { ConnectionBadge } from '../connection/ConnectionBadge.tsx'
import { Bin } from './Bin.tsx'
import { NotebookRow } from './NotebookRow.tsx'
import { found, SORTINGS, type Sorting, storedSorting } from './sorting.ts'
import { useNotebookActions } from './useNotebookActions.ts'
import { useNotebooks } from './useNotebooks.ts'

export function HomePage() {
  const { connection } = useClients()
  const { data, error } = useNotebooks()
  const actions = useNotebookActions()
  const [query, setQuery] = useState('')
  const [sorting, setSorting] = useState<Sorting>(storedSorting.get)
  const shown = useMemo(() => found(data ?? [], query, sorting), [data, query, sorting])
  const sortBy = (next: Sorting) => {
    storedSorting.set(next)
    setSorting(next)
  }
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
          <ConnectionBadge connection={connection} />
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
        <div className="mt-6 flex flex-wrap gap-2">
          <div className="relative min-w-48 flex-1">
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
          <select
            aria-label="Sort notebooks"
            value={sorting}
            onChange={(event) => sortBy(event.target.value as Sorting)}
            className="field w-auto! text-sm"
          >
            {Object.entries(SORTINGS).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <p role="status" className="sr-only">
          {query && data && plural(shown.length, 'notebook found', 'notebooks found')}
        </p>
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
