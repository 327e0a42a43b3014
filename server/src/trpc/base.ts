import { initTRPC, type TRPCError } from '@trpc/server'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import { ZodError } from 'zod'
import { LIMITS } from '../notebook/model.ts'
import type { Problem } from '../notebook/problems.ts'
import type { Context } from './context.ts'
import { ProblemError } from './problems.ts'
import { isStorageFailure, storageProblem } from './storage.ts'

const t = initTRPC.context<Context>().create({
  isDev: false,
  // Proxies cut what is silent for long; a client that hears nothing for longer connects anew.
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 45_000 } },
  errorFormatter({ shape, error, path, ctx }) {
    const problem = problemOf(error, path, ctx)
    // What was thrown by mistake is for the log only: its text may hold anything.
    const message = error instanceof ProblemError ? error.message : problem.kind === 'internal' ? INTERNAL : shape.message
    return {
      ...shape,
      message: problem.kind === 'invalid-input' && error.cause instanceof ZodError ? issuesText(problem.issues) : message,
      // What does not parse is a bad request, whether the JSON or the input was wrong.
      ...(error.code === 'PARSE_ERROR' && { code: TRPC_ERROR_CODES_BY_KEY.BAD_REQUEST }),
      data: { ...shape.data, ...(error.code === 'PARSE_ERROR' && { code: 'BAD_REQUEST' as const }), problem },
    }
  },
})

const INTERNAL = 'Something went wrong on the server.'

function problemOf(error: TRPCError, path: string | undefined, ctx: Context | undefined): Problem {
  if (error instanceof ProblemError) return error.problem
  if (error.cause instanceof ProblemError) return error.cause.problem
  // Only of an input: something stored that does not parse is no fault of the caller.
  if (error.code === 'BAD_REQUEST' && error.cause instanceof ZodError) return invalid(error.cause)
  switch (error.code) {
    case 'NOT_FOUND':
      return { kind: 'not-found', what: 'procedure', id: path ?? '' }
    case 'PARSE_ERROR':
    case 'BAD_REQUEST':
    case 'METHOD_NOT_SUPPORTED':
    case 'UNSUPPORTED_MEDIA_TYPE':
      return { kind: 'invalid-input', issues: [{ path: '', message: error.message }] }
    case 'UNAUTHORIZED':
      return { kind: 'unauthorized', reason: 'bad-token' }
    case 'PAYLOAD_TOO_LARGE':
      return { kind: 'too-large', what: 'message', limit: LIMITS.messageBytes, actual: LIMITS.messageBytes + 1 }
    default:
      return { kind: 'internal', id: ctx?.requestId ?? '' }
  }
}

function invalid(error: ZodError): Problem {
  return { kind: 'invalid-input', issues: error.issues.flatMap((issue) => plainIssues(issue)) }
}

type ZodIssue = ZodError['issues'][number]

/** Of several shapes the one that was nearly met says what is wrong. */
function plainIssues(issue: ZodIssue, at: readonly PropertyKey[] = []): { path: string; message: string }[] {
  const path = [...at, ...issue.path]
  const [nearest] = issue.code === 'invalid_union' ? issue.errors.toSorted((a, b) => a.length - b.length) : []
  return nearest?.length
    ? nearest.flatMap((inner) => plainIssues(inner, path))
    : [{ path: path.map(String).join('.'), message: issue.message }]
}

const issuesText = (issues: { path: string; message: string }[]) =>
  issues.map(({ path, message }) => `${path}: ${message}`).join('; ')

export const { router } = t

/** For the few procedures that must work without a user. A subscription is not answered, it lasts: it is not timed. */
export const open = t.procedure.use(async ({ ctx, path, type, next }) => {
  if (type === 'subscription') return next()
  const from = performance.now()
  const result = await next()
  const failure = !result.ok && isStorageFailure(result.error) ? storageProblem(result.error) : undefined
  const code = result.ok ? 'OK' : (failure ?? result.error).code
  const seconds = (performance.now() - from) / 1_000
  ctx.services.onCall({ procedure: path, code, seconds, requestId: ctx.requestId, userId: ctx.user?.userId })
  if (failure) throw failure
  return result
})

/** Needs a user with a token that is still valid; and for anything that is more than looking, a server that goes on. */
const signedIn = open.use(({ ctx, type, next }) => {
  if (type === 'mutation' && ctx.services.stopping()) throw new ProblemError({ kind: 'unavailable', reason: 'shutting-down' })
  const { user } = ctx
  if (!user) throw new ProblemError({ kind: 'unauthorized', reason: ctx.authProblem ?? 'no-token' })
  if (Date.parse(user.expiresAt) <= Date.now()) throw new ProblemError({ kind: 'unauthorized', reason: 'expired-token' })
  return next({ ctx: { ...ctx, user } })
})

/** And room in one of the user's rate limits. */
const within = (limit: 'rate' | 'moves') =>
  signedIn.use(({ ctx, next }) => {
    const retryAfterMs = ctx.services[limit].take(ctx.user.userId)
    if (retryAfterMs > 0) throw new ProblemError({ kind: 'too-many-requests', what: 'rate', retryAfterMs })
    return next()
  })

export const authed = within('rate')
/** For what pages say many times a second by themselves: it must not use up what people may do. */
export const frequent = within('moves')
