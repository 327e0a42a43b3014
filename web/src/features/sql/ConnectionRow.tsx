import { Database, Pencil, PlugZap, Trash2 } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Button, IconButton } from '../../ui/Button.tsx'
import { type Connection, placeOf, type Trial, useConnections } from './connections.ts'
import { TrialView } from './TrialView.tsx'
import { useAttempt } from './useAttempt.ts'

interface Props {
  connection: Connection
  renaming: boolean
  onRename: (on: boolean) => void
}

/** One connection: tried out, called otherwise, allowed to write, removed. */
export function ConnectionRow({ connection, renaming, onRename }: Props) {
  const { id, name, readOnly, problem } = connection
  const connections = useConnections()
  const { attempt, refused, pending } = useAttempt()
  const [trial, setTrial] = useState<Trial>()
  const [removing, setRemoving] = useState(false)
  const test = () => {
    setTrial(undefined)
    void attempt(async () => setTrial(await connections.test({ id })))
  }
  return (
    <li className="border-b border-line py-2.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        <Database size={16} aria-hidden className="shrink-0 text-muted" />
        {renaming ? (
          <Rename connection={connection} onDone={() => onRename(false)} />
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
          <IconButton label={`Rename ${name}`} disabled={pending} onClick={() => onRename(!renaming)}>
            <Pencil size={14} aria-hidden />
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

function Rename({ connection: { id, name }, onDone }: { connection: Connection; onDone: () => void }) {
  const connections = useConnections()
  const { attempt, refused, pending } = useAttempt()
  const [text, setText] = useState(name)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.select(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === name || (await attempt(() => connections.update({ id, name: text.trim() })))) onDone()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="min-w-[12rem] flex-1">
      <div className="flex gap-1.5">
        <input
          ref={input}
          aria-label={`New name of ${name}`}
          aria-invalid={refused !== undefined}
          value={text}
          maxLength={100}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            // Ends the renaming, not the dialog.
            event.preventDefault()
            onDone()
          }}
          className="field h-8!"
        />
        <Button type="submit" disabled={pending || !text.trim()}>
          Rename
        </Button>
      </div>
      {refused && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {refused}
        </p>
      )}
    </form>
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
