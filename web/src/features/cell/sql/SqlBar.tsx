import type { Cell } from '@rivulet/server/notebook/model'
import { ChevronDown, Database, Gauge, Settings2, WandSparkles } from 'lucide-react'
import { IconButton } from '../../../ui/Button.tsx'
import { Menu, type MenuEntry } from '../../../ui/Menu.tsx'
import { toast } from '../../../ui/toast.ts'
import { type Connection, EMBEDDED_NAME, placeOf, useConnectionList } from '../../sql/connections.ts'
import { manageConnections } from '../../sql/open.ts'
import { useHost, useOfDraft } from '../host.ts'
import { explained } from './explain.ts'
import { ResultName } from './ResultName.tsx'
import '../../sql/sql.css'

/** What a SQL cell has besides its text: where it runs, what its result is called, and help with the text. */
export default function SqlBar({ cell, position }: { cell: Cell; position: number }) {
  const { readOnly } = useHost()
  return (
    <div className="sql-bar">
      <ConnectionChooser cell={cell} position={position} />
      <ResultName cell={cell} position={position} />
      {!readOnly && <Helpers cell={cell} position={position} />}
    </div>
  )
}

function nameOf(id: string | undefined, connections: readonly Connection[] | undefined): string {
  if (id === undefined) return EMBEDDED_NAME
  if (!connections) return 'A connection'
  return connections.find((connection) => connection.id === id)?.name ?? 'A connection that is not there'
}

function ConnectionChooser({ cell, position }: { cell: Cell; position: number }) {
  const { actions, readOnly } = useHost()
  const list = useConnectionList()
  const connections = list.status === 'loaded' ? list.connections : undefined
  const name = nameOf(cell.connectionId, connections)
  if (readOnly) {
    return (
      <span className="inline-flex items-center gap-1.5">
        <Database size={13} aria-hidden /> {name}
      </span>
    )
  }
  const choose = (connectionId: string | null) => actions.set([cell.id], { connectionId })
  const entries = (): MenuEntry[] => [
    { heading: 'Runs on' },
    { label: EMBEDDED_NAME, checked: cell.connectionId === undefined, onSelect: () => choose(null) },
    ...(connections ?? []).map((connection) => ({
      label: connection.name,
      note: connection.problem ? 'cannot be used' : connection.readOnly ? 'reads only' : placeOf(connection).split('/').at(-1),
      checked: cell.connectionId === connection.id,
      onSelect: () => choose(connection.id),
    })),
    'separator',
    { label: 'Manage connections…', icon: <Settings2 size={14} />, onSelect: manageConnections },
  ]
  return (
    <Menu
      entries={entries}
      align="start"
      trigger={
        <button type="button" className="sql-connection" aria-label={`Cell ${position} runs on ${name}`}>
          <Database size={13} aria-hidden className="shrink-0 text-muted" />
          <span className="truncate">{cell.connectionId === undefined ? 'DuckDB' : name}</span>
          <ChevronDown size={12} aria-hidden className="shrink-0 text-muted" />
        </button>
      }
    />
  )
}

function Helpers({ cell, position }: { cell: Cell; position: number }) {
  const { drafts, actions } = useHost()
  const blank = useOfDraft(cell.id, ({ text }) => text.trim() === '')
  const refuse = (message: string) => void toast(message, { tone: 'bad' })
  const format = async () => {
    const { formatted } = await import('./format.ts')
    const { text } = drafts.get(cell.id).get()
    const answer = formatted(text, cell.connectionId === undefined ? 'duckdb' : 'postgresql')
    if (!answer.ok) return refuse(answer.reason)
    // Somebody may have typed while the formatter was on its way.
    if (drafts.get(cell.id).get().text === text && answer.text !== text) drafts.type(cell.id, answer.text)
  }
  const explain = () => {
    const answer = explained(drafts.get(cell.id).get().text)
    if (!answer.ok) return refuse(answer.reason)
    void actions.insertAndRun({
      language: 'sql',
      after: cell.id,
      source: answer.text,
      ...(cell.connectionId !== undefined && { connectionId: cell.connectionId }),
    })
  }
  return (
    <span className="ml-auto flex gap-0.5">
      <IconButton
        label={`Format cell ${position}`}
        disabled={blank}
        onClick={() => void format().catch((error: Error) => refuse(`The formatter could not be loaded: ${error.message}`))}
      >
        <WandSparkles size={13} aria-hidden />
      </IconButton>
      <IconButton label={`Explain cell ${position}: show its plan below`} disabled={blank} onClick={explain}>
        <Gauge size={14} aria-hidden />
      </IconButton>
    </span>
  )
}
