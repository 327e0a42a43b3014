import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface HealthOptions {
  /** Throws when the database does not answer. */
  checkDatabase: () => void
  gauges: Record<string, { help: string; read: () => number }>
}

/** `/healthz`, `/readyz` and `/metrics`. */
export async function healthRoutes(app: FastifyInstance, { checkDatabase, gauges }: HealthOptions): Promise<void> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const [name, { help, read }] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  }
  const seconds = new Histogram({
    name: 'rivulet_http_seconds',
    help: 'Time to answer an HTTP request.',
    labelNames: ['status'],
    registers: [registry],
  })
  app.addHook('onResponse', async (_request, reply) => {
    seconds.observe({ status: String(reply.statusCode) }, reply.elapsedTime / 1000)
  })
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    try {
      checkDatabase()
      return { status: 'ready' }
    } catch (error) {
      request.log.error(error, 'not ready')
      return reply.code(503).send({ status: 'not ready' })
    }
  })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
}
