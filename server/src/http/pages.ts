import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ASSET_HEADERS, FRAME_HEADERS, pageHeaders } from './headers.ts'
import { withPreloads } from './preloads.ts'

/** Of a notebook, for whoever has been here: a stranger signs in first, and needs nothing of it until then. */
function opensNotebook({ url, headers }: FastifyRequest): boolean {
  return /^\/(demo|n\/[^/?]+)\/?(\?|$)/.test(url) && headers.cookie?.includes('session_token=') === true
}

/** The built SPA. Every path that is no file and no API is the app's own page. */
export async function builtPages(app: FastifyInstance, { folder }: { folder: string }): Promise<void> {
  const index = join(folder, 'index.html')
  if (!existsSync(index)) {
    app.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'The app is not built. Run: pnpm build' }))
    return
  }
  const page = readFileSync(index, 'utf8')
  const notebookPage = withPreloads(page, folder)
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (response, path) => {
      const assets = path.includes(`${folder}/assets/`)
      const headers = FRAME_HEADERS.get(basename(path)) ?? ASSET_HEADERS
      for (const [name, value] of Object.entries(headers)) response.header(name, value)
      response.header('cache-control', assets ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const headers = { ...pageHeaders(false), 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' }
  // The root is a folder, which the files' own route would refuse.
  app.get('/', (_request, reply) => reply.headers(headers).send(page))
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !/^\/(api|trpc|assets)(\/|$)/.test(request.url) &&
      !/\.\w+$/.test(request.url.split('?')[0] ?? '')
    if (wantsPage) return reply.headers(headers).send(opensNotebook(request) ? notebookPage : page)
    return reply.code(404).send({ message: 'Not found' })
  })
}
