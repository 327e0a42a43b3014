import * as brands from './brands.ts'
import { describe } from './describe.ts'
import { isPlainObject } from './plain.ts'
import { printTree } from './print.ts'
import { all, each, mapped, SafeMap } from './safe.ts'
import { cut } from './text.ts'

/** `application/vnd.table+json`. */
export interface Table {
  columns: { name: string; type: ColumnType }[]
  /** The first rows; cells are JSON, anything richer as text. */
  rows: unknown[][]
  total: number
  /** For asking for its rows, as long as they are in memory. */
  handle?: string
}

export type ColumnType = 'number' | 'string' | 'boolean' | 'date' | 'bigint' | 'object' | 'mixed' | 'null'

const MAX_ROWS = 200
const MAX_COLUMNS = 200
const CELL_TEXT = 200

/** A table of Arquero, or of whatever says the same of itself. */
interface TableObject {
  numRows: () => unknown
  columnNames: () => unknown
  objects: (options?: { limit: number }) => unknown
}

function isTableObject(value: unknown): value is TableObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { numRows, columnNames, objects } = value as Partial<TableObject>
  return typeof numRows === 'function' && typeof columnNames === 'function' && typeof objects === 'function'
}

/** The rows of what can be read as a list of them; of an object that is a table no more than `limit`. Throws what its own code throws. */
export function listOf(value: unknown, limit = Number.POSITIVE_INFINITY): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  const list = isTableObject(value) ? value.objects({ limit }) : undefined
  return Array.isArray(list) ? list : undefined
}

/** An array of plain objects as a table, or an object that is one. Throws what the value's own traps and code throw. */
export function tableOf(value: unknown): Table | undefined {
  if (!isTableObject(value)) return tableOfList(value)
  const table = tableOfList(listOf(value, MAX_ROWS))
  return table && { ...table, total: Number(value.numRows()) }
}

function tableOfList(value: unknown): Table | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const head = Array.from({ length: Math.min(value.length, MAX_ROWS) }, (_, i) => dataOf(value, String(i)))
  if (!all(head, isPlainObject) || !isPlainObject(dataOf(value, String(value.length - 1)))) return undefined
  const names = columnNames(head)
  if (names.length === 0) return undefined
  const cells = mapped(head, (row) => mapped(names, (name) => cellAt(row, name)))
  const columns = mapped(names, (name, column) => ({
    name: cut(name, 0, CELL_TEXT),
    type: columnType(mapped(cells, (row) => row[column])),
  }))
  return { columns, rows: mapped(cells, (row) => mapped(row, jsonCell)), total: value.length }
}

/** Of the first rows: a list may be long. */
export function columnNames(list: readonly unknown[]): string[] {
  const seen = new SafeMap<string, true>()
  const names: string[] = []
  for (let i = 0; i < list.length && i < MAX_ROWS; i += 1) {
    const row = list[i]
    each(isPlainObject(row) ? Object.keys(row) : [], (name) => {
      if (seen.has(name) || names.length >= MAX_COLUMNS) return
      seen.set(name, true)
      names[names.length] = name
    })
  }
  return names
}

/** Calls no getter. */
export function cellAt(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null ? dataOf(row, name) : undefined
}

function dataOf(value: object, key: string): unknown {
  return Reflect.getOwnPropertyDescriptor(value, key)?.value
}

function columnType(values: readonly unknown[]): ColumnType {
  let type: ColumnType = 'null'
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] === null || values[i] === undefined || typeOf(values[i]) === type) continue
    if (type !== 'null') return 'mixed'
    type = typeOf(values[i])
  }
  return type
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
  if (typeof value === 'string') return value.length > CELL_TEXT ? `${cut(value, 0, CELL_TEXT)}…` : value
  if (typeof value === 'object' && brands.isDate(value)) return brands.dateText(value)
  const text = printTree(describe(value, { depth: 2, entries: 10, nodes: 30, text: CELL_TEXT }))
  return cut(typeof value === 'bigint' ? cut(text, 0, -1) : text, 0, CELL_TEXT)
}
