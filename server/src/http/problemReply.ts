import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { FastifyReply } from 'fastify'
import type { Problem } from '../notebook/problems.ts'
import { ProblemError } from '../trpc/problems.ts'

/** A refusal outside of tRPC, in the shape of every other error of the API. */
export function replyWith(reply: FastifyReply, problem: Problem, status?: number) {
  const error = new ProblemError(problem)
  const httpStatus = status ?? getHTTPStatusCodeFromError(error)
  const data = { code: error.code, httpStatus, problem }
  return reply.code(httpStatus).send({ error: { message: error.message, code: TRPC_ERROR_CODES_BY_KEY[error.code], data } })
}
