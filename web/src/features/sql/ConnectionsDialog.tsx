import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { AddConnection } from './AddConnection.tsx'
import { ConnectionRow, type Edited } from './ConnectionRow.tsx'
import { type Connection, type ConnectionList, useConnectionList, useConnections } from './connections.ts'
import './sql.css'

/** Databases outside: what there is, and one more. */
export default function ConnectionsDialog({ onClose }: { onClose: () => void }) {
  const connections = useConnections()
  const list = useConnectionList()
  const [editing, setEditing] = useState<{ id: string; what: Edited }>()
  const own = list.status === 'loaded' ? list.connections : []
  return (
    <Dialog title="Database connections" look="wide" onClose={onClose}>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
        <p className="text-sm text-muted">
          SQL cells of your notebooks can ask these databases, besides the DuckDB that every notebook has. Connection strings are
          kept encrypted, never shown again, and never reach a cell.
        </p>
        <List list={list} onRetry={() => void connections.load()} />
        {own.length > 0 && (
          <ul aria-label="Connections" className="mt-3">
            {own.map((connection: Connection) => (
              <ConnectionRow
                key={connection.id}
                connection={connection}
                editing={editing?.id === connection.id ? editing.what : undefined}
                onEdit={(what) => setEditing(what && { id: connection.id, what })}
              />
            ))}
          </ul>
        )}
        <AddConnection />
      </div>
    </Dialog>
  )
}

function List({ list, onRetry }: { list: ConnectionList; onRetry: () => void }) {
  if (list.status === 'loading') return <p className="mt-3 text-sm text-muted">Loading…</p>
  if (list.status === 'failed') {
    return (
      <div role="alert" className="mt-3 flex flex-wrap items-center gap-3 text-sm text-bad">
        {list.message}
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      </div>
    )
  }
  if (!list.connections.length) return <p className="mt-3 text-sm">There is no connection yet.</p>
  return null
}
