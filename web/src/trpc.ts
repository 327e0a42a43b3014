import type { AppRouter } from '@rivulet/server/api'
import { describeProblem } from '@rivulet/server/notebook/problems'
import { createTRPCClient, createWSClient, httpLink, splitLink, type TRPCClient, type TRPCLink, wsLink } from '@trpc/client'
import { createContext, use } from 'react'
import { isUnreachable, problemOf } from './failures.ts'
import { AuthError, session } from './features/account/session.ts'
import { Connection } from './features/connection/connection.ts'
import { lateSseLink } from './features/connection/lateSseLink.ts'

export type Api = TRPCClient<AppRouter>

/** Everything that carries one sign-in's identity; made anew for the next one. */
export interface Clients {
  api: Api
  /** For the React binding, which arrives later than the first notebook. */
  links: TRPCLink<AppRouter>[]
  connection: Connection
  close: () => void
}

/** Who asks, and that a person does: the history tells people from scripts and agents. */
async function authorization(): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await session.token()}`, 'x-rivulet-via': 'ui' }
}

function connect(connection: Connection) {
  const socket = createWSClient({
    url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/trpc`,
    connectionParams: async () => {
      try {
        return { token: await session.token(), via: 'ui' }
      } catch (error) {
        // The session is gone: without this the socket would go on trying for ever.
        if (error instanceof AuthError && error.status === 401) queueMicrotask(() => void socket.close())
        throw error
      }
    },
    retryDelayMs: (attempt) => (attempt === 0 ? 0 : Math.min(500 * 2 ** attempt, 8_000)),
    keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 5_000 },
    onClose: (cause) => connection.socketClosed(cause?.code),
    onOpen: () => connection.socketOpened(),
  })
  return socket
}

function createClients(): Clients {
  const connection = new Connection()
  const socket = connect(connection)
  const links: TRPCLink<AppRouter>[] = [
    splitLink({
      condition: (op) => op.type === 'subscription',
      true: splitLink({
        condition: () => connection.transport.get() === 'sse',
        true: lateSseLink({ url: '/trpc', headers: authorization }),
        false: wsLink({ client: socket }),
      }),
      false: httpLink({ url: '/trpc', headers: authorization }),
    }),
  ]
  return {
    api: createTRPCClient<AppRouter>({ links }),
    links,
    connection,
    close: () => {
      connection.dispose()
      void socket.close()
    },
  }
}

let latest: { generation: number; clients: Clients } | undefined

/** The same clients for the same sign-in, however often it is asked. */
export function clientsOf(generation: number): Clients {
  if (latest?.generation !== generation) latest = { generation, clients: createClients() }
  return latest.clients
}

export const ClientsContext = createContext<Clients | null>(null)

export function useClients(): Clients {
  const clients = use(ClientsContext)
  if (!clients) throw new Error('useClients needs the signed-in part of the page')
  return clients
}

/** What is wrong with what was entered, in the server's words, without the place in the request. */
export function reasonOf(error: unknown): string {
  const problem = problemOf(error)
  return problem?.kind === 'invalid-input' ? problem.issues.map(({ message }) => message).join(' ') : describeError(error)
}

/** One sentence for a person, whatever went wrong. */
export function describeError(error: unknown): string {
  const problem = problemOf(error)
  if (problem) return describeProblem(problem)
  if (isUnreachable(error)) return 'Not connected: nothing was changed.'
  return error instanceof Error ? error.message : String(error)
}
