import { randomUUID } from 'node:crypto'
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Trust } from '../auth/trust.ts'
import { LIMITS } from '../notebook/model.ts'
import type { Problem } from '../notebook/problems.ts'
import type { Context, Services } from '../trpc/context.ts'
import { type AppRouter, appRouter } from '../trpc/router.ts'
import { ANY_HEADERS } from './headers.ts'
import type { Origins } from './origins.ts'
import { BODY_MS, expectBody, expectTaken } from './patience.ts'
import { replyWith } from './problemReply.ts'
import { refuseNoRequest } from './rawReply.ts'
import { viaOf } from './sockets.ts'
import { bearer, callerOf } from './token.ts'

export interface AppOptions {
  logger: Logger
  trust: Trust
  origins: Origins
  services: Services
  /** Behind a proxy that sets X-Forwarded-*. */
  behindProxy: boolean
  /** How long a request may take to come in; a minute when nothing is said. */
  bodyMs?: number
  onError: (error: unknown, path: string | undefined, requestId: string) => void
}

const MAX_BATCH = 50
/** Answers with people's code, and with tokens: not to be kept on the way. */
const PRIVATE = /^\/(?:trpc|api)(?:[/?]|$)/
/** What answers to a token alone. */
const API = /^\/(?:trpc|api\/notebooks)(?:[/?]|$)/

/** The HTTP side: one gate for every route, then the API. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { bodyMs = BODY_MS } = options
  const app = fastify({
    bodyLimit: LIMITS.messageBytes,
    // Uploads take their time: every other request is expected within `bodyMs`.
    requestTimeout: 0,
    // A head that trickles in, and a connection that never begins one, are hung up on.
    http: { headersTimeout: Math.ceil(bodyMs / 3), connectionsCheckingInterval: Math.ceil(bodyMs / 12) },
    genReqId: () => randomUUID(),
    trustProxy: options.behindProxy,
    logger: false,
    clientErrorHandler: refuseNoRequest,
    // An address that cannot be decoded has no route, and passes no hook.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply.headers(ANY_HEADERS), options),
    routerOptions: { maxParamLength: 5_000, ignoreTrailingSlash: true },
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(PRIVATE.test(request.url) ? { ...ANY_HEADERS, 'cache-control': 'no-store' } : ANY_HEADERS)
    if (!options.origins.isKnownHost(request.headers.host ?? ''))
      return reply.code(421).send({ message: 'This server is not known by that name.' })
  })
  app.addHook('onRequest', async (request, reply) => {
    expectBody(request, bodyMs)
    // Files are read from the disk as they are taken; answers of the API are in memory.
    if (API.test(request.url)) expectTaken(reply, options.services.pace.cutAfterMs)
  })
  app.addHook('onRequest', async (request, reply) => allowListedPages(request, reply, options.origins))
  app.addHook('onResponse', async (request, reply) => {
    // Never the query, headers or body: they hold tokens and code.
    const path = request.url.split('?')[0]
    options.logger.info(
      { id: request.id, method: request.method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    )
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, options))
  await app.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: {
      router: appRouter,
      maxBatchSize: MAX_BATCH,
      // A query whose input is too long for a URL (`plan` with edits) may come as a POST.
      allowMethodOverride: true,
      createContext: ({ req }) => httpContext(req, options),
      onError: ({ error, path, req }) => options.onError(error, path, req.id),
    },
  } satisfies FastifyTRPCPluginOptions<AppRouter>)
  return app
}

/** Pages of other origins that are listed may call the API; who asks is told by the token, never by a cookie. */
async function allowListedPages(request: FastifyRequest, reply: FastifyReply, origins: Origins): Promise<unknown> {
  const { origin } = request.headers
  if (!origin || !API.test(request.url) || !origins.isListed(origin)) return undefined
  reply.headers({ 'access-control-allow-origin': origin, vary: 'Origin' })
  if (request.method !== 'OPTIONS') return undefined
  reply.headers({
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type, last-event-id, x-rivulet-via, trpc-accept',
    'access-control-max-age': '600',
  })
  return reply.code(204).send()
}

async function httpContext(request: FastifyRequest, { trust, services }: AppOptions): Promise<Context> {
  const caller = await callerOf(trust, bearer(request.headers.authorization), request.id)
  const via = viaOf(String(request.headers['x-rivulet-via'] ?? ''))
  const reader = { backlog: () => request.raw.socket.writableLength, drop: () => request.raw.socket.destroy() }
  return { requestId: request.id, via, reader, services, ...caller }
}

/** What Fastify itself refuses, in the shape of every other error of the API. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, options: AppOptions) {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status >= 500) options.onError(error, request.url.split('?')[0], request.id)
  return replyWith(reply, refusedWith(status, error, request), status)
}

function refusedWith(status: number, error: unknown, { headers, id }: FastifyRequest): Problem {
  if (status === 403) return { kind: 'forbidden', action: 'open this address' }
  if (status === 413) {
    const actual = Number(headers['content-length'] ?? LIMITS.messageBytes + 1)
    return { kind: 'too-large', what: 'message', limit: LIMITS.messageBytes, actual }
  }
  if (status >= 500) return { kind: 'internal', id }
  return { kind: 'invalid-input', issues: [{ path: '', message: error instanceof Error ? error.message : 'bad request' }] }
}
