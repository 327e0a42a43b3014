import type { Screen } from './screen.ts'

/** Requests of this kind wait on their way, as on a slow line, until `letGo`; then they arrive, or the line is cut. */
export async function held(
  screen: Screen,
  procedure: string,
  end: 'continue' | 'abort' = 'continue',
): Promise<{ letGo: () => void }> {
  let letGo = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await screen.page.route(`**/trpc/${procedure}*`, async (route) => {
    await gate
    await route[end]()
  })
  return { letGo }
}
