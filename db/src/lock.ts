import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { DatabaseOpenError } from './client.ts'
import { giveToOwnerOf } from './owner.ts'

const FILE = 'rivulet.lock'

/**
 * One process at a time works with a data folder. The lock is the operating system's, on an empty file: it goes with
 * the process however that ends, and no left-over has to be removed by hand.
 * @throws DatabaseOpenError of kind `in-use` or `read-only`
 */
export function lockFolder(folder: string): { release(): void } {
  if (!existsSync(folder)) makeFolder(folder)
  const lock = open(folder)
  giveToOwnerOf(folder, [join(folder, FILE)])
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    throw new DatabaseOpenError(
      'in-use',
      `The data folder ${folder} is in use: a server runs on it, or it is being restored. Stop that first, or choose another DATA_DIR.`,
      error,
    )
  }
  return { release: () => void lock.close() }
}

function makeFolder(folder: string): void {
  try {
    // Sessions are in the database: it is nobody else's to read.
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new DatabaseOpenError('no-folder', `The data folder ${folder} is missing and cannot be made.`, error)
  }
}

function open(folder: string): Sqlite.Database {
  try {
    return new Sqlite(join(folder, FILE), { timeout: 0 })
  } catch (error) {
    throw new DatabaseOpenError(
      'read-only',
      `The database ${join(folder, 'rivulet.db')} is read-only: nothing can be written into its folder.`,
      error,
    )
  }
}
