import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'

export interface HealthOptions {
  /** Throws when the database does not answer. */
  checkDatabase: () => void
  /** The server takes no new work. */
  stopping: () => boolean
  /** It never will again: the database is broken. */
  damaged: () => boolean
  metrics: Metrics
}

/** `/healthz`, `/readyz` and `/metrics`. */
export async function healthRoutes(
  app: FastifyInstance,
  { checkDatabase, stopping, damaged, metrics }: HealthOptions,
): Promise<void> {
  app.addHook('onResponse', async (_request, reply) => metrics.answered(reply.statusCode, reply.elapsedTime / 1000))
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    if (damaged()) return reply.code(503).send({ status: 'database damaged' })
    if (stopping()) return reply.code(503).send({ status: 'stopping' })
    try {
      checkDatabase()
      return { status: 'ready' }
    } catch (error) {
      request.log.error(error, 'not ready')
      return reply.code(503).send({ status: 'not ready' })
    }
  })
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
}
