import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { developmentHeaders } from './headers.ts'

/** The SPA from its sources, with hot reload, through the server's own port. */
export async function devPages(app: FastifyInstance, { root }: { root: string }): Promise<void> {
  // Only here: the built server loads neither.
  const [{ createServer }, { default: middie }] = await Promise.all([import('vite'), import('@fastify/middie')])
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
  app.use(async (request, response, next) => {
    const { url = '/' } = request
    for (const [name, value] of Object.entries(developmentHeaders(url))) response.setHeader(name, value)
    if (/^\/(api|trpc|healthz|readyz|metrics|cells\.d\.ts)(\/|\?|$)/.test(url)) next()
    // As it is: what Vite would add to it, a socket and an inline script, its policy refuses.
    else if (/^\/frame\.html(\?|$)/.test(url))
      response.setHeader('content-type', 'text/html; charset=utf-8').end(await readFile(resolve(root, 'frame.html')))
    else vite.middlewares(request, response, next)
  })
}
