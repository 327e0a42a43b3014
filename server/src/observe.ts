import { type Metrics, sizeOf } from './http/metrics.ts'
import type { Sockets } from './http/sockets.ts'
import type { KernelPool } from './kernel/pool.ts'
import type { DuckDbPool } from './kernel/sql/duckdb/pool.ts'
import type { Library } from './session/library.ts'

export interface Observed {
  /** The database's file. */
  database: string
  library: Library
  sockets: Sockets
  pool: KernelPool
  duckdb: DuckDbPool
}

/** What `/metrics` reads of the parts of a server whenever somebody asks. */
export function observe(metrics: Metrics, { database, library, sockets, pool, duckdb }: Observed): void {
  metrics.gauge('rivulet_sessions_open', 'Notebooks open in memory.', () => library.sessions.size)
  metrics.gauge('rivulet_kernels_running', 'Kernels that belong to a notebook.', () => library.sessions.runningKernels)
  metrics.gauge('rivulet_kernel_processes', 'Processes of kernels, the spare one included.', () => pool.processes)
  metrics.gauge('rivulet_sql_engines_running', 'Processes of the SQL engine, the spare one included.', () => duckdb.processes)
  metrics.gauge('rivulet_runs_under_way', 'Cells that run or wait to.', () => library.sessions.load().runs)
  metrics.gauge('rivulet_readers', 'Subscriptions to notebooks.', () => library.sessions.load().readers)
  metrics.gauge(
    'rivulet_reader_lag_revs',
    'Decisions that the slowest reader has not been given.',
    () => library.sessions.load().furthestBehind,
  )
  metrics.gauge('rivulet_sockets_open', 'Open WebSockets.', sockets.count)
  metrics.gauge('rivulet_socket_backlog_bytes', 'Bytes that wait for the slowest reader.', sockets.backlog)
  metrics.gauge('rivulet_database_bytes', 'Size of the database.', () => sizeOf(database))
  metrics.gauge('rivulet_wal_bytes', 'Size of its write-ahead log.', () => sizeOf(`${database}-wal`))
}
