import * as brands from './brands.ts'
import { describe } from './describe.ts'
import { isPlainObject } from './plain.ts'
import { printTree } from './print.ts'

/** `application/vnd.table+json`. */
export interface Table {
  columns: { name: string; type: ColumnType }[]
  /** The first rows; cells are JSON, anything richer as text. */
  rows: unknown[][]
  total: number
  /** For asking for the rows that were not sent; absent when all were. */
  handle?: string
}

export type ColumnType = 'number' | 'string' | 'boolean' | 'date' | 'bigint' | 'object' | 'mixed' | 'null'

const MAX_ROWS = 200
const MAX_COLUMNS = 200
const CELL_TEXT = 200

/** An array of plain objects as a table. Throws what the value's own traps throw. */
export function tableOf(value: unknown): Table | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const head = Array.from({ length: Math.min(value.length, MAX_ROWS) }, (_, i) => dataOf(value, String(i)))
  if (!head.every(isPlainObject) || !isPlainObject(dataOf(value, String(value.length - 1)))) return undefined
  const names = columnNames(head)
  if (names.length === 0) return undefined
  const cells = head.map((row) => names.map((name) => dataOf(row, name)))
  const columns = names.map((name, column) => ({
    name: name.slice(0, CELL_TEXT),
    type: columnType(cells.map((row) => row[column])),
  }))
  return { columns, rows: cells.map((row) => row.map(jsonCell)), total: value.length }
}

/** Of the first rows: a list may be long. */
export function columnNames(list: readonly unknown[]): string[] {
  const head = list.slice(0, MAX_ROWS).filter(isPlainObject)
  return [...new Set(head.flatMap((row) => Object.keys(row)))].slice(0, MAX_COLUMNS)
}

/** Calls no getter. */
export function cellAt(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null ? dataOf(row, name) : undefined
}

function dataOf(value: object, key: string): unknown {
  return Reflect.getOwnPropertyDescriptor(value, key)?.value
}

function columnType(values: readonly unknown[]): ColumnType {
  const types = new Set(values.filter((value) => value !== null && value !== undefined).map(typeOf))
  if (types.size === 0) return 'null'
  return types.size === 1 ? ([...types][0] as ColumnType) : 'mixed'
}

function typeOf(value: unknown): ColumnType {
  const type = typeof value
  if (type === 'number' || type === 'string' || type === 'boolean' || type === 'bigint') return type
  return type === 'object' && brands.isDate(value as object) ? 'date' : 'object'
}

export function jsonCell(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'string') return value.length > CELL_TEXT ? `${value.slice(0, CELL_TEXT)}…` : value
  if (typeof value === 'object' && brands.isDate(value)) return brands.dateText(value)
  const text = printTree(describe(value, { depth: 2, entries: 10, nodes: 30, text: CELL_TEXT }))
  return (typeof value === 'bigint' ? text.slice(0, -1) : text).slice(0, CELL_TEXT)
}
