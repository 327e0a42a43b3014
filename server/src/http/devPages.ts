import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import middie from '@fastify/middie'
import type { FastifyInstance } from 'fastify'
import { ASSET_HEADERS, FRAME_HEADERS, pageHeaders } from './headers.ts'

/**
 * What the chart frame loads. It has no origin, so these answer everybody, as the built files do; the sources of the app,
 * and whatever else Vite would read from this disk, answer the app alone.
 */
const CHART_CODE = [
  /^\/(src\/frame|node_modules\/\.vite\/deps)\/[\w.-]+\.(ts|js)$/,
  /^\/@fs\/[\w./@+-]+\/plotly\.js-strict-dist-min\/plotly-strict\.min\.js$/,
]

function headersFor(url: string): Record<string, string> {
  // The query says nothing about which file is read.
  const path = url.split('?')[0] ?? ''
  return FRAME_HEADERS[path.slice(1)] ?? (CHART_CODE.some((code) => code.test(path)) ? ASSET_HEADERS : pageHeaders(true))
}

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
  app.use(async (request, response, next) => {
    const { url = '/' } = request
    for (const [name, value] of Object.entries(headersFor(url))) response.setHeader(name, value)
    if (/^\/(api|trpc|healthz|readyz|metrics)(\/|\?|$)/.test(url)) next()
    // As it is: what Vite would add to it, a socket and an inline script, its policy refuses.
    else if (/^\/frame\.html(\?|$)/.test(url))
      response.setHeader('content-type', 'text/html; charset=utf-8').end(await readFile(resolve(root, 'frame.html')))
    else vite.middlewares(request, response, next)
  })
}
