import { Database, KeyRound, Pencil, PlugZap, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button, IconButton } from '../../ui/Button.tsx'
import { ConnectionField } from './ConnectionField.tsx'
import { type Connection, placeOf, type Trial, useConnections } from './connections.ts'
import { TrialView } from './TrialView.tsx'
import { useAttempt } from './useAttempt.ts'

interface Props {
  connection: Connection
  editing: Edited | undefined
  onEdit: (what: Edited | undefined) => void
}

/** What of it is being written anew. */
export type Edited = 'name' | 'string'

/** One connection: tried out, called otherwise, led elsewhere, allowed to write, removed. */
export function ConnectionRow({ connection, editing, onEdit }: Props) {
  const { id, name, readOnly, problem } = connection
  const connections = useConnections()
  const { attempt, refused, pending } = useAttempt()
  const [trial, setTrial] = useState<Trial>()
  const [removing, setRemoving] = useState(false)
  const test = () => {
    setTrial(undefined)
    void attempt(async () => setTrial(await connections.test({ id })))
  }
  const toggle = (what: Edited) => {
    // What came of the string before says nothing about another one.
    setTrial(undefined)
    onEdit(editing === what ? undefined : what)
  }
  return (
    <li className="border-b border-line py-2.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        <Database size={16} aria-hidden className="shrink-0 text-muted" />
        {editing ? (
          <Editing key={editing} connection={connection} editing={editing} onDone={() => onEdit(undefined)} />
        ) : (
          <div className="min-w-[10rem] flex-1">
            <p className="truncate font-medium">{name}</p>
            <p className="truncate text-xs text-muted">{placeOf(connection)}</p>
          </div>
        )}
        <label className="flex items-center gap-1.5 text-xs text-muted">
          <input
            type="checkbox"
            checked={readOnly}
            disabled={pending}
            aria-label={`${name}: read-only`}
            onChange={({ target }) => void attempt(() => connections.update({ id, readOnly: target.checked }))}
          />
          read-only
        </label>
        <span className="flex gap-0.5">
          <IconButton label={`Test ${name}`} disabled={pending} onClick={test}>
            <PlugZap size={15} aria-hidden />
          </IconButton>
          <IconButton label={`Rename ${name}`} disabled={pending} onClick={() => toggle('name')}>
            <Pencil size={14} aria-hidden />
          </IconButton>
          <IconButton label={`Replace the connection string of ${name}`} disabled={pending} onClick={() => toggle('string')}>
            <KeyRound size={14} aria-hidden />
          </IconButton>
          <IconButton label={`Remove ${name}`} disabled={pending} onClick={() => setRemoving(true)}>
            <Trash2 size={14} aria-hidden />
          </IconButton>
        </span>
      </div>
      {problem && <p className="mt-1.5 text-sm text-bad">{problem}</p>}
      {removing && (
        <Confirm
          name={name}
          pending={pending}
          onConfirm={() => void attempt(() => connections.remove(id))}
          onCancel={() => setRemoving(false)}
        />
      )}
      {pending && !removing && <p className="mt-1.5 text-sm text-muted">One moment…</p>}
      {refused && (
        <p role="alert" className="mt-1.5 text-sm text-bad">
          {refused}
        </p>
      )}
      <TrialView trial={trial} />
    </li>
  )
}

function Editing({ connection: { id, name }, editing, onDone }: { connection: Connection; editing: Edited; onDone: () => void }) {
  const connections = useConnections()
  if (editing === 'name') {
    return (
      <ConnectionField
        {...{ label: `New name of ${name}`, action: 'Rename', now: name, maxLength: 100, onDone }}
        onSave={(text) => connections.update({ id, name: text })}
      />
    )
  }
  return (
    <ConnectionField
      {...{ label: `New connection string of ${name}`, action: 'Replace', secret: true, maxLength: 4_000, onDone }}
      placeholder="postgresql://user:password@host:5432/database"
      onSave={(url) => connections.update({ id, url })}
    />
  )
}

interface ConfirmProps {
  name: string
  pending: boolean
  onConfirm: () => void
  onCancel: () => void
}

function Confirm({ name, pending, onConfirm, onCancel }: ConfirmProps) {
  const cancel = useRef<HTMLButtonElement>(null)
  useEffect(() => cancel.current?.focus(), [])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls; these are two answers to one question
    <div
      role="group"
      aria-label={`Remove ${name}?`}
      className="mt-2 flex flex-wrap items-center gap-2 rounded-lg bg-bad-soft p-2.5"
    >
      <p className="min-w-[12rem] flex-1 text-sm">
        Remove “{name}”? Its string is forgotten, and cells that use it fail until they are given another connection.
      </p>
      <Button size="small" variant="danger" disabled={pending} onClick={onConfirm}>
        Remove it
      </Button>
      <Button ref={cancel} size="small" onClick={onCancel}>
        Keep it
      </Button>
    </div>
  )
}
