import type { Screen } from './screen.ts'

/** Requests of this kind wait on their way, as on a slow line, until `letGo`. */
export async function held(screen: Screen, procedure: string): Promise<{ letGo: () => void }> {
  let letGo = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await screen.page.route(`**/trpc/${procedure}*`, async (route) => {
    await gate
    await route.continue()
  })
  return { letGo }
}
