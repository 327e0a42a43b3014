import { lazy, Suspense, useEffect, useState } from 'react'
import { Route, Switch } from 'wouter'
import { session } from '../features/account/session.ts'
import { connectionsShown } from '../features/sql/open.ts'
import { ClientsContext, clientsOf } from '../trpc.ts'
import { useStore } from '../ui/store.ts'
import { loadNotebookRoute, notebookRoute } from './load.ts'

const HomeRoute = lazy(() => import('./HomeRoute.tsx'))
const NothingRoute = lazy(() => import('./NothingRoute.tsx'))
const ConnectionsDialog = lazy(() => import('../features/sql/ConnectionsDialog.tsx'))
const LateNotebookRoute = lazy(loadNotebookRoute)

function NotebookRoute({ id }: { id: string }) {
  const [Shown] = useState(() => notebookRoute()?.default ?? LateNotebookRoute)
  return <Shown id={id} />
}

/** One per sign-in: its clients live exactly as long. */
export function SignedIn({ generation }: { generation: number }) {
  const clients = clientsOf(generation)
  const managing = useStore(connectionsShown)
  useEffect(
    () => () => {
      connectionsShown.set(false)
      // StrictMode unmounts for a moment; only the end of the sign-in ends its clients.
      const now = session.state.get()
      if (now.status === 'signed-out' || now.generation !== generation) clients.close()
    },
    [clients, generation],
  )
  return (
    <ClientsContext value={clients}>
      <Suspense fallback={null}>
        <Switch>
          <Route path="/">
            <HomeRoute />
          </Route>
          <Route path="/demo">
            <NotebookRoute id="demo" />
          </Route>
          <Route path="/n/:id">{({ id }) => <NotebookRoute id={id} />}</Route>
          <Route>
            <NothingRoute />
          </Route>
        </Switch>
      </Suspense>
      <Suspense fallback={null}>{managing && <ConnectionsDialog onClose={() => connectionsShown.set(false)} />}</Suspense>
    </ClientsContext>
  )
}
