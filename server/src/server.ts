import type { AddressInfo } from 'node:net'
import { type Database, openDatabase } from '@rivulet/db/client'
import { connectionTables } from '@rivulet/db/connections'
import { fileTables } from '@rivulet/db/files'
import { historyTables } from '@rivulet/db/history'
import { lockFolder } from '@rivulet/db/lock'
import { notebookTables } from '@rivulet/db/notebooks'
import { pruneSignIns } from '@rivulet/db/signIns'
import { TRPCError } from '@trpc/server'
import { openAccounts } from './accounts.ts'
import { Connections } from './connections/connections.ts'
import { Secrets } from './connections/secrets.ts'
import { templates } from './demo/templates.ts'
import { type Engines, openEngines } from './engines.ts'
import { type Env, sqlHostsOf } from './env.ts'
import { databaseIn, MIGRATIONS } from './folders.ts'
import { createLogger } from './http/log.ts'
import { Metrics } from './http/metrics.ts'
import { origins as originsOf } from './http/origins.ts'
import { Integrity } from './integrity.ts'
import { observe } from './observe.ts'
import { openRoutes } from './routes.ts'
import { servicesOf } from './services.ts'
import type { Pace } from './session/follow.ts'
import { HistoryStore } from './session/history.ts'
import { Library } from './session/library.ts'
import { NotebookStore } from './session/store.ts'
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

/** Old answers and bins are looked through this often. */
const PRUNE_EVERY_MS = 60 * 60 * 1000

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
  const metrics = new Metrics()
  const origins = originsOf(env)
  let isStopping = false
  const stopping = () => isStopping
  const path = databaseIn(env)
  const database = openDatabase(path, {
    ...(MIGRATIONS && { migrationsFolder: MIGRATIONS }),
    ...(overrides.onStatement && { onStatement: overrides.onStatement }),
  })
  const { db } = database
  const onError = (error: unknown, what: string | undefined, requestId?: string) => {
    integrity.saw(error)
    if (!(error instanceof TRPCError) || error.code === 'INTERNAL_SERVER_ERROR' || isStorageFailure(error))
      logger.error({ err: error, what, id: requestId }, 'unexpected')
  }
  const integrity = new Integrity({
    ...{ path, checked: database.checked, everyMs: overrides.checkEveryMs, onError },
    onDamage: (message) => {
      isStopping = true
      logger.fatal(message)
    },
  })
  const connections = new Connections({
    tables: connectionTables(db),
    secrets: new Secrets(env.DATA_DIR, env.SECRET_KEY),
    hosts: sqlHostsOf(env),
    statementMs: env.SQL_STATEMENT_SECONDS * 1_000,
    poolSize: env.SQL_CONNECTIONS,
  })
  const engines = await openEngines(env, { db, connections })
  const { files } = engines
  const library = openLibrary(env, { db, engines, metrics, onError })
  const merged: string[] = []
  const accounts = openAccounts(env, {
    ...{ db, origins },
    onMerged: (from, to) => {
      library.ownerChanged(from, to)
      merged.push(from)
    },
  })
  const services = servicesOf(env, { library, connections, files, pace: overrides.pace, metrics, logger, stopping })
  const checkDatabase = () => void database.sqlite.prepare('select 1 from notebooks limit 1').get()
  const { app, sockets } = await openRoutes(env, {
    ...{ logger, accounts, origins, services, files, onError },
    health: { checkDatabase, stopping, damaged: () => integrity.isDamaged, metrics },
    takeMerged: () => merged.splice(0),
    ...{ handshakeMs: overrides.handshakeMs, bodyMs: overrides.bodyMs, pages: overrides.pages },
  })
  observe(metrics, { database: path, library, sockets, ...engines })
  try {
    await app.listen({ host: env.HOST, port: env.PORT })
  } catch (error) {
    await engines.disposeAll()
    await app.close()
    integrity.close()
    database.close()
    throw error
  }
  const stopPruning = pruneNowAndThen(overrides.pruneEveryMs ?? PRUNE_EVERY_MS, () => {
    try {
      library.prune()
      files.sweep()
      pruneSignIns(db, new Date())
    } catch (error) {
      onError(error, 'forgetting what is old')
    }
  })
  const shutDown = async () => {
    const stopped = new Promise<void>((resolve) => app.server.close(() => resolve()))
    await sockets.close()
    app.server.closeAllConnections()
    await stopped
    await app.close()
    stopPruning()
    await library.sessions.closeAll()
    await engines.disposeAll()
    await connections.close()
    integrity.close()
    try {
      database.close()
    } finally {
      lock.release()
    }
  }
  const close = once(() => {
    isStopping = true
    return shutDown()
  })
  const stop = once(async () => {
    isStopping = true
    await library.sessions.rest(AbortSignal.timeout(env.STOP_GRACE_SECONDS * 1_000))
    await close()
  })
  const { port } = app.server.address() as AddressInfo
  const url = `http://${env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST}:${port}`
  return { url, backlog: sockets.backlog, damaged: integrity.damaged, close, stop }
}

interface LibraryParts {
  db: Database
  engines: Engines
  metrics: Metrics
  onError: (error: unknown, what: string) => void
}

function openLibrary(env: Env, { db, engines: { pool, duckdb }, metrics, onError }: LibraryParts): Library {
  const store = new NotebookStore({
    ...{ tables: notebookTables(db), files: fileTables(db) },
    history: new HistoryStore(historyTables(db)),
  })
  return new Library({
    store,
    startKernel: (report, grants) => pool.start(report, grants),
    templates: templates(),
    kernelIdleMs: env.KERNEL_IDLE_MINUTES * 60_000,
    kernelsPerUser: env.KERNELS_PER_USER,
    notebooksPerUser: env.NOTEBOOKS_PER_USER,
    onError,
    onOpen: ({ cells }) => {
      if ([...cells.values()].some(({ language }) => language === 'sql')) duckdb.warm()
    },
    onSave: (seconds, failed) => metrics.saved(seconds, failed),
  })
}

function pruneNowAndThen(everyMs: number, prune: () => void): () => void {
  prune()
  const timer = setInterval(prune, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** The same promise for everybody who asks. */
function once(task: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= task()
    return done
  }
}
