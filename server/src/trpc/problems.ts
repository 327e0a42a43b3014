import { TRPCError } from '@trpc/server'
import type { Problem } from '../notebook/problems.ts'
import { describeProblem } from '../notebook/problems.ts'

/** One line a problem; the compiler says when one is missing. */
const CODES = {
  'invalid-input': 'BAD_REQUEST',
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  'version-conflict': 'CONFLICT',
  'rev-conflict': 'CONFLICT',
  'too-large': 'PAYLOAD_TOO_LARGE',
  'too-many-requests': 'TOO_MANY_REQUESTS',
  'table-taken': 'CONFLICT',
  'unreadable-file': 'UNPROCESSABLE_CONTENT',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<Problem['kind'], TRPCError['code']>

/** An expected failure on its way to the client; `data.problem` there. */
export class ProblemError extends TRPCError {
  readonly problem: Problem

  constructor(problem: Problem, cause?: unknown) {
    super({ code: CODES[problem.kind], message: describeProblem(problem), cause })
    this.problem = problem
  }
}

/** The value, or the problem thrown for tRPC to carry. */
export function unwrap<T>(result: { ok: true; value: T } | { ok: false; problem: Problem }): T {
  if (result.ok) return result.value
  throw new ProblemError(result.problem)
}
