import type { SqlType } from './parameterTypes.ts'
import type { Dialect } from './tokens.ts'

const POSTGRESQL: Record<Exclude<SqlType, object>, string | undefined> = {
  // Without a type they are what their place asks for, as what is written in quotation marks is.
  null: undefined,
  text: undefined,
  boolean: 'bool',
  integer: 'int4',
  bigint: 'int8',
  numeric: 'numeric',
  double: 'float8',
  timestamptz: 'timestamptz',
  blob: 'bytea',
  json: 'jsonb',
}

/** A parameter with its type. DuckDB is told the type with the value, except that its JSON is a text to everybody else. */
export function castOf(parameter: string, type: SqlType, dialect: Dialect): string {
  if (dialect === 'duckdb') return type === 'json' ? `cast(${parameter} as json)` : parameter
  const name = postgresqlType(type)
  return name === undefined ? parameter : `cast(${parameter} as ${name})`
}

/** Lists of lists have the type of a list in PostgreSQL. */
function postgresqlType(type: SqlType): string | undefined {
  if (typeof type !== 'object') return POSTGRESQL[type]
  const element = postgresqlType(type.list)
  return element && (element.endsWith('[]') ? element : `${element}[]`)
}
