import {
  type DuckDBDateValue,
  DuckDBDecimalValue,
  type DuckDBTimestampTZValue,
  type DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api'
import { quote } from './database.ts'
import type { ResultColumn } from './protocol.ts'

/** A column of a result, as the table that keeps it has it. */
export interface KeptColumn extends ResultColumn {
  /** Its name there, quoted and qualified. */
  column: string
  engineType: DuckDBType
}

/** What the tables of results are called in queries. */
export const KEPT = 'kept'

export function keptColumn(name: string, { key, column = key }: { key: string; column?: string }, type: DuckDBType): KeptColumn {
  return { name, key, type: typeText(type), shown: shownAs(type), column: `${KEPT}.${quote(column)}`, engineType: type }
}

/** Enumerations name all of their values. */
const MAX_TYPE = 200

function typeText(type: DuckDBType): string {
  const text = type.alias ?? type.toString()
  return text.length > MAX_TYPE ? `${text.slice(0, MAX_TYPE)}…` : text
}

function shownAs({ typeId, alias }: DuckDBType): ResultColumn['shown'] {
  if (alias === 'JSON') return 'object'
  return SHOWN.get(typeId) ?? 'string'
}

const Id = DuckDBTypeId
const SHOWN = new Map<DuckDBTypeId, ResultColumn['shown']>([
  [Id.BOOLEAN, 'boolean'],
  ...[Id.TINYINT, Id.SMALLINT, Id.INTEGER, Id.UTINYINT, Id.USMALLINT, Id.UINTEGER, Id.FLOAT, Id.DOUBLE, Id.DECIMAL].map(
    (id) => [id, 'number'] as const,
  ),
  ...[Id.BIGINT, Id.UBIGINT, Id.HUGEINT, Id.UHUGEINT, Id.BIGNUM].map((id) => [id, 'bigint'] as const),
  ...[Id.DATE, Id.TIMESTAMP, Id.TIMESTAMP_S, Id.TIMESTAMP_MS, Id.TIMESTAMP_NS, Id.TIMESTAMP_TZ].map(
    (id) => [id, 'date'] as const,
  ),
  ...[Id.LIST, Id.ARRAY, Id.STRUCT, Id.MAP, Id.UNION, Id.VARIANT].map((id) => [id, 'object'] as const),
])

/** Characters of one cell; what explains a query is read in full. */
export const CELL_TEXT = 200
export const PLAN_TEXT = 100_000

/** What a page asks the engine for: long values are cut there, so that they never travel. */
export function cellExpression({ column, engineType: { typeId } }: KeptColumn, limit: number): string {
  switch (typeId) {
    case Id.FLOAT:
      // Written in as few digits as tell it apart, as everybody else writes it.
      return `cast(cast(${column} as varchar) as double)`
    case Id.BLOB:
      return `substring(cast(${column}[1:${limit + 1}] as varchar), 1, ${limit + 1})`
    case Id.TIMESTAMP_S:
    case Id.TIMESTAMP_MS:
    case Id.TIMESTAMP_NS:
      return `cast(${column} as timestamp)`
    default:
      return AS_THEY_ARE.has(typeId) ? column : `substring(cast(${column} as varchar), 1, ${limit + 1})`
  }
}

const AS_THEY_ARE = new Set<DuckDBTypeId>([
  ...[...SHOWN].filter(([, shown]) => shown === 'number' || shown === 'bigint' || shown === 'boolean').map(([id]) => id),
  ...[Id.DATE, Id.TIMESTAMP, Id.TIMESTAMP_TZ],
])

/** A value of such an expression as `application/vnd.table+json` has it. */
export function jsonCell(value: DuckDBValue, id: DuckDBTypeId, limit: number): unknown {
  if (value === null || typeof value === 'boolean') return value
  switch (id) {
    case Id.DATE:
      return dateText(value as DuckDBDateValue)
    case Id.TIMESTAMP:
    case Id.TIMESTAMP_S:
    case Id.TIMESTAMP_MS:
    case Id.TIMESTAMP_NS:
    case Id.TIMESTAMP_TZ:
      return timestampText(value as DuckDBTimestampValue | DuckDBTimestampTZValue)
    default:
      return plainCell(value, limit)
  }
}

function plainCell(value: DuckDBValue, limit: number): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return isExact(value) ? Number(value) : String(value)
  if (value instanceof DuckDBDecimalValue) return decimalCell(value)
  return shortened(String(value), limit)
}

/** With all the digits after the point that its type has, as prices are written: a number would lose zeros at the end. */
function decimalCell(decimal: DuckDBDecimalValue): unknown {
  return decimal.scale === 0 && isExact(decimal.value) ? Number(decimal.value) : decimal.toString()
}

function isExact(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
}

/** Cut between characters: half of one would be none. */
function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text
  const end = /[\ud800-\udbff]/.test(text[limit - 1] ?? '') ? limit - 1 : limit
  return `${text.slice(0, end)}…`
}

const DAY_MS = 86_400_000
const MAX_DATE_MS = 8_640_000_000_000_000

function dateText(value: DuckDBDateValue): string {
  if (!value.isFinite) return value.days > 0 ? 'infinity' : '-infinity'
  const ms = value.days * DAY_MS
  return Math.abs(ms) <= MAX_DATE_MS ? (new Date(ms).toISOString().split('T')[0] as string) : value.toString()
}

/** As a `Date` of the same instant is written, with microseconds where there are some. */
function timestampText(value: DuckDBTimestampValue | DuckDBTimestampTZValue): string {
  const { micros } = value
  const rest = ((micros % 1_000n) + 1_000n) % 1_000n
  const ms = Number((micros - rest) / 1_000n)
  if (Math.abs(ms) > MAX_DATE_MS) return value.toString()
  const text = new Date(ms).toISOString()
  return rest === 0n ? text : text.replace('Z', `${String(rest).padStart(3, '0')}Z`)
}
