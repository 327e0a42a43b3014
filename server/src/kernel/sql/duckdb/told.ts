import { DatabaseError, EngineGone, RunCancelled } from '../engine.ts'
import { OUT_OF_MEMORY, ProcessGone, Refused } from './process.ts'

/** The process was ended, because a query would not stop. */
export const UNRULY =
  'A query did not stop when asked, so the SQL engine was ended. Results and tables are made again when they are needed.'
/** Somebody wanted it. */
export const AWAY = 'The SQL engine was put away.'
const LOST = 'It lost all results and tables: they are made again when they are needed.'

/** What went wrong in the process, as the interface has it. */
export function toldBy(error: unknown): unknown {
  if (error instanceof ProcessGone)
    return new EngineGone(error.message === UNRULY || error.message === AWAY ? error.message : `${error.message} ${LOST}`)
  if (!(error instanceof Refused)) return error
  const { kind, message, statement, offset, code } = error.failure
  switch (kind) {
    case 'cancelled':
      return new RunCancelled(message)
    case 'lost':
      return new EngineGone(message)
    case 'database':
      return new DatabaseError(message, {
        statement,
        ...(offset !== undefined && { offset }),
        ...(code !== undefined && { code }),
      })
  }
}

/** Of a process that only had a file to read, and nothing to lose. */
export function toldByReading(error: unknown): unknown {
  if (!(error instanceof ProcessGone) || error.message !== OUT_OF_MEMORY) return toldBy(error)
  return new DatabaseError(TOO_MUCH, { statement: 0, code: 'Out of Memory' })
}

const TOO_MUCH = 'to read it takes more memory than the SQL engine has. Save it as CSV or Parquet, or in parts.'
