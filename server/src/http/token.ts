import type { Trust } from '../auth/trust.ts'
import type { Context } from '../trpc/context.ts'
import { ProblemError } from '../trpc/problems.ts'
import { isStorageFailure, storageProblem } from '../trpc/storage.ts'

/** The token of an `Authorization` header. */
export function bearer(header: string | undefined): string | undefined {
  return /^Bearer (\S+)$/i.exec(header ?? '')?.[1]
}

/**
 * Who calls, as far as the token tells.
 * @throws ProblemError when it cannot be found out: there is no context yet, so the error itself has the id that is in the log.
 */
export async function callerOf(
  trust: Trust,
  token: string | undefined,
  requestId: string,
): Promise<Pick<Context, 'user' | 'authProblem'>> {
  try {
    const verified = await trust.verify(token)
    return verified.ok ? { user: verified.user } : { user: null, authProblem: verified.reason }
  } catch (error) {
    throw isStorageFailure(error) ? storageProblem(error) : new ProblemError({ kind: 'internal', id: requestId }, error)
  }
}
