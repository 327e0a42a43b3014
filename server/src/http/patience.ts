import type { FastifyRequest } from 'fastify'

/** What trickles in for longer holds a connection for nothing. */
const PATIENCE_MS = 60_000

const timers = new WeakMap<FastifyRequest['raw'], NodeJS.Timeout>()

/** Ends the connection of a request whose body is not there in time. */
export function expectBody({ raw }: FastifyRequest): void {
  const timer = setTimeout(() => raw.socket.destroy(), PATIENCE_MS)
  timer.unref()
  timers.set(raw, timer)
  const enough = () => clearTimeout(timer)
  raw.once('end', enough)
  raw.once('close', enough)
}

/** Something has come: a large body may take its time, as long as it goes on. */
export function bodyGoesOn({ raw }: FastifyRequest): void {
  timers.get(raw)?.refresh()
}

/** All of it has come. */
export function bodyIsThere({ raw }: FastifyRequest): void {
  clearTimeout(timers.get(raw))
}
