import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { applyWSSHandler, type CreateWSSContextFnOptions } from '@trpc/server/adapters/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Trust } from '../auth/trust.ts'
import { LIMITS } from '../notebook/model.ts'
import type { Line } from '../session/audience.ts'
import type { Context, Services, User } from '../trpc/context.ts'
import { ProblemError } from '../trpc/problems.ts'
import { type AppRouter, appRouter } from '../trpc/router.ts'
import { Streams } from '../trpc/streams.ts'
import { addressOf } from './addressOf.ts'
import { encoder, framesOf } from './encoder.ts'
import type { Origins } from './origins.ts'
import { ignoreUpgrade, isForWebSocket, type UpgradeRequest } from './otherUpgrades.ts'
import { PacedSocket } from './pacedSocket.ts'
import { refuseRaw } from './rawReply.ts'
import { callerOf } from './token.ts'

export const CLOSE = { tokenEnded: 4401, noParams: 4408, restarting: 1012 } as const

export interface SocketOptions {
  trust: Trust
  origins: Origins
  services: Services
  subscriptionsPerSocket: number
  perUser: number
  /** Of one address, as long as they have no user. */
  unknownPerAddress: number
  /** A proxy says which address that is. */
  behindProxy: boolean
  handshakeMs: number
  /** Upgrades of other paths belong to somebody else (in development Vite); otherwise they are refused. */
  sharesServer: boolean
  onError: (error: unknown, path: string | undefined, requestId: string) => void
}

export interface Sockets {
  count(): number
  /** Bytes that wait for the slowest reader. */
  backlog(): number
  /** Ends every socket of a user, as if the token had ended: clients that still have a session come back. */
  closeUser(userId: string, why: string): void
  /** Tells clients to connect anew, and ends what is left. */
  close(): Promise<void>
}

/** Clients that were told to connect anew may find another server by then. */
const MOVING_MS = 100
const CLOSING_MS = 1_000
const LONGEST_TIMER_MS = 2 ** 31 - 1
/** When there may be room again for who holds too many sockets. tRPC's client comes back by itself, later each time. */
const RETRY_AFTER_MS = 10_000

/** What an accepted socket came by. */
interface Arrival {
  connection: Duplex
  /** It has a user now: it no longer counts to those of its address without one. */
  known(): void
}

