import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { CELL_TYPES_FILE } from '../kernel/typescript/deno.ts'

/** `/cells.d.ts`: the names that cells can use without defining them, for editors and compilers. */
export async function typeRoutes(app: FastifyInstance): Promise<void> {
  const text = readFileSync(CELL_TYPES_FILE, 'utf8')
  app.get('/cells.d.ts', (_request, reply) =>
    reply
      .headers({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' })
      .send(text),
  )
}
