import { ChevronDown, House, Plus } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { type Api, describeError, useClients } from '../../trpc.ts'
import { IconButton } from '../../ui/Button.tsx'
import { EditableText } from '../../ui/EditableText.tsx'
import { newId } from '../../ui/id.ts'
import { Menu, type MenuEntry } from '../../ui/Menu.tsx'
import { useSelected } from '../../ui/store.ts'
import { toast } from '../../ui/toast.ts'
import type { Notebook } from './Notebook.ts'

const TITLE_LENGTH = 200

type Summary = Awaited<ReturnType<Api['listNotebooks']['query']>>[number]

/** The person's notebooks as the server tells them; read when the menu opens, so nothing renders when they change. */
function useSummaries(api: Api): { readonly current: readonly Summary[] } {
  const summaries = useRef<readonly Summary[]>([])
  useEffect(() => {
    const onData = ({ data }: { data: readonly Summary[] }) => {
      summaries.current = data
    }
    const subscription = api.notebookList.subscribe(undefined, { onData })
    return () => subscription.unsubscribe()
  }, [api])
  return summaries
}

/** The title on the page is the title of the notebook on the page: it comes from the notebook, not from the list. */
export function Switcher({ notebook }: { notebook: Notebook }) {
  const title = useSelected(notebook.view, (view) => view.notebook.title)
  const id = useSelected(notebook.view, (view) => view.notebook.id)
  const readOnly = useSelected(notebook.view, (view) => view.notebook.role === 'viewer' || view.notebook.role === 'runner')
  const { api } = useClients()
  const summaries = useSummaries(api)
  const [, navigate] = useLocation()
  const create = () => {
    api.createNotebook.mutate({ opId: newId() }).then(
      (created) => navigate(`/n/${created.id}`),
      (error: unknown) => void toast(describeError(error), { tone: 'bad' }),
    )
  }

  const entries = (): MenuEntry[] => [
    { heading: 'Notebooks' },
    ...summaries.current.map((summary) => ({
      label: summary.id === id ? title : summary.title,
      checked: summary.id === id,
      onSelect: () => navigate(`/n/${summary.id}`),
    })),
    'separator',
    { label: 'New notebook', icon: <Plus size={14} />, onSelect: create },
    { label: 'All notebooks', icon: <House size={14} />, onSelect: () => navigate('/') },
  ]
  return (
    <div className="flex min-w-0 items-center">
      <EditableText
        value={title}
        label="Notebook title"
        maxLength={TITLE_LENGTH}
        onCommit={notebook.rename}
        readOnly={readOnly}
        className="text-[15px] font-semibold"
      />
      <Menu
        align="start"
        entries={entries}
        trigger={
          <IconButton label="Switch notebook">
            <ChevronDown size={15} aria-hidden />
          </IconButton>
        }
      />
    </div>
  )
}
