/** Memory does not grow faster than it can be made, in MB a millisecond: so long one need not look again. */
const FASTEST_MB_PER_MS = 4
export const SOONEST_MS = 50
const LATEST_MS = 1_000

/** How long nobody has to look at a process that may take so much more. */
export const pauseWith = (leftMb: number): number => Math.min(Math.max(SOONEST_MS, leftMb / FASTEST_MB_PER_MS), LATEST_MS)
