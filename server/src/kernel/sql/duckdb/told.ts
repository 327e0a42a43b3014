import { DatabaseError, EngineGone, RunCancelled } from '../engine.ts'
import { ProcessGone, Refused } from './process.ts'

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
