import { EnvError, loadEnv } from './env.ts'
import { startServer } from './server.ts'

/** The only file that acts when it is loaded. */

/** What stopping may take when nobody is waited for. */
const STOPPING_MS = 5_000
/** A terminal signals everybody in the group, and a watcher passes on what it got: within so long it is the same wish. */
const SAME_WISH_MS = 1_000

try {
  const env = loadEnv()
  const server = await startServer(env)
  const graceMs = env.STOP_GRACE_SECONDS * 1_000
  const onSignal = stopsOnce(() => end(server.stop(), 0, graceMs))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal)
  void server.damaged.then((message) => end(stopFor(message, server.close), 1))
  process.once('uncaughtException', (error) => end(crash(error, server.close), 1))
  process.once('unhandledRejection', (error) => end(crash(error, server.close), 1))
  console.log(`Rivulet is ready at ${server.url}`)
} catch (error) {
  console.error(`Rivulet cannot start. ${explain(error)}`)
  process.exit(1)
}

/** The first signal stops, another one later ends at once. */
function stopsOnce(stop: () => void): () => void {
  let since: number | undefined
  return () => {
    if (since === undefined) {
      since = performance.now()
      stop()
    } else if (performance.now() - since > SAME_WISH_MS) process.exit(1)
  }
}

function crash(error: unknown, close: () => Promise<void>): Promise<void> {
  console.error('Rivulet stops because of an error it did not expect:', error)
  return close()
}

function stopFor(message: string, close: () => Promise<void>): Promise<void> {
  console.error(`Rivulet stops. ${message}`)
  return close()
}

function end(closed: Promise<void>, code: number, graceMs = 0): void {
  const cut = setTimeout(() => process.exit(code || 1), graceMs + STOPPING_MS)
  closed.then(
    () => {
      clearTimeout(cut)
      process.exit(code)
    },
    (error: unknown) => {
      console.error('Rivulet did not stop cleanly:', error)
      process.exit(1)
    },
  )
}

function explain(error: unknown): string {
  if (error instanceof EnvError) return `The environment has a bad value.\n${error.message}`
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return 'The port is in use; set PORT to another, or to 0 for a free one.'
  return error instanceof Error ? error.message : String(error)
}
