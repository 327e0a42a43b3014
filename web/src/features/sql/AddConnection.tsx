import { PlugZap, Plus } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { type Trial, useConnections } from './connections.ts'
import { TrialView } from './TrialView.tsx'
import { useAttempt } from './useAttempt.ts'

/** The string is typed once, as a password is, and leaves the page with the answer. */
export function AddConnection() {
  const connections = useConnections()
  const { attempt, refused, pending, forget } = useAttempt()
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const [readOnly, setReadOnly] = useState(true)
  const [trial, setTrial] = useState<Trial>()
  const id = useId()

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTrial(undefined)
    if (!(await attempt(() => connections.add({ name: name.trim(), url: url.trim(), readOnly })))) return
    setName('')
    setUrl('')
    setReadOnly(true)
  }
  const test = () => {
    setTrial(undefined)
    void attempt(async () => setTrial(await connections.test({ url: url.trim(), readOnly })))
  }
  const changed = () => {
    setTrial(undefined)
    forget()
  }
  return (
    <form aria-labelledby={`${id}-heading`} onSubmit={(event) => void submit(event)} className="mt-5" autoComplete="off">
      {/* Browsers look for the account that a secret belongs to: there is none. */}
      <input hidden readOnly autoComplete="username" value="" />
      <h3 id={`${id}-heading`} className="font-semibold">
        Add a PostgreSQL connection
      </h3>
      <div className="mt-2 grid gap-3 sm:grid-cols-[12rem_1fr]">
        <div>
          <label htmlFor={`${id}-name`} className="text-sm font-medium">
            Name
          </label>
          <input
            id={`${id}-name`}
            value={name}
            maxLength={100}
            placeholder="Sales"
            autoComplete="off"
            onChange={(event) => {
              setName(event.target.value)
              changed()
            }}
            className="field mt-1"
          />
        </div>
        <div>
          <label htmlFor={`${id}-url`} className="text-sm font-medium">
            Connection string
          </label>
          <input
            id={`${id}-url`}
            type="password"
            value={url}
            maxLength={4_000}
            // Not a sign-in: a password manager has nothing to fill in or to keep here.
            autoComplete="new-password"
            spellCheck={false}
            placeholder="postgresql://user:password@host:5432/database"
            aria-invalid={refused !== undefined}
            aria-describedby={`${id}-hint`}
            onChange={(event) => {
              setUrl(event.target.value)
              changed()
            }}
            className="field mt-1"
          />
        </div>
      </div>
      <label className="mt-3 flex items-center gap-2 text-sm">
        <input type="checkbox" checked={readOnly} onChange={({ target }) => setReadOnly(target.checked)} />
        Read-only: cells can change nothing there
      </label>
      <p
        id={`${id}-hint`}
        role={refused ? 'alert' : undefined}
        className={refused ? 'mt-2 text-sm text-bad' : 'mt-2 text-sm text-muted'}
      >
        {refused ?? 'With sslmode=verify-full the server proves who it is. The string cannot be read again, only replaced.'}
      </p>
      <TrialView trial={trial} />
      <div className="mt-3 flex flex-wrap gap-2">
        <Button type="submit" variant="primary" disabled={pending || !name.trim() || !url.trim()}>
          <Plus size={14} aria-hidden /> Add
        </Button>
        <Button disabled={pending || !url.trim()} onClick={test}>
          <PlugZap size={14} aria-hidden /> Test
        </Button>
        {pending && <span className="self-center text-sm text-muted">One moment…</span>}
      </div>
    </form>
  )
}
