import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import { KEY_FILES } from './keyFiles.ts'

/** So much is looked through before anything is served: some hundredths of a second. More would make starting slower. */
const AT_ONCE_BYTES = 32 * 1024 * 1024

const QUICK_CHECK = 'pragma quick_check(1)'

/** What a server found wrong while it ran is kept beside the file, so that the next one looks at all of it before it serves. */
const markOf = (path: string) => `${path}.damaged`

/** Looks for damage in a file that is opened, unless it is so large that this has to be done beside the work. */
export function lookThrough(sqlite: Sqlite.Database, path: string): { checked: boolean; damage?: string | undefined } {
  const marked = existsSync(markOf(path))
  const size = statSync(path).size
  if (size === 0 && hasBeenUsed(path)) return { checked: true, damage: 'it is empty, and was not' }
  if (size > AT_ONCE_BYTES && !marked) return { checked: false }
  const damage = quickCheck(sqlite)
  if (damage === undefined) rmSync(markOf(path), { force: true })
  return { checked: true, damage }
}

/** A first start writes the keys after the database: an empty file beside keys has lost what it held. */
function hasBeenUsed(path: string): boolean {
  return KEY_FILES.some((name) => existsSync(join(dirname(path), name)))
}

function quickCheck(sqlite: Sqlite.Database): string | undefined {
  const found = sqlite.prepare<[], string>(QUICK_CHECK).pluck().get()
  return found === 'ok' ? undefined : found
}

const CHECK = `
const { parentPort, workerData } = require('node:worker_threads')
const Sqlite = require(workerData.driver)
try {
  const sqlite = new Sqlite(workerData.path, { readonly: true, fileMustExist: true })
  parentPort.postMessage(sqlite.prepare(workerData.statement).pluck().get())
  sqlite.close()
} catch (error) {
  if (!/^SQLITE_(CORRUPT|NOTADB)/.test(String(error.code))) throw error
  parentPort.postMessage(error.message)
}
`

/** Looks through all of a file that is in use, in a thread of its own. Rejects when it cannot be looked at now. */
export function damageOfOpen(path: string, signal: AbortSignal): Promise<string | undefined> {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const thread = new Worker(CHECK, { eval: true, workerData: { path, driver, statement: QUICK_CHECK } })
  const end = () => void thread.terminate()
  signal.addEventListener('abort', end)
  return new Promise<string | undefined>((resolve, reject) => {
    thread.once('message', (found: string) => resolve(found === 'ok' ? undefined : found))
    thread.once('error', reject)
    thread.once('exit', () => reject(new Error('The check of the database was given up.')))
  }).finally(() => signal.removeEventListener('abort', end))
}

/** Says so to whoever starts the next server. */
export function markDamaged(path: string, found: string): void {
  writeFileSync(markOf(path), `${found}\n`)
}

/** For the operator: what it is, and what to do. */
export function damageText(path: string, found: string): string {
  const marked = existsSync(markOf(path)) ? readFileSync(markOf(path), 'utf8').trim() : ''
  const what = [found, marked === found ? '' : marked].filter(Boolean).join('; ')
  return `The file ${path} is not a database, or is damaged (${what}). It was left as it is. Restore a backup with: pnpm db:restore <file>; or choose another DATA_DIR.`
}
