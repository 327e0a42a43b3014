import { type Bound, bind } from '@rivulet/server/src/language/sql/bind.ts'
import { readSql, type SqlCell } from '@rivulet/server/src/language/sql/sql.ts'
import type { Dialect } from '@rivulet/server/src/language/sql/tokens.ts'

export function readCell(source: string, dialect: Dialect): SqlCell {
  const cell = readSql(source, dialect)
  if (!cell.ok) throw new SyntaxError(cell.message)
  return cell
}

/** The first statement with values in the order of its holes. */
export function bound(source: string, values: readonly unknown[], dialect: Dialect = 'duckdb'): Extract<Bound, { ok: true }> {
  const result = tryToBind(source, values, dialect)
  if (!result.ok) throw new Error(result.error.message)
  return result
}

export function tryToBind(source: string, values: readonly unknown[], dialect: Dialect = 'duckdb'): Bound {
  const cell = readCell(source, dialect)
  const [statement] = cell.statements
  if (!statement) throw new Error('There is no statement')
  return bind(cell, statement, values)
}
