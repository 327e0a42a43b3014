import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Setup } from './protocol.ts'

/** The database of one notebook, in memory. */
export interface Database {
  connect(): Promise<DuckDBConnection>
  /** For what no run does. */
  own: DuckDBConnection
  /** Schema of results, quoted. */
  schema: string
}

/**
 * Opened and locked: no files, no network, no extensions, and no way to change that. The folder for what does not fit into
 * memory is the one place it may write to, and statements that would are refused before (`COPY`).
 */
export async function openDatabase({ memoryMb, threads, tempMb, tempDir, schema }: Setup): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${memoryMb}MiB`,
    temp_directory: tempDir,
    allow_community_extensions: 'false',
    allow_unsigned_extensions: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_persistent_secrets: 'false',
  })
  const own = await instance.connect()
  await own.run(`create schema "${schema}"`)
  // Given with the others, it is shown and has no effect.
  await own.run(`set global max_temp_directory_size = '${tempMb}MiB'`)
  await own.run("set global TimeZone = 'UTC'")
  await own.run('set global errors_as_json = true')
  await own.run('set global enable_external_access = false')
  await own.run('set global lock_configuration = true')
  return { connect: () => instance.connect(), own, schema: `"${schema}"` }
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
