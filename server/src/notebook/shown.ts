import type { Cell, Output } from './model.ts'

export interface ShownOutputs {
  readonly outputs: Output[]
  /** So many at the beginning are of the cell's latest run; those behind stand from one before. */
  readonly fresh: number
}

/**
 * What a cell shows: place by place its latest run's outputs, and where that run has none yet, what stood there before. Only a
 * run that has come to its own end takes the rest away: nothing collapses while runs follow one another, or when one is stopped.
 */
export function shownOutputs({ outputs, earlier = [] }: Pick<Cell, 'outputs' | 'earlier'>): ShownOutputs {
  const fresh = outputs.length
  if (earlier.length <= fresh) return { outputs, fresh }
  return { outputs: fresh ? [...outputs, ...earlier.slice(fresh)] : earlier, fresh }
}
