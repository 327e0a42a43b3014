import type { Problem } from '../notebook/problems.ts'

/** Why a file was not taken. */
export class Refused extends Error {
  readonly problem: Problem

  constructor(problem: Problem, cause?: unknown) {
    super(problem.kind, { cause })
    this.problem = problem
  }
}

export const unreadable = (message: string): Refused => new Refused({ kind: 'unreadable-file', message })
