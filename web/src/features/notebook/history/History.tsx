import { useState } from 'react'
import { describeError } from '../../../trpc.ts'
import { Button } from '../../../ui/Button.tsx'
import { useSelected } from '../../../ui/store.ts'
import type { Notebook } from '../Notebook.ts'
import type { NotebookStore } from '../NotebookStore.ts'
import { byDay, deedsOf, type Entry, namesOf, timeOf } from './describe.ts'
import { EntryDialog } from './EntryDialog.tsx'
import { useHistory } from './useHistory.ts'
import './history.css'

interface Props {
  notebook: Notebook
  store: NotebookStore
  onJump: (cellId: string) => void
}

/** Who did what to the notebook, and when; each entry opens with its texts, and can be gone back to. */
export default function History({ notebook, store, onJump }: Props) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useHistory(store, notebook.state.id)
  const [opened, setOpened] = useState<Entry>()
  const leave = (cellId: string) => {
    setOpened(undefined)
    onJump(cellId)
  }
  const entries = data?.pages.flatMap((page) => page.entries)
  if (error && !entries) return <p className="panel-empty">{describeError(error)}</p>
  if (entries?.length === 0) return <p className="panel-empty">What people change in this notebook appears here.</p>
  return (
    <>
      {entries &&
        byDay(entries).map(({ day, entries: ofDay }) => (
          <section key={day} aria-label={day}>
            <h3 className="history-day">{day}</h3>
            <ul>
              {ofDay.map((entry) => (
                <Row key={entry.id} notebook={notebook} entry={entry} onOpen={() => setOpened(entry)} />
              ))}
            </ul>
          </section>
        ))}
      {hasNextPage ? (
        <Button size="small" className="mx-2 mt-2" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Older changes
        </Button>
      ) : (
        entries && <p className="panel-empty">That is all that is kept.</p>
      )}
      {opened && <EntryDialog notebook={notebook} entry={opened} onJump={leave} onClose={() => setOpened(undefined)} />}
    </>
  )
}

function Row({ notebook, entry, onOpen }: { notebook: Notebook; entry: Entry; onOpen: () => void }) {
  const deeds = useSelected(notebook.view, (view) => deedsOf(view.notebook, entry))
  return (
    <li>
      <button type="button" className="panel-row history-entry" onClick={onOpen}>
        <span className="flex w-full items-baseline gap-2">
          <span className="truncate font-medium">{namesOf(entry.by)}</span>
          <time dateTime={entry.at} className="ml-auto shrink-0 text-[12px] text-muted tabular-nums">
            {clockOf(entry.at)}
          </time>
        </span>
        <span className="w-full text-[13px] text-muted">{deeds}</span>
      </button>
    </li>
  )
}

/** The day stands above. */
const clockOf = (iso: string) => timeOf(iso, new Date(iso).getTime())
