import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { applyWSSHandler, type CreateWSSContextFnOptions } from '@trpc/server/adapters/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Trust } from '../auth/trust.ts'
import { LIMITS } from '../notebook/model.ts'
import type { Context, Services } from '../trpc/context.ts'
import { ProblemError } from '../trpc/problems.ts'
import { type AppRouter, appRouter } from '../trpc/router.ts'
import type { Origins } from './origins.ts'

export const CLOSE = { tokenEnded: 4401, noParams: 4408, restarting: 1012 } as const

export interface SocketOptions {
  trust: Trust
  origins: Origins
  services: Services
  subscriptionsPerSocket: number
  handshakeMs: number
  onError: (error: unknown, path: string | undefined, requestId: string) => void
}

export interface Sockets {
  count(): number
  /** Ends every socket of a user, as if the token had ended: clients that still have a session come back. */
  closeUser(userId: string): void
  /** Tells clients to connect anew, and ends what is left. */
  close(): Promise<void>
}

const LONGEST_TIMER_MS = 2 ** 31 - 1
const PATH = '/trpc'

/** The WebSocket side of the API, on the HTTP server's own port. */
export function attachSockets(server: Server, options: SocketOptions): Sockets {
  // Compression doubles a socket's memory and costs five times the CPU.
  const wss = new WebSocketServer({ noServer: true, maxPayload: LIMITS.messageBytes, perMessageDeflate: false })
  const owners = new Map<WebSocket, string>()
  const timers = new WeakMap<WebSocket, NodeJS.Timeout>()
  server.on('upgrade', (request, socket, head) => upgrade(wss, options.origins, request, socket, head))
  wss.on('connection', (socket) => {
    timers.set(
      socket,
      setTimeout(() => socket.close(CLOSE.noParams, 'no connectionParams'), options.handshakeMs),
    )
    socket.on('close', () => {
      clearTimeout(timers.get(socket))
      owners.delete(socket)
    })
    // A frame that is too large or malformed ends its own socket, nothing else.
    socket.on('error', () => socket.terminate())
  })
  const handler = applyWSSHandler<AppRouter>({
    wss,
    router: appRouter,
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
    createContext: async (connection) => {
      const context = await socketContext(connection, options)
      if (!context.user) return context
      clearTimeout(timers.get(connection.res))
      owners.set(connection.res, context.user.userId)
      endWithToken(connection.res, context.user.expiresAt)
      return context
    },
    onError: ({ error, path, ctx }) => options.onError(error, path, ctx?.requestId ?? ''),
  })
  return {
    count: () => wss.clients.size,
    closeUser: (userId) => {
      for (const [socket, owner] of owners) if (owner === userId) socket.close(CLOSE.tokenEnded, 'signed out')
    },
    close: async () => {
      handler.broadcastReconnectNotification()
      await pause(100)
      for (const socket of wss.clients) socket.close(CLOSE.restarting, 'restarting')
      await pause(100)
      for (const socket of wss.clients) socket.terminate()
      wss.close()
    },
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Origin and name are checked before there is a socket. Other paths are left to others (in development Vite's). */
function upgrade(wss: WebSocketServer, origins: Origins, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { origin, host = '' } = request.headers
  if (new URL(request.url ?? '/', 'http://server').pathname !== PATH) return
  const status = !origins.isKnownHost(host)
    ? '421 Misdirected Request'
    : origin && !origins.isTrustedOrigin(origin, host)
      ? '403 Forbidden'
      : undefined
  if (status) {
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    return
  }
  wss.handleUpgrade(request, socket, head, (webSocket) => wss.emit('connection', webSocket, request))
}

/** Once a socket. Without connectionParams there is no user, and the hand-shake timer goes on. */
async function socketContext(
  { info, res }: CreateWSSContextFnOptions,
  { trust, services, subscriptionsPerSocket }: SocketOptions,
): Promise<Context> {
  const base = {
    requestId: randomUUID(),
    services,
    slots: { free: subscriptionsPerSocket },
    reader: { backlog: () => res.bufferedAmount, drop: () => res.terminate() },
  }
  const params = info.connectionParams
  if (!params) return { ...base, user: null, authProblem: 'no-token', via: 'api' }
  const verified = await trust.verify(params.token)
  if (!verified.ok) throw new ProblemError({ kind: 'unauthorized', reason: verified.reason })
  return { ...base, user: verified.user, via: viaOf(params.via) }
}

export function viaOf(text: string | undefined): Context['via'] {
  return text === 'ui' || text === 'agent' ? text : 'api'
}

function endWithToken(socket: WebSocket, expiresAt: string): void {
  const left = Math.min(Math.max(0, Date.parse(expiresAt) - Date.now()), LONGEST_TIMER_MS)
  const timer = setTimeout(() => socket.close(CLOSE.tokenEnded, 'token expired'), left)
  socket.once('close', () => clearTimeout(timer))
}
