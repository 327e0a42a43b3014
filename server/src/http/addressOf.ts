import type { IncomingMessage } from 'node:http'

/** Where a request comes from: behind a proxy what that says, as Fastify's own `request.ip`. */
export function addressOf({ headers, socket }: IncomingMessage, behindProxy: boolean): string {
  const forwarded = behindProxy
    ? String(headers['x-forwarded-for'] ?? '')
        .split(',', 1)[0]
        ?.trim()
    : undefined
  return forwarded || (socket.remoteAddress ?? '')
}
