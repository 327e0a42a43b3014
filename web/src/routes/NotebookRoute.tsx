import { type ReactNode, useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import { session } from '../features/account/session.ts'
import { NotebookPage } from '../features/notebook/NotebookPage.tsx'
import type { NotebookPhase } from '../features/notebook/NotebookStore.ts'
import * as registry from '../features/notebook/registry.ts'
import { clientsOf } from '../trpc.ts'
import { Button } from '../ui/Button.tsx'
import { Logo } from '../ui/Logo.tsx'
import { useSelected } from '../ui/store.ts'
import { useDelayed } from '../ui/useDelayed.ts'

/** Before anything is rendered. */
export function openAhead(id: string): void {
  const state = session.state.get()
  if (state.status === 'signed-in') registry.openAhead(clientsOf(state.generation), id)
}

/** Keyed by the notebook: nothing of one notebook may show for a moment under the address of another. */
export default function NotebookRoute({ id }: { id: string }) {
  return <OpenNotebook key={id} id={id} />
}

/** Only what decides which page to show: the notebook's own changes are selected further down. */
function outcome(phase: NotebookPhase) {
  return phase.status === 'open' ? phase.view.notebook.id : phase.status
}

function OpenNotebook({ id }: { id: string }) {
  const store = registry.useNotebookStore(id)
  const shown = useSelected(store.phase, outcome)
  const phase = store.phase.get()
  const [, navigate] = useLocation()
  const realId = phase.status === 'open' ? phase.view.notebook.id : undefined

  useEffect(() => {
    if (realId && realId !== id) navigate(`/n/${realId}`, { replace: true })
  }, [realId, id, navigate])

  if (phase.status === 'open') return <NotebookPage key={shown} store={store} drafts={phase.drafts} />
  if (phase.status === 'refused' && phase.problem?.kind === 'not-found') return <NotFound />
  if (phase.status === 'refused') return <Refused message={phase.message} onRetry={() => store.retry()} />
  return <Opening />
}

function Opening() {
  const slow = useDelayed(true, 800)
  return (
    <main className="flex min-h-dvh items-center justify-center text-muted" aria-busy="true">
      {slow && <p role="status">Opening the notebook…</p>}
    </main>
  )
}

/** One that never was, one in the bin and somebody else's look the same from here. */
function NotFound() {
  return (
    <Message title="Notebook not found" text="It may be in the bin, belong to somebody else, or never have been there.">
      <Link href="/" className="link self-center">
        All notebooks
      </Link>
    </Message>
  )
}

function Refused({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <Message title="This notebook cannot be opened" text={message}>
      <Button variant="primary" onClick={onRetry}>
        Try again
      </Button>
      <Link href="/" className="link self-center">
        All notebooks
      </Link>
    </Message>
  )
}

function Message({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Rivulet`
  }, [title])
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 px-6 text-center">
      <Logo size={36} />
      <h1 className="text-xl font-semibold">{title}</h1>
      <p className="max-w-md text-muted">{text}</p>
      <div className="flex gap-4">{children}</div>
    </main>
  )
}
