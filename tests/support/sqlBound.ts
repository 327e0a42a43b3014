import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type Bound, bind } from '@rivulet/server/src/language/sql/bind.ts'
import { readSql, type SqlCell } from '@rivulet/server/src/language/sql/sql.ts'
import type { Dialect } from '@rivulet/server/src/language/sql/tokens.ts'
import { loadModule } from 'libpg-query'
import { beforeAll } from 'vitest'
import { runOnDuckDB } from './duckdbParameters.ts'

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

/** A real DuckDB in memory for this file's tests, and PostgreSQL's own parser. */
export function useDuckDb() {
  let connection: DuckDBConnection
  beforeAll(async () => {
    await loadModule()
    connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run("set TimeZone = 'UTC'")
  })
  return {
    run: (sql: string) => connection.run(sql),
    runBound: (statement: Extract<Bound, { ok: true }>) => runOnDuckDB(connection, statement),
    runCell: (source: string, values: readonly unknown[]) => runOnDuckDB(connection, bound(source, values)),
  }
}
