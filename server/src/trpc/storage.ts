import { ProblemError } from './problems.ts'

/** What SQLite says when the disk is full, broken or read-only; a constraint or a statement that is wrong is a bug of ours. */
const NO_ROOM = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY)/
const DEEPEST_CAUSE = 5

export const isStorageFailure = (error: unknown) => isCausedBy(error, NO_ROOM)

/** The file is no longer a database that SQLite can read. */
export const isDamage = (error: unknown) => isCausedBy(error, /^SQLITE_(CORRUPT|NOTADB)/)

function isCausedBy(error: unknown, code: RegExp): boolean {
  let cause = error
  for (let depth = 0; cause instanceof Error && depth < DEEPEST_CAUSE; depth += 1) {
    if ('code' in cause && code.test(String(cause.code))) return true
    cause = cause.cause
  }
  return false
}

/** What the caller is told of it: nothing has changed, and later it may work. */
export const storageProblem = (cause: unknown) => new ProblemError({ kind: 'unavailable', reason: 'storage' }, cause)

/** What `work` gives; in words for the caller when the database cannot be written. */
export function stored<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw isStorageFailure(error) ? storageProblem(error) : error
  }
}
