import {
  BIGINT,
  BLOB,
  BOOLEAN,
  blobValue,
  DOUBLE,
  type DuckDBType,
  type DuckDBValue,
  HUGEINT,
  INTEGER,
  LIST,
  listValue,
  SQLNULL,
  TIMESTAMPTZ,
  timestampTZValue,
  VARCHAR,
} from '@duckdb/node-api'
import type { Parameter, ParameterValue, SqlType } from '../../../../language/sql/parameterTypes.ts'

/** Types of values that come from outside; JSON is a text until its statement casts it. */
export function engineType(type: SqlType): DuckDBType {
  if (typeof type === 'object') return LIST(engineType(type.list))
  switch (type) {
    case 'null':
      return SQLNULL
    case 'boolean':
      return BOOLEAN
    case 'integer':
      return INTEGER
    case 'bigint':
      return BIGINT
    case 'numeric':
      return HUGEINT
    case 'double':
      return DOUBLE
    case 'timestamptz':
      return TIMESTAMPTZ
    case 'blob':
      return BLOB
    case 'text':
    case 'json':
      return VARCHAR
  }
}

export function bindings(parameters: readonly Parameter[]): { values: DuckDBValue[]; types: DuckDBType[] } {
  return {
    values: parameters.map(({ type, value }) => engineValue(type, value)),
    types: parameters.map(({ type }) => engineType(type)),
  }
}

function engineValue(type: SqlType, value: ParameterValue): DuckDBValue {
  if (value === null) return null
  if (typeof type === 'object') {
    const { list } = type
    return Array.isArray(value) ? listValue(value.map((each) => engineValue(list, each))) : null
  }
  if (Array.isArray(value)) throw new TypeError('a list where there is none')
  switch (type) {
    case 'null':
      return null
    case 'boolean':
      return value === 'true'
    case 'integer':
    case 'double':
      return Number(value)
    case 'bigint':
    case 'numeric':
      return BigInt(value)
    case 'timestamptz':
      return timestampTZValue(BigInt(value) * 1_000n)
    case 'blob':
      return blobValue(Buffer.from(value, 'hex'))
    case 'text':
    case 'json':
      return value
  }
}
