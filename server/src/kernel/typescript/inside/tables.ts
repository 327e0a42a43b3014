import { encodeAll } from './crossing.ts'
import { isPlainObject } from './plain.ts'
import type { TableInfo } from './protocol.ts'
import { QueryResult } from './result.ts'
import { listOf } from './table.ts'

/** What a list of values that are no objects has as its only column. */
const VALUE = 'value'
const MAX_COLUMNS = 1_000

/** A value of the notebook, as a query reads it: of a list of objects, rows; of other values, one column of them. */
export interface TableValue {
  info: TableInfo
  /** A list of values for each column. */
  slice(offset: number, limit: number): unknown[][]
}

/** Throws when the value is no table, with a sentence for the user. */
export function tableValue(name: string, value: unknown): TableValue {
  if (QueryResult.is(value)) return { info: { name, handle: value.info.handle }, slice: () => [] }
  const list = listOf(value)
  if (!list) throw new TypeError(`${name} cannot be read as a table: it is no list of rows`)
  if (list.length === 0) throw new TypeError(`${name} cannot be read as a table: it is empty, so nothing tells its columns`)
  const objects = list.filter(isPlainObject).length
  if (objects > 0 && objects < list.length)
    throw new TypeError(`${name} cannot be read as a table: some of its rows are objects, others are not`)
  // A table that is an object has `undefined` where it has nothing; in a list of objects it is a value, which SQL does not have.
  const nothing = Array.isArray(value) ? undefined : null
  return objects === 0 ? column(name, list) : rows(name, list as readonly Record<string, unknown>[], nothing)
}

function column(name: string, list: readonly unknown[]): TableValue {
  return {
    info: { name, columns: [VALUE], total: list.length },
    slice: (offset, limit) => [encodeAll(list.slice(offset, offset + limit))],
  }
}

/** A property that a row does not have is NULL. */
function rows(name: string, list: readonly Record<string, unknown>[], nothing: null | undefined): TableValue {
  const columns = columnsOf(list)
  if (columns.length === 0) throw new TypeError(`${name} cannot be read as a table: its rows have no properties`)
  if (columns.length > MAX_COLUMNS)
    throw new TypeError(`${name} cannot be read as a table: it has more than ${MAX_COLUMNS} columns`)
  return {
    info: { name, columns, total: list.length },
    slice: (offset, limit) => {
      const part = list.slice(offset, offset + limit)
      const cell = (row: Record<string, unknown>, key: string) => {
        const value = Object.hasOwn(row, key) ? row[key] : null
        return value === undefined ? nothing : value
      }
      return columns.map((key) => encodeAll(part.map((row) => cell(row, key))))
    },
  }
}

/** Of all rows: one that only a later row has must not get lost. */
function columnsOf(list: readonly object[]): string[] {
  const columns = new Set<string>()
  for (const row of list) for (const key of Object.keys(row)) columns.add(key)
  return [...columns]
}
