import type { NotebookEvent } from '@rivulet/server/notebook/events'
import { Settings2 } from 'lucide-react'
import { useCallback, useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { EMBEDDED_NAME, useConnectionList } from '../../sql/connections.ts'
import { manageConnections } from '../../sql/open.ts'
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
const concerns = ({ type }: Changed) => type === 'run.finished' || type === 'cell.deleted' || type === 'notebook.set'

/** Connections, their schemas, tables and columns; asked for when they are opened. */
export default function SchemaPanel({ notebook, store, onLeave }: Props) {
  const list = useConnectionList()
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
      <div className="px-1.5 pt-2.5">
        <Button size="small" onClick={manageConnections}>
          <Settings2 size={13} aria-hidden /> Manage connections…
        </Button>
      </div>
    </>
  )
}
