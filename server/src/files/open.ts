import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FileTables } from '@rivulet/db/files'
import type { Env } from '../env.ts'
import type { DuckDbPool } from '../kernel/sql/duckdb/pool.ts'
import type { Library } from '../session/library.ts'
import { FileFolder } from './folder.ts'
import { Room } from './room.ts'
import { Uploads } from './uploads.ts'

/** What the server brings along: beside a built server, or in its sources. */
const HERE = fileURLToPath(new URL('.', import.meta.url))
const SAMPLES = [join(HERE, 'samples'), join(HERE, '../demo/samples')].find(existsSync) ?? HERE

interface Parts {
  env: Pick<Env, 'DATA_DIR' | 'FILE_MAX_MB' | 'FILES_QUOTA_MB'>
  tables: FileTables
  duckdb: DuckDbPool
}

/** Files of all notebooks, as the parts of a server see them. What a server that was killed has left behind goes at the first sweep. */
export function openFiles({ env, tables, duckdb }: Parts) {
  const folder = new FileFolder(join(env.DATA_DIR, 'files'), SAMPLES)
  const maxBytes = env.FILE_MAX_MB * 2 ** 20
  const quotaBytes = env.FILES_QUOTA_MB * 2 ** 20
  const room = new Room({ maxBytes, quotaBytes, bytesOf: tables.bytesOf })
  return {
    sweep: () => folder.sweep(tables.contents()),
    limitsOf: (userId: string) => ({ maxBytes, quotaBytes, usedBytes: tables.bytesOf(userId) }),
    pathOf: (fileId: string) => {
      const content = tables.contentOf(fileId)
      return content === undefined ? undefined : folder.pathOf(content)
    },
    uploadsInto: (library: Library) =>
      new Uploads({ folder, tables, room, library, inspect: (file, signal) => duckdb.inspect(file, signal) }),
  }
}
