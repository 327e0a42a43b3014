import type { FastifyReply, FastifyRequest } from 'fastify'

/** What trickles in for longer holds a connection for nothing, ms. */
export const BODY_MS = 60_000

const timers = new WeakMap<FastifyRequest['raw'], NodeJS.Timeout>()

/** Ends the connection of a request of which not everything has come in time. How long its answer takes is another matter. */
export function expectBody({ raw }: FastifyRequest, patienceMs: number): void {
  const timer = setTimeout(() => {
    if (!raw.complete) raw.socket.destroy()
  }, patienceMs)
  timer.unref()
  timers.set(raw, timer)
  raw.once('close', () => clearTimeout(timer))
}

/** Something has come: a large body may take its time, as long as it goes on. */
export function bodyGoesOn({ raw }: FastifyRequest): void {
  timers.get(raw)?.refresh()
}

/** Ends the connection of somebody who takes nothing of an answer for so long. How long the answer takes to be made is another matter. */
export function expectTaken({ raw }: FastifyReply, patienceMs: number): void {
  raw.setTimeout(patienceMs, () => {
    // Without a farewell, which would wait behind all that is not taken.
    if (raw.socket && raw.socket.writableLength > 0) raw.socket.resetAndDestroy()
  })
}
