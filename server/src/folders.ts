import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Env } from './env.ts'

/** From sources this file is in server/src; built it is in server/dist. Either way the page's folder is beside the server's. */
const HERE = fileURLToPath(new URL('.', import.meta.url))

/** The page: its sources, and where it is built to. */
export const WEB = join(HERE, '../../web')
/** What cells can import, bundled with the server; absent when it runs from sources. */
export const BUILT_PACKAGES = join(HERE, 'packages')
export const PACKAGE_CACHE = join(HERE, '../node_modules/.cache/rivulet-packages')
export const MIGRATIONS = [join(HERE, 'migrations'), join(HERE, '../../db/migrations')].find((folder) => existsSync(folder))

export function databaseIn({ DATA_DIR }: Pick<Env, 'DATA_DIR'>): string {
  return join(DATA_DIR, 'rivulet.db')
}
