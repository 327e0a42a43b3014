import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { SavedFile } from '../kernel/sql/engine.ts'
import type { Downloads } from '../session/downloads.ts'

const GONE = 'This download has begun already, or was not fetched in time: ask for it again.'

/** `/api/download?ticket=…`: the file that `downloadRows` has given a ticket for. The query is in no log, and good once. */
export async function downloadRoutes(app: FastifyInstance, downloads: Downloads): Promise<void> {
  app.get<{ Querystring: { ticket?: string } }>('/api/download', { exposeHeadRoute: false }, async (request, reply) => {
    const { ticket } = request.query
    const download = typeof ticket === 'string' ? await downloads.take(ticket) : undefined
    reply.header('cache-control', 'no-store')
    if (!download) return reply.code(404).send({ message: GONE })
    return reply
      .headers({
        'content-type': download.type,
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(download.name)}`,
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
      })
      .send(streamOf(download.file))
  })
}

/** Asks for a piece when there is room for it. Whoever goes away in the middle ends it where it is made. */
function streamOf(file: SavedFile): Readable {
  return new Readable({
    read() {
      file.next().then(
        (piece) => this.push(piece ?? null),
        // The connection is cut, so that nobody takes a part for the whole.
        (error: Error) => this.destroy(error),
      )
    },
    destroy(error, done) {
      file.close().then(
        () => done(error),
        (reason: Error) => done(error ?? reason),
      )
    },
  })
}