/** The WebSocket side of the API, on the HTTP server's own port. */
export function attachSockets(server: Server, options: SocketOptions): Sockets {
  // Compression doubles a socket's memory and costs five times the CPU.
  const wss = new WebSocketServer({
    ...{ WebSocket: PacedSocket, noServer: true, maxPayload: LIMITS.messageBytes, perMessageDeflate: false },
  })
  const places = new Streams(options.perUser)
  const unknown = new Streams(options.unknownPerAddress)
  const arrivals = new WeakMap<WebSocket, Arrival>()
  const timers = new WeakMap<WebSocket, NodeJS.Timeout>()
  server.on('upgrade', (request, socket, head) => {
    if (isForWebSocket(request)) upgrade(wss, options, { request, socket, head, arrivals, unknown })
    else ignoreUpgrade(server, { request, socket, head })
  })
  /** A socket without a user does not stay. */
  const expectUser = (socket: WebSocket, [code, why]: readonly [number, string]) => {
    clearTimeout(timers.get(socket))
    timers.set(
      socket,
      setTimeout(() => socket.close(code, why), options.handshakeMs),
    )
  }
  // Not quite a WebSocket's request.
  wss.on('wsClientError', (_error, socket) => refuseRaw(socket, '400 Bad Request'))
  // A frame that is too large or malformed closes its own socket (ws does that, with 1009 or 1002), nothing else.
  wss.on('connection', (socket) => {
    socket.pace = options.services.pace
    expectUser(socket, [CLOSE.noParams, 'no connectionParams'])
    socket.on('close', () => clearTimeout(timers.get(socket)))
  })
  /** One of the user's places; given back when the socket has closed. */
  const settle = (socket: WebSocket, { userId, expiresAt }: User) => {
    // It can have gone while its token was looked at: nobody would hear that again.
    if (socket.readyState !== socket.OPEN) return
    const leave = places.begin(userId, (why) => socket.close(CLOSE.tokenEnded, why))
    if (!leave) throw new ProblemError({ kind: 'too-many-requests', what: 'sockets', retryAfterMs: RETRY_AFTER_MS })
    socket.once('close', leave)
    arrivals.get(socket)?.known()
    clearTimeout(timers.get(socket))
    endWithToken(socket, expiresAt)
  }
  const welcome = async (connection: CreateWSSContextFnOptions): Promise<Context> => {
    const context = await socketContext(connection, { ...options, line: lineTo(connection.res, arrivals) })
    // Its calls are answered UNAUTHORIZED: a client learns that sooner than from a socket that closes.
    if (context.user) settle(connection.res, context.user)
    else if (connection.info.connectionParams) expectUser(connection.res, [CLOSE.tokenEnded, 'no valid token'])
    return context
  }
  const handler = applyWSSHandler<AppRouter>({
    wss,
    router: appRouter,
    experimental_encoder: encoder,
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
    createContext: (connection) => {
      const context = welcome(connection)
      if (connection.res instanceof PacedSocket) connection.res.holdUntil(context)
      return context
    },
    onError: ({ error, path, ctx }) => {
      if (!isFrameError(error.cause)) options.onError(error, path, ctx?.requestId ?? idIn(error))
    },
  })
  return {
    count: () => wss.clients.size,
    backlog: () => {
      let most = 0
      for (const socket of wss.clients) most = Math.max(most, socket.bufferedAmount)
      return most
    },
    closeUser: (userId, why) => places.closeUser(userId, why),
    close: async () => {
      handler.broadcastReconnectNotification()
      await pause(MOVING_MS)
      for (const socket of wss.clients) socket.close(CLOSE.restarting, 'restarting')
      const allClosed = new Promise((resolve) => wss.close(resolve))
      await Promise.race([allClosed, pause(CLOSING_MS)])
      // Who does not answer is not waited for.
      for (const socket of wss.clients) socket.terminate()
    },
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What ws says of a frame that breaks the protocol or the size limit: the client's fault, and dealt with. */
function isFrameError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('WS_ERR_')
}

/** The id that the client is told, when there was no context to have one. */
function idIn(error: unknown): string {
  return error instanceof ProblemError && error.problem.kind === 'internal' ? error.problem.id : ''
}

interface Upgrade extends UpgradeRequest {
  /** Takes how a socket that is accepted came. */
  arrivals: WeakMap<WebSocket, Arrival>
  /** Sockets without a user, by address. */
  unknown: Streams
}

/** Path, name, origin, and how many its address has are checked before there is a socket. */
function upgrade(wss: WebSocketServer, options: SocketOptions, { request, socket, head, arrivals, unknown }: Upgrade): void {
  const ours = /^\/trpc\/?(\?|$)/.test(request.url ?? '')
  if (!ours && options.sharesServer && isViteSocket(request)) return
  const status = ours ? refusal(options.origins, request) : '404 Not Found'
  if (status !== undefined) return refuseRaw(socket, status)
  const known = unknown.begin(addressOf(request, options.behindProxy), () => socket.destroy())
  if (!known) return refuseRaw(socket, '429 Too Many Requests', { 'Retry-After': String(Math.ceil(options.handshakeMs / 1_000)) })
  socket.once('close', known)
  wss.handleUpgrade(request, socket, head, (webSocket) => {
    arrivals.set(webSocket, { connection: socket, known })
    wss.emit('connection', webSocket, request)
  })
}

/** From sources, the page's hot reload listens on the same server. */
function isViteSocket({ headers }: IncomingMessage): boolean {
  return /^vite-(hmr|ping)$/.test(headers['sec-websocket-protocol'] ?? '')
}

function refusal(origins: Origins, { headers: { origin, host = '' } }: IncomingMessage): string | undefined {
  if (!origins.isKnownHost(host)) return '421 Misdirected Request'
  return origin && !origins.isTrustedOrigin(origin, host) ? '403 Forbidden' : undefined
}

/**
 * Whole frames, written beside what ws writes: it writes its own in one go, too, as it neither compresses nor reads blobs. After its
 * closing frame there is no other.
 */
function lineTo(webSocket: WebSocket, arrivals: WeakMap<WebSocket, Arrival>): Line {
  return (head, batch) => {
    const connection = arrivals.get(webSocket)?.connection
    if (!connection || webSocket.readyState !== webSocket.OPEN) return false
    connection.write(framesOf(head, batch))
    return true
  }
}

/** Once a socket. Without a valid token there is no user, and the hand-shake timer goes on. */
async function socketContext(
  { info, res }: CreateWSSContextFnOptions,
  { trust, services, subscriptionsPerSocket, line }: SocketOptions & { line: Line },
): Promise<Context> {
  const requestId = randomUUID()
  const params = info.connectionParams
  return {
    ...{ requestId, services, via: viaOf(params?.via) },
    slots: { free: subscriptionsPerSocket },
    reader: { backlog: () => res.bufferedAmount, drop: () => res.terminate(), line },
    ...(await callerOf(trust, params?.token, requestId)),
  }
}

export function viaOf(text: string | undefined): Context['via'] {
  return text === 'ui' || text === 'agent' ? text : 'api'
}

function endWithToken(socket: WebSocket, expiresAt: string): void {
  const left = Math.min(Math.max(0, Date.parse(expiresAt) - Date.now()), LONGEST_TIMER_MS)
  const timer = setTimeout(() => socket.close(CLOSE.tokenEnded, 'token expired'), left)
  socket.once('close', () => clearTimeout(timer))
}
