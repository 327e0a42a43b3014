import { lazy, Suspense } from 'react'
import { SignIn } from '../features/account/SignIn.tsx'
import { session } from '../features/account/session.ts'
import { useStore } from '../ui/store.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import { fetchAhead, loadSignedIn } from './load.ts'

if (session.state.get().status === 'signed-in') fetchAhead(location.pathname)

const SignedIn = lazy(loadSignedIn)

export function App() {
  const state = useStore(session.state)
  return (
    <>
      {state.status === 'signed-out' ? (
        <SignIn expired={state.expired} destination={destinationOf(location.pathname)} />
      ) : (
        <Suspense fallback={null}>
          <SignedIn key={state.generation} generation={state.generation} />
        </Suspense>
      )}
      <Tooltip />
    </>
  )
}

function destinationOf(path: string): string | undefined {
  if (path === '/demo') return 'your demo notebook'
  return path.startsWith('/n/') ? 'the notebook' : undefined
}
