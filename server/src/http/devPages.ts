import { resolve } from 'node:path'
import middie from '@fastify/middie'
import type { FastifyInstance } from 'fastify'
import { pageHeaders, SANDBOX_HEADERS } from './headers.ts'

/** The SPA from its sources, with hot reload, through the server's own port. */
export async function devPages(app: FastifyInstance, { root }: { root: string }): Promise<void> {
  // Only here: the built server never loads Vite.
  const { createServer } = await import('vite')
  const vite = await createServer({
    root,
    configFile: resolve(root, 'vite.config.ts'),
    appType: 'spa',
    // The default writes a file beside the config, which restarts whoever watches.
    configLoader: 'runner',
    logLevel: 'warn',
    server: { middlewareMode: true, hmr: { server: app.server } },
  })
  app.addHook('onClose', () => vite.close())
  await app.register(middie)
  app.use((request, response, next) => {
    const sandbox = request.url?.startsWith('/sandbox.html') === true
    for (const [name, value] of Object.entries(sandbox ? SANDBOX_HEADERS : pageHeaders(true))) response.setHeader(name, value)
    if (/^\/(api|trpc|healthz|readyz|metrics)(\/|\?|$)/.test(request.url ?? '')) next()
    else vite.middlewares(request, response, next)
  })
}
