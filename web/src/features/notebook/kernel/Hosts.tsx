import { Plus, X } from 'lucide-react'
import { type FormEvent, useId, useRef, useState } from 'react'
import { reasonOf } from '../../../trpc.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { useSelected } from '../../../ui/store.ts'
import type { Notebook } from '../Notebook.ts'

/** The hosts that the notebook's cells may reach: seen by everybody, decided by the owner. */
export function Hosts({ notebook }: { notebook: Notebook }) {
  const network = useSelected(notebook.view, (view) => view.notebook.network)
  const owned = useSelected(notebook.view, (view) => view.notebook.role === 'owner')
  const { change, refused, pending } = useNetwork(notebook)
  const headingId = useId()
  return (
    <section aria-labelledby={headingId} className="mt-6">
      <h3 id={headingId} className="font-semibold">
        Network
      </h3>
      <p className="mt-1 text-sm text-muted">
        {network.length ? 'Cells may reach these hosts and no others.' : 'Cells reach no host.'}{' '}
        {owned ? 'A change restarts the kernel: values are forgotten.' : 'Only the owner can change this.'}
      </p>
      <ul aria-label="Hosts that cells may reach" className="mt-2">
        {network.map((host) => (
          <li key={host} className="flex min-h-9 items-center gap-2 border-b border-line text-sm">
            <code className="min-w-0 flex-1 truncate">{host}</code>
            {owned && (
              <IconButton
                label={`Remove ${host}`}
                disabled={pending}
                onClick={() => void change(network.filter((other) => other !== host))}
              >
                <X size={14} aria-hidden />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {owned && <HostForm refused={refused} pending={pending} onAdd={(host) => change([...network, host])} />}
    </section>
  )
}

function useNetwork(notebook: Notebook) {
  const [refused, setRefused] = useState<string>()
  const [pending, setPending] = useState(false)
  /** False when it was refused. */
  const change = async (network: readonly string[]): Promise<boolean> => {
    setPending(true)
    setRefused(undefined)
    try {
      await notebook.setNetwork(network)
      return true
    } catch (error) {
      setRefused(reasonOf(error))
      return false
    } finally {
      setPending(false)
    }
  }
  return { change, refused, pending }
}

interface FormProps {
  refused: string | undefined
  pending: boolean
  onAdd: (host: string) => Promise<boolean>
}

function HostForm({ refused, pending, onAdd }: FormProps) {
  const [host, setHost] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (await onAdd(host.trim())) setHost('')
    // The button cannot keep it: there is nothing to allow now, or something to mend.
    input.current?.focus()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="mt-3">
      <label htmlFor={id} className="text-sm font-medium">
        Let cells reach a host
      </label>
      <div className="mt-1 flex gap-2">
        <input
          ref={input}
          id={id}
          value={host}
          onChange={(event) => setHost(event.target.value)}
          placeholder="api.example.org"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={refused !== undefined}
          aria-describedby={`${id}-hint`}
          className="field"
        />
        <Button type="submit" variant="primary" className="h-10!" disabled={pending || host.trim() === ''}>
          <Plus size={14} aria-hidden /> Allow
        </Button>
      </div>
      <p
        id={`${id}-hint`}
        role={refused ? 'alert' : undefined}
        className={refused ? 'mt-1 text-sm text-bad' : 'mt-1 text-sm text-muted'}
      >
        {refused ?? 'A name, with a port where it is not the usual one; no address of a page.'}
      </p>
    </form>
  )
}
