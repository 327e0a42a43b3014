import type { Cell, Output } from '@rivulet/server/notebook/model'

export interface ShownOutputs {
  readonly outputs: readonly Output[]
  /** So many at the beginning are of the cell's latest run; those behind stand from one before. */
  readonly fresh: number
}

const NONE: readonly Output[] = []

/**
 * What a cell shows: place by place its latest run's outputs, and where that run has none yet, what stood there before. Only a
 * run that has come to its own end takes the rest away: nothing collapses while runs follow one another, or when one is stopped.
 */
export function shownOutputs(cell: Cell | undefined, kept: readonly Output[] = NONE): ShownOutputs {
  const own = cell?.outputs ?? NONE
  const fresh = own.length
  if (kept.length <= fresh) return { outputs: own, fresh }
  return { outputs: fresh ? [...own, ...kept.slice(fresh)] : kept, fresh }
}
