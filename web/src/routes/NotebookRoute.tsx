import { lazy, useEffect } from 'react'
import { useLocation } from 'wouter'
import { session } from '../features/account/session.ts'
import { NotebookPage } from '../features/notebook/NotebookPage.tsx'
import type { NotebookPhase } from '../features/notebook/NotebookStore.ts'
import * as registry from '../features/notebook/registry.ts'
import { clientsOf } from '../trpc.ts'
import { useSelected } from '../ui/store.ts'
import { useDelayed } from '../ui/useDelayed.ts'

const Refusal = lazy(() => import('./Refusal.tsx'))

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
  if (phase.status === 'refused') return <Refusal {...phase} id={id} onRetry={() => store.retry()} />
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
