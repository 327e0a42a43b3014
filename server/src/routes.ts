import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Accounts } from './accounts.ts'
import type { Engines } from './engines.ts'
import type { Env } from './env.ts'
import { WEB } from './folders.ts'
import { createApp } from './http/app.ts'
import { authRoutes } from './http/authRoutes.ts'
import { devPages } from './http/devPages.ts'
import { downloadRoutes } from './http/downloads.ts'
import { fileRoutes } from './http/fileRoutes.ts'
import { type HealthOptions, healthRoutes } from './http/health.ts'
import type { Origins } from './http/origins.ts'
import { builtPages } from './http/pages.ts'
import { attachSockets, type Sockets } from './http/sockets.ts'
import { typeRoutes } from './http/types.ts'
import type { Services } from './trpc/context.ts'

export interface Routed {
  logger: Logger
  accounts: Accounts
  origins: Origins
  services: Services
  files: Engines['files']
  health: HealthOptions
  onError: (error: unknown, what: string | undefined, requestId?: string) => void
  /** Users that became part of another since this was asked the last time. */
  takeMerged: () => string[]
  /** Time a socket has for its connectionParams, and a request to come in, ms. */
  handshakeMs?: number | undefined
  bodyMs?: number | undefined
  /** Folder of the built page, where it is not beside the server. */
  pages?: string | undefined
}

/** Everything that is answered over HTTP and WebSockets; it does not listen yet. */
export async function openRoutes(env: Env, routed: Routed): Promise<{ app: FastifyInstance; sockets: Sockets }> {
  const { logger, origins, services, files, onError } = routed
  const { trust } = routed.accounts
  const behindProxy = env.PUBLIC_URL !== undefined
  const bodyMs = routed.bodyMs === undefined ? {} : { bodyMs: routed.bodyMs }
  const app = await createApp({ logger, trust, origins, services, behindProxy, onError, ...bodyMs })
  const sockets = attachSockets(app.server, {
    ...{ trust, origins, services, onError },
    handshakeMs: routed.handshakeMs ?? 5_000,
    subscriptionsPerSocket: env.SUBSCRIPTIONS_PER_SOCKET,
    perUser: env.SOCKETS_PER_USER,
    unknownPerAddress: env.UNKNOWN_SOCKETS_PER_ADDRESS,
    behindProxy,
    sharesServer: env.NODE_ENV === 'development',
  })
  await signInRoutes(app, sockets, routed)
  await app.register(fileRoutes, { trust, origins, services, uploads: files.uploadsInto(services.library), onError })
  await healthRoutes(app, routed.health)
  await typeRoutes(app)
  await downloadRoutes(app, services.downloads)
  if (env.NODE_ENV === 'development') await devPages(app, { root: WEB })
  else await builtPages(app, { folder: routed.pages ?? join(WEB, 'dist') })
  return { app, sockets }
}

/** Whoever signs out, or becomes another, loses the connections of who they were. */
async function signInRoutes(app: FastifyInstance, sockets: Sockets, routed: Routed): Promise<void> {
  const { origins, takeMerged, services } = routed
  const { issuer, users } = routed.accounts
  const closeUser = (userId: string, why: string) => {
    sockets.closeUser(userId, why)
    services.streams.closeUser(userId, why)
  }
  await app.register(authRoutes, {
    issuer,
    origins,
    onSignOut: (identity) => {
      const userId = users.find(identity)
      if (userId) closeUser(userId, 'signed out')
    },
    // Only now has the browser the cookie with which its sockets come back as the account.
    onAnswered: () => {
      for (const userId of takeMerged()) closeUser(userId, 'signed in to an account')
    },
  })
}
