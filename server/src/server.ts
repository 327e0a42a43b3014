import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '@rivulet/db/client'
import { connectionTables } from '@rivulet/db/connections'
import { fileTables } from '@rivulet/db/files'
import { historyTables } from '@rivulet/db/history'
import { lockFolder } from '@rivulet/db/lock'
import { notebookTables } from '@rivulet/db/notebooks'
import { pruneSignIns } from '@rivulet/db/signIns'
import { userTables } from '@rivulet/db/users'
import { TRPCError } from '@trpc/server'
import { createIssuer } from './auth/issuer.ts'
import { loadSecret } from './auth/secret.ts'
import { Trust } from './auth/trust.ts'
import { Users } from './auth/users.ts'
import { Connections } from './connections/connections.ts'
import { Secrets } from './connections/secrets.ts'
import { templates } from './demo/templates.ts'
import { type Env, sqlHostsOf } from './env.ts'
import { openFiles } from './files/open.ts'
import { createApp } from './http/app.ts'
import { authRoutes } from './http/authRoutes.ts'
import { devPages } from './http/devPages.ts'
import { downloadRoutes } from './http/downloads.ts'
import { fileRoutes } from './http/fileRoutes.ts'
import { healthRoutes } from './http/health.ts'
import { createLogger } from './http/log.ts'
import { Metrics } from './http/metrics.ts'
import { origins as originsOf } from './http/origins.ts'
import { builtPages } from './http/pages.ts'
import { attachSockets } from './http/sockets.ts'
import { typeRoutes } from './http/types.ts'
import { Integrity } from './integrity.ts'
import { openPackages, readBundle } from './kernel/packages.ts'
import { KernelPool } from './kernel/pool.ts'
import { DuckDbPool } from './kernel/sql/duckdb/pool.ts'
import { NotebookEngines } from './kernel/sql/notebookEngines.ts'
import { LIMITS } from './notebook/model.ts'
import { observe } from './observe.ts'
import { Downloads } from './session/downloads.ts'
import { PACE, type Pace } from './session/follow.ts'
import { HistoryStore } from './session/history.ts'
import { Library } from './session/library.ts'
import { NotebookStore } from './session/store.ts'
import type { AnsweredCall } from './trpc/context.ts'
import { RateLimit } from './trpc/rateLimit.ts'
import { isStorageFailure } from './trpc/storage.ts'

export interface RunningServer {
  /** Where it listens, for example `http://127.0.0.1:3000`. */
  url: string
  /** Bytes that wait for the slowest reader. */
  backlog(): number
  /** Stops taking work, tells clients, ends kernels, closes the database. Idempotent. */
  close(): Promise<void>
  /** Resolves, with words for the operator, if the database turns out to be damaged. It takes no more work then, and is to be closed. */
  damaged: Promise<string>
  /** Takes no more work, gives what runs STOP_GRACE_SECONDS to end, and closes. Idempotent. */
  stop(): Promise<void>
}

export interface Overrides {
  /** Time a socket has for its connectionParams. */
  handshakeMs?: number
  /** Time that a request has to come in, unless it goes on as a file does. */
  bodyMs?: number
  /** How much may wait for one reader, and for how long. */
  pace?: Partial<Pace>
  /** Folder of the built SPA. */
  pages?: string
  /** How often what is old is forgotten. */
  pruneEveryMs?: number
  /** How often all of the database is looked through for damage. */
  checkEveryMs?: number
  /** Told of every statement that the database executes. */
  onStatement?: (sql: string) => void
}

/** Dev: this file is in server/src; built: in server/dist. Either way the SPA's folder is beside the server's. */
const HERE = fileURLToPath(new URL('.', import.meta.url))
const WEB = join(HERE, '../../web')
const BUILT_PACKAGES = join(HERE, 'packages')
const PACKAGE_CACHE = join(HERE, '../node_modules/.cache/rivulet-packages')
const DATABASE = 'rivulet.db'
/** A call that takes longer is in the log. */
const SLOW_SECONDS = 1
/** How often somebody may say where they are: ten times a second, in three pages at once. */
const MOVES_PER_MINUTE = 1_800
/** Trying out connections: enough for somebody who corrects one, too little to look around in a network. */
const TRIALS_PER_MINUTE = 40
/** Old answers and bins are looked through this often. */
const PRUNE_EVERY_MS = 60 * 60 * 1000
const MIGRATIONS = [join(HERE, 'migrations'), join(HERE, '../../db/migrations')].find((folder) => existsSync(folder))

