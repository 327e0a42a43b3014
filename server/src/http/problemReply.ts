import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { FastifyReply } from 'fastify'
import type { Problem } from '../notebook/problems.ts'
import { ProblemError } from '../trpc/problems.ts'

type Code = TRPCError['code']

/** tRPC's name for each status that has one. */
const CODES: ReadonlyMap<number, Code> = new Map(
  (Object.keys(TRPC_ERROR_CODES_BY_KEY) as Code[])
    // The same status as BAD_REQUEST, which is what every answer of the API says.
    .filter((code) => code !== 'PARSE_ERROR')
    .map((code) => [getHTTPStatusCodeFromError(new TRPCError({ code })), code]),
)

/** A refusal outside of tRPC, in the shape of every other error of the API. With `status` that is the answer's, and names its code. */
export function replyWith(reply: FastifyReply, problem: Problem, status?: number) {
  const error = new ProblemError(problem)
  const httpStatus = status ?? getHTTPStatusCodeFromError(error)
  const code = CODES.get(httpStatus) ?? error.code
  const data = { code, httpStatus, problem }
  return reply.code(httpStatus).send({ error: { message: error.message, code: TRPC_ERROR_CODES_BY_KEY[code], data } })
}
