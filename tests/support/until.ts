import { vi } from 'vitest'

/** Looks again until it is so, for what has no event of its own; how long it may take is the test's own limit. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(isSo, { interval: 20, timeout: 120_000 })
}
