import type { Dialect } from './tokens.ts'

/** Ids of connections say which engine is behind them, so that a cell can be read without asking anybody. */
export const CONNECTION_PREFIX = { postgresql: 'pg-' } as const

/** Without a connection it is the embedded engine. */
export function dialectOf(connectionId: string | null | undefined): Dialect {
  return connectionId?.startsWith(CONNECTION_PREFIX.postgresql) ? 'postgresql' : 'duckdb'
}
