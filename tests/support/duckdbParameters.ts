import * as duckdb from '@duckdb/node-api'
import type { Parameter, ParameterValue, SqlType } from '@rivulet/server/src/language/sql/parameterTypes.ts'

const TYPES: Record<Exclude<SqlType, object>, duckdb.DuckDBType> = {
  null: duckdb.SQLNULL,
  boolean: duckdb.BOOLEAN,
  integer: duckdb.INTEGER,
  bigint: duckdb.BIGINT,
  numeric: duckdb.HUGEINT,
  double: duckdb.DOUBLE,
  text: duckdb.VARCHAR,
  timestamptz: duckdb.TIMESTAMPTZ,
  blob: duckdb.BLOB,
  json: duckdb.VARCHAR,
}

function duckDBTypeOf(type: SqlType): duckdb.DuckDBType {
  return typeof type === 'object' ? duckdb.LIST(duckDBTypeOf(type.list)) : TYPES[type]
}

function toDuckDB(type: SqlType, value: ParameterValue): duckdb.DuckDBValue {
  if (value === null) return null
  if (Array.isArray(value))
    return duckdb.listValue(value.map((each) => toDuckDB(typeof type === 'object' ? type.list : type, each)))
  switch (type) {
    case 'boolean':
      return value === 'true'
    case 'integer':
    case 'double':
      return Number(value)
    case 'bigint':
    case 'numeric':
      return BigInt(value)
    case 'timestamptz':
      return new duckdb.DuckDBTimestampTZValue(BigInt(value) * 1_000n)
    case 'blob':
      return new duckdb.DuckDBBlobValue(Buffer.from(value, 'hex'))
    default:
      return value
  }
}

/** Runs what `bind` has made on a real DuckDB; values come back as the driver gives them. */
export async function runOnDuckDB(
  connection: duckdb.DuckDBConnection,
  { text, parameters }: { text: string; parameters: readonly Parameter[] },
): Promise<{ rows: duckdb.DuckDBValue[][]; columns: string[]; types: string[] }> {
  const values = parameters.map(({ type, value }) => toDuckDB(type, value))
  const types = parameters.map(({ type }) => duckDBTypeOf(type))
  const result = await connection.runAndReadAll(text, values, types)
  return { rows: result.getRows(), columns: result.columnNames(), types: result.columnTypes().map(String) }
}
