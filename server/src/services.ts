import type { Logger } from 'pino'
import type { Connections } from './connections/connections.ts'
import type { Engines } from './engines.ts'
import type { Env } from './env.ts'
import type { Metrics } from './http/metrics.ts'
import { Downloads } from './session/downloads.ts'
import { PACE, type Pace } from './session/follow.ts'
import type { Library } from './session/library.ts'
import type { Services } from './trpc/context.ts'
import { RateLimit } from './trpc/rateLimit.ts'
import { Streams } from './trpc/streams.ts'

/** A call that takes longer is in the log. */
const SLOW_SECONDS = 1
/** How often somebody may say where they are: ten times a second, in three pages at once. */
const MOVES_PER_MINUTE = 1_800
/** Trying out connections: enough for somebody who corrects one, too little to look around in a network. */
const TRIALS_PER_MINUTE = 40

export interface ServedBy {
  library: Library
  connections: Connections
  files: Engines['files']
  pace?: Partial<Pace> | undefined
  metrics: Metrics
  logger: Logger
  stopping: () => boolean
}

/** What procedures work with. */
export function servicesOf(env: Env, { library, connections, files, pace, metrics, logger, stopping }: ServedBy): Services {
  return {
    library,
    rate: new RateLimit(env.RATE_LIMIT_PER_MINUTE),
    moves: new RateLimit(MOVES_PER_MINUTE),
    trials: new RateLimit(TRIALS_PER_MINUTE),
    pace: { ...PACE, ...pace },
    hosts: env.CELL_NETWORK,
    connections,
    downloads: new Downloads(),
    streams: new Streams(env.SUBSCRIPTIONS_PER_SOCKET),
    subscriptions: new Streams(env.SUBSCRIPTIONS_PER_USER),
    fileLimits: files.limitsOf,
    sweepFiles: files.sweep,
    stopping,
    onCall: (call) => {
      metrics.called(call)
      const { procedure, seconds, requestId, userId } = call
      if (seconds > SLOW_SECONDS) logger.warn({ id: requestId, procedure, user: userId, ms: Math.round(seconds * 1_000) }, 'slow')
    },
  }
}