/** Starts everything and listens. Nothing happens on import; port 0 picks a free port. */
export async function startServer(env: Env, overrides: Overrides = {}): Promise<RunningServer> {
  // Two servers on one database would each decide without what the other has decided.
  const lock = lockFolder(env.DATA_DIR)
  try {
    return await startLocked(env, overrides, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

async function startLocked(env: Env, overrides: Overrides, lock: { release(): void }): Promise<RunningServer> {
  const logger = createLogger(env.LOG_LEVEL)
  const database = openDatabase(join(env.DATA_DIR, DATABASE), {
    ...(MIGRATIONS && { migrationsFolder: MIGRATIONS }),
    ...(overrides.onStatement && { onStatement: overrides.onStatement }),
  })
  const origins = originsOf(env)
  const duckdb = new DuckDbPool({
    memoryMb: env.SQL_MEMORY_MB,
    threads: env.SQL_THREADS,
    tempMb: env.SQL_TEMP_MB,
    tempRoot: join(env.DATA_DIR, 'sql'),
    sandbox: env.SQL_SANDBOX,
    warmSpare: env.KERNEL_WARM_SPARE,
  })
  const files = openFiles({ env, tables: fileTables(database.db), duckdb })
  const pool = new KernelPool({
    dir: join(env.DATA_DIR, 'kernels'),
    pathOfFile: files.pathOf,
    packages:
      existsSync(BUILT_PACKAGES) && !env.CELL_PACKAGES
        ? readBundle(BUILT_PACKAGES)
        : await openPackages(env.CELL_PACKAGES ? join(env.DATA_DIR, 'packages') : PACKAGE_CACHE, env.CELL_PACKAGES),
    heapMb: env.KERNEL_HEAP_MB,
    rssMb: env.KERNEL_RSS_MB,
    outputBytes: LIMITS.outputBytesPerRun,
    runSeconds: env.KERNEL_RUN_SECONDS,
    warmSpare: env.KERNEL_WARM_SPARE,
    engines: ({ owner }) =>
      new NotebookEngines({
        embedded: () => duckdb.engine(),
        connection: (id, embedded) => connections.engine(owner, id, embedded),
      }),
  })
  const onError = (error: unknown, what: string | undefined, requestId?: string) => {
    integrity.saw(error)
    if (!(error instanceof TRPCError) || error.code === 'INTERNAL_SERVER_ERROR' || isStorageFailure(error))
      logger.error({ err: error, what, id: requestId }, 'unexpected')
  }
  const metrics = new Metrics()
  let stopping = false
  const integrity = new Integrity({
    ...{ path: join(env.DATA_DIR, DATABASE), checked: database.checked, everyMs: overrides.checkEveryMs, onError },
    onDamage: (message) => {
      stopping = true
      logger.fatal(message)
    },
  })
  const store = new NotebookStore({
    ...{ tables: notebookTables(database.db), files: fileTables(database.db) },
    history: new HistoryStore(historyTables(database.db)),
  })
  const library = new Library({
    store,
    startKernel: (report, grants) => pool.start(report, grants),
    templates: templates(),
    kernelIdleMs: env.KERNEL_IDLE_MINUTES * 60_000,
    kernelsPerUser: env.KERNELS_PER_USER,
    onError,
    onOpen: ({ cells }) => {
      if ([...cells.values()].some(({ language }) => language === 'sql')) duckdb.warm()
    },
    onSave: (seconds, failed) => metrics.saved(seconds, failed),
  })
  /** Users that became part of another since the last answer of sign-in. */
  const merged: string[] = []
  const users = new Users(userTables(database.db), (from, to) => {
    trust.forget()
    library.ownerChanged(from, to)
    merged.push(from)
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
  const connections = new Connections({
    tables: connectionTables(database.db),
    secrets: new Secrets(env.DATA_DIR, env.SECRET_KEY),
    hosts: sqlHostsOf(env),
    statementMs: env.SQL_STATEMENT_SECONDS * 1_000,
    poolSize: env.SQL_CONNECTIONS,
  })
  const downloads = new Downloads()
  const services = {
    library,
    rate: new RateLimit(env.RATE_LIMIT_PER_MINUTE),
    moves: new RateLimit(MOVES_PER_MINUTE),
    pace: { ...PACE, ...overrides.pace },
    hosts: env.CELL_NETWORK,
    connections,
    downloads,
    trials: new RateLimit(TRIALS_PER_MINUTE),
    fileLimits: files.limitsOf,
    sweepFiles: files.sweep,
    stopping: () => stopping,
    onCall: (call: AnsweredCall) => {
      metrics.called(call)
      const { procedure, seconds, requestId, userId } = call
      if (seconds > SLOW_SECONDS) logger.warn({ id: requestId, procedure, user: userId, ms: Math.round(seconds * 1_000) }, 'slow')
    },
  }
  const behindProxy = env.PUBLIC_URL !== undefined
  const bodyMs = overrides.bodyMs === undefined ? {} : { bodyMs: overrides.bodyMs }
  const app = await createApp({ logger, trust, origins, services, behindProxy, onError, ...bodyMs })
  const sockets = attachSockets(app.server, {
    ...{ trust, origins, services, onError },
    handshakeMs: overrides.handshakeMs ?? 5_000,
    subscriptionsPerSocket: env.SUBSCRIPTIONS_PER_SOCKET,
    sharesServer: env.NODE_ENV === 'development',
  })
  await app.register(authRoutes, {
    issuer,
    origins,
    onSignOut: (identity) => {
      const userId = users.find(identity)
      if (userId) sockets.closeUser(userId, 'signed out')
    },
    // Only now has the browser the cookie with which its sockets come back as the account.
    onAnswered: () => {
      for (const userId of merged.splice(0)) sockets.closeUser(userId, 'signed in to an account')
    },
  })
  await app.register(fileRoutes, { trust, origins, services, uploads: files.uploadsInto(library), onError })
  observe(metrics, { database: join(env.DATA_DIR, DATABASE), library, sockets, pool, duckdb })
  await healthRoutes(app, {
    checkDatabase: () => void database.sqlite.prepare('select 1 from notebooks limit 1').get(),
    stopping: () => stopping,
    damaged: () => integrity.isDamaged,
    metrics,
  })
  await typeRoutes(app)
  await downloadRoutes(app, downloads)
  if (env.NODE_ENV === 'development') await devPages(app, { root: WEB })
  else await builtPages(app, { folder: overrides.pages ?? join(WEB, 'dist') })
  try {
    await app.listen({ host: env.HOST, port: env.PORT })
  } catch (error) {
    await Promise.all([pool.disposeAll(), duckdb.disposeAll()])
    await app.close()
    integrity.close()
    database.close()
    throw error
  }
  const prune = () => {
    try {
      library.prune()
      files.sweep()
      pruneSignIns(database.db, new Date())
    } catch (error) {
      onError(error, 'forgetting what is old')
    }
  }
  prune()
  const pruning = setInterval(prune, overrides.pruneEveryMs ?? PRUNE_EVERY_MS)
  pruning.unref()
  const { port } = app.server.address() as AddressInfo
  let closing: Promise<void> | undefined
  let stopped: Promise<void> | undefined
  const shutDown = async () => {
    const stopped = new Promise<void>((resolve) => app.server.close(() => resolve()))
    await sockets.close()
    app.server.closeAllConnections()
    await stopped
    await app.close()
    clearInterval(pruning)
    await library.sessions.closeAll()
    await Promise.all([pool.disposeAll(), duckdb.disposeAll()])
    await connections.close()
    integrity.close()
    try {
      database.close()
    } finally {
      lock.release()
    }
  }
  const close = () => {
    stopping = true
    closing ??= shutDown()
    return closing
  }
  const drain = async () => {
    stopping = true
    await library.sessions.rest(AbortSignal.timeout(env.STOP_GRACE_SECONDS * 1_000))
    await close()
  }
  return {
    url: `http://${env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST}:${port}`,
    backlog: sockets.backlog,
    damaged: integrity.damaged,
    close,
    stop: () => {
      stopped ??= drain()
      return stopped
    },
  }
}
