import type { SqlType } from '../../../language/sql/parameterTypes.ts'

const NAMES: Record<Exclude<SqlType, object>, string> = {
  null: 'INTEGER',
  boolean: 'BOOLEAN',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  numeric: 'HUGEINT',
  double: 'DOUBLE',
  text: 'VARCHAR',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  blob: 'BLOB',
  json: 'VARCHAR',
}

/** A parameter's type in the engine's own words. */
export function declaredType(type: SqlType): string {
  return typeof type === 'object' ? `${declaredType(type.list)}[]` : NAMES[type]
}
