import type { AppRouter } from '@rivulet/server/api'
import {
  createTRPCClient,
  createWSClient,
  httpLink,
  httpSubscriptionLink,
  type TRPCClient,
  type TRPCWebSocketClient,
  type WebSocketClientOptions,
  wsLink,
} from '@trpc/client'
import { EventSource } from 'eventsource'
import { WebSocket } from 'ws'

export type Client = TRPCClient<AppRouter>

const RENEW_MS = 240_000

/** What a client needs of a server at an address, whoever started it. */
export class Connection {
  readonly url: string
  private readonly sockets: TRPCWebSocketClient[] = []

  constructor(url: string) {
    this.url = url
  }

  /** A new guest's session cookie and token. */
  async guest(): Promise<{ token: string; cookie: string }> {
    const response = await this.auth('sign-in/anonymous', {})
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    return { cookie, token: await this.token(cookie) }
  }

  /** A token that is renewed before its five minutes are over, for what takes longer. */
  lasting(cookie: string): () => Promise<string> {
    let [token, until] = [Promise.resolve(''), 0]
    return () => {
      if (Date.now() > until) [token, until] = [this.token(cookie), Date.now() + RENEW_MS]
      return token
    }
  }

  async token(cookie: string): Promise<string> {
    const response = await fetch(`${this.url}/api/auth/token`, { headers: { cookie } })
    const { token } = (await response.json()) as { token: string }
    return token
  }

  auth(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const method = { method: 'POST', headers: { 'content-type': 'application/json', origin: this.url, ...headers } }
    return fetch(`${this.url}/api/auth/${path}`, { ...method, body: JSON.stringify(body) })
  }

  /** Queries and mutations over HTTP; a function is asked for the token at every call. */
  http(token?: string | (() => Promise<string>)): Client {
    const bearer = (known?: string) => (known ? { authorization: `Bearer ${known}` } : {})
    const headers = typeof token === 'function' ? async () => bearer(await token()) : bearer(token)
    return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${this.url}/trpc`, headers })] })
  }

  /** Subscriptions over HTTP, as server-sent events; `token` is asked for on every connection. */
  sse(token: () => string | Promise<string>): Client {
    const authorised = async (url: string | URL | Request, init?: RequestInit) =>
      fetch(url, { ...init, headers: { ...init?.headers, authorization: `Bearer ${await token()}` } })
    const eventSourceOptions = { fetch: authorised }
    return createTRPCClient<AppRouter>({
      links: [httpSubscriptionLink({ url: `${this.url}/trpc`, EventSource, eventSourceOptions })],
    })
  }

  /** Everything over one WebSocket; `token` is asked for on every connection. */
  ws(
    token: string | (() => string | Promise<string>),
    options: Partial<WebSocketClientOptions> = {},
  ): { client: Client; socket: TRPCWebSocketClient } {
    const socket = createWSClient({
      url: `${this.url.replace('http', 'ws')}/trpc`,
      // The browser's class and that of ws differ in parts that tRPC does not use.
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
      connectionParams: async () => ({ token: typeof token === 'string' ? token : await token() }),
      retryDelayMs: () => 20,
      ...options,
    })
    this.sockets.push(socket)
    return { client: createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] }), socket }
  }

  async closeSockets(): Promise<void> {
    for (const socket of this.sockets) await socket.close()
  }
}
