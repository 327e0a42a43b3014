import { session } from '../features/account/session.ts'

type NotebookRoute = typeof import('./NotebookRoute.tsx')

let loadedRoute: NotebookRoute | undefined

export const loadApp = () => import('./App.tsx')
export const loadNotebookRoute = async (): Promise<NotebookRoute> => {
  loadedRoute = await import('./NotebookRoute.tsx')
  return loadedRoute
}
/** If it is here already: what need not be waited for is rendered in one go. */
export const notebookRoute = (): NotebookRoute | undefined => loadedRoute

/** Which notebook the path shows, if it does. */
const notebookAt = (path: string) => (path === '/demo' ? 'demo' : /^\/n\/([^/]+)\/?$/.exec(path)?.[1])

/**
 * Fetches the code of the page of a signed-in person all at once: else each part is found only when the one before has run.
 * Not the editor, which would be run before the cells are painted.
 */
export function fetchCode(path: string): void {
  // What did not arrive is asked for again where it is needed, and missed there.
  loadFor(path).catch(() => undefined)
}

/** The app, when it can show what is at the path. */
export async function loadFor(path: string): Promise<typeof import('./App.tsx')> {
  const [app] = await Promise.all([loadApp(), notebookAt(path) && loadNotebookRoute()])
  return app
}

/**
 * The same for somebody who is signed in, and the notebook is asked for as soon as there is code to do so. The socket's first word is the
 * token; that it is refused is told to who needs it.
 */
export function fetchAhead(path: string): void {
  fetchCode(path)
  const id = notebookAt(path)
  void Promise.allSettled([session.token(), id && loadNotebookRoute().then(({ openAhead }) => openAhead(id))])
}
