import type { Screen } from './screen.ts'

interface Held {
  letGo: () => void
}

/** Requests of this kind wait on their way, as on a slow line, until `letGo`; then they arrive, or the line is cut. */
export const held = (screen: Screen, procedure: string, end: 'continue' | 'abort' = 'continue'): Promise<Held> =>
  heldAt(screen, `**/trpc/${procedure}*`, end)

export async function heldAt(screen: Screen, address: string, end: 'continue' | 'abort' = 'continue'): Promise<Held> {
  let letGo = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await screen.page.route(address, async (route) => {
    await gate
    await route[end]()
  })
  return { letGo }
}
