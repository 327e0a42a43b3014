import { randomUUID } from 'node:crypto'
import type { Stamp } from '../notebook/decide/draft.ts'

/** By the clock of this machine. */
export function stampNow(): Stamp {
  const now = new Date()
  return { at: now.toISOString(), since: (at) => now.getTime() - Date.parse(at), id: randomUUID }
}
