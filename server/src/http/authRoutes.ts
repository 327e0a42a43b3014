import { fromNodeHeaders } from 'better-auth/node'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BUILT_IN, type BuiltInIssuer, IP_HEADER } from '../auth/issuer.ts'
import type { Origins } from './origins.ts'

export interface AuthRouteOptions {
  issuer: BuiltInIssuer
  origins: Origins
  /** Told before the answer of a sign-out is sent. */
  onSignOut: (identity: { iss: string; sub: string }) => void
  /** Told after an answer has been sent. */
  onAnswered: () => void
}

/** `/api/auth/*`: handed to the issuer, with the connection's own address and a checked origin. */
export async function authRoutes(
  app: FastifyInstance,
  { issuer, origins, onSignOut, onAnswered }: AuthRouteOptions,
): Promise<void> {
  app.addHook('onResponse', async () => onAnswered())
  // The issuer reads the body itself.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    handler: async (request, reply) => {
      const { origin, host = '' } = request.headers
      if (origin && !origins.isTrustedOrigin(origin, host))
        return reply.code(403).send({ code: 'FORBIDDEN_ORIGIN', message: 'This origin may not sign in here.' })
      const forwarded = toWebRequest(request)
      const leaving = request.url.startsWith('/api/auth/sign-out')
        ? await issuer.api.getSession({ headers: forwarded.headers })
        : null
      const response = await issuer.handler(forwarded)
      if (leaving && response.ok) onSignOut({ iss: BUILT_IN.issuer, sub: leaving.user.id })
      reply.code(response.status)
      for (const [name, value] of response.headers) if (name !== 'set-cookie') reply.header(name, value)
      const cookies = response.headers.getSetCookie()
      if (cookies.length > 0) reply.header('set-cookie', cookies)
      return reply.send(Buffer.from(await response.arrayBuffer()))
    },
  })
}

function toWebRequest(request: FastifyRequest): Request {
  const headers = fromNodeHeaders(request.headers)
  headers.set(IP_HEADER, request.ip)
  const own = `${request.protocol}://${request.headers.host ?? 'localhost'}`
  // A browser names its origin on every POST. Who does not is a script, and cannot be tricked with somebody's cookies.
  if (!headers.has('origin')) headers.set('origin', own)
  const body = request.method === 'POST' && Buffer.isBuffer(request.body) ? { body: new Uint8Array(request.body) } : {}
  return new Request(new URL(request.url, own), { method: request.method, headers, ...body })
}
