import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

export interface UpgradeRequest {
  request: IncomingMessage
  socket: Duplex
  /** What came behind the request's head. */
  head: Buffer
}

export const isForWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

/**
 * Whoever offers a protocol that is not spoken here, as `curl --http2` does, is answered as if they had not (RFC 9110, 7.8): the connection
 * begins anew, with the same request but for the offer. What follows the head is read as ever, within the same limits.
 */
export function ignoreUpgrade(server: Server, { request, socket, head }: UpgradeRequest): void {
  const { method, url, httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.toLowerCase() !== 'upgrade') lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}
