import { readFileSync } from 'node:fs'

/** Linux only: rows that need these are left out elsewhere. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}
