import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '@rivulet/db/client'
import { notebookTables } from '@rivulet/db/notebooks'
import { userTables } from '@rivulet/db/users'
import { TRPCError } from '@trpc/server'
import { pino } from 'pino'
import { createIssuer } from './auth/issuer.ts'
import { loadSecret } from './auth/secret.ts'
import { Trust } from './auth/trust.ts'
import { Users } from './auth/users.ts'
import { templates } from './demo/templates.ts'
import type { Env } from './env.ts'
import { createApp } from './http/app.ts'
import { authRoutes } from './http/authRoutes.ts'
import { devPages } from './http/devPages.ts'
import { healthRoutes } from './http/health.ts'
import { origins as originsOf } from './http/origins.ts'
import { builtPages } from './http/pages.ts'
import { attachSockets } from './http/sockets.ts'
import { openPackages, readBundle } from './kernel/packages.ts'
import { KernelPool } from './kernel/pool.ts'
import { LIMITS } from './notebook/model.ts'
import { Library } from './session/library.ts'
import { NotebookStore } from './session/store.ts'
import { RateLimit } from './trpc/rateLimit.ts'

export interface RunningServer {
  /** Where it listens, for example `http://127.0.0.1:3000`. */
  url: string
  /** Stops taking work, tells clients, ends kernels, closes the database. Idempotent. */
  close(): Promise<void>
}

export interface Overrides {
  /** Time a socket has for its connectionParams. */
  handshakeMs?: number
}

/** Dev: this file is in server/src; built: in server/dist. Either way the SPA's folder is beside the server's. */
const HERE = fileURLToPath(new URL('.', import.meta.url))
const WEB = join(HERE, '../../web')
const BUILT_PACKAGES = join(HERE, 'packages')
const PACKAGE_CACHE = join(HERE, '../node_modules/.cache/rivulet-packages')
const MIGRATIONS = [join(HERE, 'migrations'), join(HERE, '../../db/migrations')].find((folder) => existsSync(folder))

/** Starts everything and listens. Nothing happens on import; port 0 picks a free port. */
export async function startServer(env: Env, { handshakeMs = 5_000 }: Overrides = {}): Promise<RunningServer> {
  const logger = pino({ level: env.LOG_LEVEL }, pino.destination(2))
  const database = openDatabase(join(env.DATA_DIR, 'rivulet.db'), MIGRATIONS ? { migrationsFolder: MIGRATIONS } : {})
  const origins = originsOf(env)
  const pool = new KernelPool({
    packages: existsSync(BUILT_PACKAGES) ? readBundle(BUILT_PACKAGES) : await openPackages(PACKAGE_CACHE),
    heapMb: env.KERNEL_HEAP_MB,
    rssMb: env.KERNEL_RSS_MB,
    outputBytes: LIMITS.outputBytesPerRun,
    warmSpare: env.KERNEL_WARM_SPARE,
  })
  const onError = (error: unknown, what: string | undefined, requestId?: string) => {
    if (!(error instanceof TRPCError) || error.code === 'INTERNAL_SERVER_ERROR')
      logger.error({ err: error, what, id: requestId }, 'unexpected')
  }
  const store = new NotebookStore(notebookTables(database.db))
  const library = new Library({
    store,
    startKernel: (report) => pool.start(report),
    templates: templates(),
    kernelIdleMs: env.KERNEL_IDLE_MINUTES * 60_000,
    kernelsPerUser: env.KERNELS_PER_USER,
    onError,
  })
  const users = new Users(userTables(database.db), (from, to) => {
    trust.forget()
    library.ownerChanged(from, to)
  })
  const issuer = createIssuer({
    db: database.db,
    users,
    secret: loadSecret(env.DATA_DIR, env.AUTH_SECRET),
    isTrustedOrigin: origins.isTrustedOrigin,
    secureCookies: env.PUBLIC_URL?.startsWith('https:') ?? false,
    limits: { guestsPerMinute: env.GUESTS_PER_MINUTE, signInsPerMinute: env.SIGN_INS_PER_MINUTE },
  })
  const trust = new Trust(env.TRUSTED_ISSUERS, () => issuer.api.getJwks(), users)
  const services = { library, rate: new RateLimit(env.RATE_LIMIT_PER_MINUTE) }
  const app = await createApp({ logger, trust, origins, services, behindProxy: env.PUBLIC_URL !== undefined, onError })
  const sockets = attachSockets(app.server, {
    ...{ trust, origins, services, handshakeMs, onError },
    subscriptionsPerSocket: env.SUBSCRIPTIONS_PER_SOCKET,
  })
  await app.register(authRoutes, {
    issuer,
    origins,
    onSignOut: (identity) => sockets.closeUser(users.idOf({ ...identity, name: '', kind: 'guest' })),
  })
  await healthRoutes(app, {
    checkDatabase: () => void database.sqlite.prepare('select 1 from notebooks limit 1').get(),
    gauges: {
      rivulet_sessions_open: { help: 'Notebooks open in memory.', read: () => library.openSessions },
      rivulet_kernels_running: { help: 'Kernels that belong to a notebook.', read: () => library.runningKernels },
      rivulet_sockets_open: { help: 'Open WebSockets.', read: sockets.count },
    },
  })
  if (env.NODE_ENV === 'development') await devPages(app, { root: WEB })
  else await builtPages(app, { folder: join(WEB, 'dist') })
  try {
    await app.listen({ host: env.HOST, port: env.PORT })
  } catch (error) {
    await pool.disposeAll()
    await app.close()
    database.close()
    throw error
  }
  const { port } = app.server.address() as AddressInfo
  let closing: Promise<void> | undefined
  const shutDown = async () => {
    const stopped = new Promise<void>((resolve) => app.server.close(() => resolve()))
    await sockets.close()
    app.server.closeAllConnections()
    await stopped
    await app.close()
    await library.closeAll()
    await pool.disposeAll()
    database.close()
  }
  return {
    url: `http://${env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST}:${port}`,
    close: () => {
      closing ??= shutDown()
      return closing
    },
  }
}
