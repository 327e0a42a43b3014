import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Trust } from '../auth/trust.ts'
import { Refused } from '../files/refused.ts'
import type { Uploads } from '../files/uploads.ts'
import type { AuthedContext, Services } from '../trpc/context.ts'
import { actorOf } from '../trpc/context.ts'
import { isStorageFailure, storageProblem } from '../trpc/storage.ts'
import type { Origins } from './origins.ts'
import { bodyGoesOn } from './patience.ts'
import { replyWith } from './problemReply.ts'
import { viaOf } from './sockets.ts'
import { bearer } from './token.ts'

export interface FileRouteOptions {
  trust: Trust
  origins: Origins
  services: Pick<Services, 'rate' | 'stopping'>
  uploads: Uploads
  onError: (error: unknown, path: string | undefined, requestId: string) => void
}

const Query = z.object({
  name: z.string().min(1).max(1_000),
  table: z.string().min(1).max(255).optional(),
  replace: z.enum(['true', 'false']).default('false'),
})

/**
 * `POST /api/notebooks/<id>/files?name=cars.csv`: the body is the file. It goes to the disk as it comes, and is never in memory as a
 * whole. A token says who sends it: cookies mean nothing here.
 */
export async function fileRoutes(app: FastifyInstance, options: FileRouteOptions): Promise<void> {
  app.removeAllContentTypeParsers()
  // Whatever it says that it is.
  app.addContentTypeParser('*', (_request, body, done) => done(null, body))
  app.post<{ Params: { id: string } }>('/api/notebooks/:id/files', async (request, reply) => {
    try {
      return await take(request, options)
    } catch (error) {
      // The sender has gone away: nobody hears this.
      if (request.raw.destroyed && !request.raw.complete) return reply.hijack()
      if (error instanceof Refused) return replyWith(reply, error.problem)
      options.onError(error, request.url.split('?')[0], request.id)
      return replyWith(reply, isStorageFailure(error) ? storageProblem(error).problem : { kind: 'internal', id: request.id })
    } finally {
      // Whoever sends hears the answer once everything has been taken, and keeps the connection.
      request.raw.resume()
    }
  })
}

async function take(request: FastifyRequest<{ Params: { id: string } }>, options: FileRouteOptions) {
  const by = actorOf(await caller(request, options))
  const query = Query.safeParse(request.query)
  if (!query.success) throw invalid(query.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })))
  const { name, table, replace } = query.data
  const gone = new AbortController()
  const onClose = () => gone.abort()
  request.raw.socket.once('close', onClose)
  try {
    return await options.uploads.take({
      ...{ notebookId: request.params.id, by, name, table, replace: replace === 'true' },
      bytes: Number(request.headers['content-length'] ?? 0),
      from: bodyOf(request),
      onProgress: () => bodyGoesOn(request),
      signal: gone.signal,
    })
  } finally {
    request.raw.socket.off('close', onClose)
  }
}

/** Without a type the body was not looked at. */
function bodyOf(request: FastifyRequest): Readable {
  return (request.body as Readable | undefined) ?? request.raw
}

async function caller(
  request: FastifyRequest,
  { trust, origins, services }: FileRouteOptions,
): Promise<Pick<AuthedContext, 'user' | 'via'>> {
  const { origin, host = '', authorization } = request.headers
  if (origin && !origins.isTrustedOrigin(origin, host)) throw new Refused({ kind: 'forbidden', action: 'upload from this page' })
  if (services.stopping()) throw new Refused({ kind: 'unavailable', reason: 'shutting-down' })
  const verified = await trust.verify(bearer(authorization))
  if (!verified.ok) throw new Refused({ kind: 'unauthorized', reason: verified.reason })
  const retryAfterMs = services.rate.take(verified.user.userId)
  if (retryAfterMs > 0) throw new Refused({ kind: 'too-many-requests', what: 'rate', retryAfterMs })
  return { user: verified.user, via: viaOf(String(request.headers['x-rivulet-via'] ?? '')) }
}

const invalid = (issues: { path: string; message: string }[]) => new Refused({ kind: 'invalid-input', issues })
