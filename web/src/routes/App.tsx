import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Tooltip } from '../ui/Tooltip.tsx'
import { SignedIn } from './SignedIn.tsx'

/** The app of one sign-in, in this element until what is answered is called. */
export function startApp(page: HTMLElement, generation: number): () => void {
  const root = createRoot(page)
  root.render(
    <StrictMode>
      <SignedIn generation={generation} />
      <Tooltip />
    </StrictMode>,
  )
  return () => root.unmount()
}
