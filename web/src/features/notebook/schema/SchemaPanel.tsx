import type { NotebookEvent } from '@rivulet/server/notebook/events'
import { Settings2 } from 'lucide-react'
import { useCallback, useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { useSelected } from '../../../ui/store.ts'
import { EMBEDDED_NAME, useConnectionList } from '../../sql/connections.ts'
import { manageConnections } from '../../sql/open.ts'
import { UploadButton } from '../files/UploadButton.tsx'
import type { Notebook } from '../Notebook.ts'
import type { NotebookStore } from '../NotebookStore.ts'
import { useRefresh } from '../panel/useRefresh.ts'
import { ConnectionNode } from './ConnectionNode.tsx'
import { nameInto } from './nameInto.ts'
import '../../sql/sql.css'

type Changed = Extract<NotebookEvent, { type: 'changes' }>['changes'][number]

interface Props {
  notebook: Notebook
  store: NotebookStore
  /** Before a name is written: a panel that covers the page has to leave. */
  onLeave?: (() => void) | undefined
}

/** Whatever may make or drop a table. */
const CONCERNS: ReadonlySet<Changed['type']> = new Set([
  'run.finished',
  'cell.deleted',
  'notebook.set',
  'file.set',
  'file.removed',
])
const concerns = ({ type }: Changed) => CONCERNS.has(type)

/** Connections, their schemas, tables and columns; asked for when they are opened. */
export default function SchemaPanel({ notebook, store, onLeave }: Props) {
  const list = useConnectionList()
  const role = useSelected(notebook.view, (view) => view.notebook.role)
  const mayWrite = role === 'owner' || role === 'editor'
  const [turn, setTurn] = useState(0)
  useRefresh(
    store,
    concerns,
    useCallback(() => setTurn((now) => now + 1), []),
  )
  const connections = list.status === 'loaded' ? list.connections : []
  const all = [{ id: undefined, name: EMBEDDED_NAME }, ...connections]
  return (
    <>
      <ul aria-label="Databases">
        {all.map(({ id, name }) => (
          <ConnectionNode
            key={id ?? 'embedded'}
            id={id}
            name={name}
            schemas={notebook.schemas}
            turn={turn}
            {...(mayWrite && { onRemoveFile: notebook.removeFile })}
            onName={(text, table) => {
              onLeave?.()
              nameInto(notebook, text, { table, connectionId: id })
            }}
          />
        ))}
      </ul>
      {list.status === 'failed' && (
        <p role="alert" className="panel-empty text-bad!">
          {list.message}
        </p>
      )}
      <div className="flex flex-wrap gap-1.5 px-1.5 pt-2.5">
        {mayWrite && <UploadButton uploads={notebook.uploads} />}
        <Button size="small" onClick={manageConnections}>
          <Settings2 size={13} aria-hidden /> Manage connections…
        </Button>
      </div>
    </>
  )
}
