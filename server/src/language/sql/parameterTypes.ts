/** Types that both engines have, under different names. */
export type SqlType =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'double'
  | 'text'
  | 'timestamptz'
  | 'blob'
  | 'json'
  | { list: SqlType }

/**
 * A value as it goes to an engine, in a form that every channel can carry: numbers in decimal, times in milliseconds since
 * 1970, bytes in hexadecimal, `true` and `false`, JSON as its text.
 */
export interface Parameter {
  type: SqlType
  value: ParameterValue
}
export type ParameterValue = string | null | ParameterValue[]
