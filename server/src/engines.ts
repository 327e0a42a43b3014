import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '@rivulet/db/client'
import { fileTables } from '@rivulet/db/files'
import type { Connections } from './connections/connections.ts'
import type { Env } from './env.ts'
import { openFiles } from './files/open.ts'
import { BUILT_PACKAGES, PACKAGE_CACHE } from './folders.ts'
import { openPackages, readBundle } from './kernel/packages.ts'
import { KernelPool } from './kernel/pool.ts'
import { DuckDbPool } from './kernel/sql/duckdb/pool.ts'
import { NotebookEngines } from './kernel/sql/notebookEngines.ts'
import { LIMITS } from './notebook/model.ts'

/** What cells run in: kernels, the embedded SQL engine, and the files that it reads. */
export type Engines = Awaited<ReturnType<typeof openEngines>>

export async function openEngines(env: Env, { db, connections }: { db: Database; connections: Connections }) {
  const duckdb = new DuckDbPool({
    memoryMb: env.SQL_MEMORY_MB,
    threads: env.SQL_THREADS,
    tempMb: env.SQL_TEMP_MB,
    tempRoot: join(env.DATA_DIR, 'sql'),
    sandbox: env.SQL_SANDBOX,
    warmSpare: env.KERNEL_WARM_SPARE,
  })
  const files = openFiles({ env, tables: fileTables(db), duckdb })
  const pool = new KernelPool({
    dir: join(env.DATA_DIR, 'kernels'),
    pathOfFile: files.pathOf,
    packages: await packagesFor(env),
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
  const disposeAll = async () => void (await Promise.all([pool.disposeAll(), duckdb.disposeAll()]))
  return { duckdb, files, pool, disposeAll }
}

/** Those of the operator are bundled in the data folder; without any, what came with a built server is ready. */
async function packagesFor({ CELL_PACKAGES, DATA_DIR }: Env) {
  if (existsSync(BUILT_PACKAGES) && !CELL_PACKAGES) return readBundle(BUILT_PACKAGES)
  return openPackages(CELL_PACKAGES ? join(DATA_DIR, 'packages') : PACKAGE_CACHE, CELL_PACKAGES)
}
