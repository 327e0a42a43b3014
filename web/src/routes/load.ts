import { session } from '../features/account/session.ts'

export const loadSignedIn = () => import('./SignedIn.tsx')
export const loadNotebookRoute = () => import('./NotebookRoute.tsx')

const isNotebook = (path: string) => path === '/demo' || path.startsWith('/n/')

/**
 * Fetches what the page of a signed-in person will need all at once: else each part is found only when the one before has run.
 * Not the editor, which would be run before the cells are painted.
 */
export function fetchAhead(path: string): void {
  // The socket's first word is the token; that it is refused is told to who needs it.
  const parts: Promise<unknown>[] = [loadSignedIn(), session.token()]
  if (isNotebook(path)) parts.push(loadNotebookRoute())
  // What did not arrive is asked for again where it is needed, and missed there.
  void Promise.allSettled(parts)
}
