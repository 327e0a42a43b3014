import type { Position } from '../../language/position.ts'
import { type Bound, bind } from '../../language/sql/bind.ts'
import type { StatementKind } from '../../language/sql/facts.ts'
import type { SqlCell } from '../../language/sql/sql.ts'
import type { CellError } from '../../notebook/model.ts'
import { type CreatedName, DatabaseError, EngineGone, RunCancelled } from './engine.ts'

/** From a cell's text to statements of an engine, and from its errors back to the text. */

export type BoundStatement = Extract<Bound, { ok: true }> & { kind: StatementKind }

class ValueError extends Error {
  readonly place: Position

  constructor({ message, ...place }: Position & { message: string }) {
    super(message)
    this.place = place
  }
}

export function bindAll(cell: SqlCell, values: readonly unknown[]): BoundStatement[] {
  return cell.statements.map((statement) => {
    const bound = bind(cell, statement, values)
    if (!bound.ok) throw new ValueError(bound.error)
    return { ...bound, kind: statement.kind }
  })
}

export function createsOf(cell: SqlCell): CreatedName[] {
  const all = cell.statements.flatMap(({ creates }) => creates)
  return all.flatMap(({ table: { parts }, kind, temporary }) => (temporary ? [] : [{ kind, parts }]))
}

type Failure = CellError & { message: string }

/** Undefined: it was cancelled. */
export function failureOf(error: unknown, statements: readonly BoundStatement[]): Failure | undefined {
  if (error instanceof RunCancelled) return undefined
  if (error instanceof EngineGone) return { kind: 'kernel-died', message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof ValueError) return { kind: 'database', message, ...error.place }
  if (!(error instanceof DatabaseError)) return { kind: 'database', message }
  const { statement, offset, code } = error
  const place = offset === undefined ? undefined : statements[statement]?.positionOf(offset)
  return { kind: 'database', message, ...place, ...(code !== undefined && { code }) }
}
