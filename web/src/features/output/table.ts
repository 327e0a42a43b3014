import type { TableData } from './choose.ts'

export interface Sort {
  column: number
  descending: boolean
}

export type Row = readonly unknown[]

/** Rows as arrays, whichever way they were sent. */
export function rowsOf({ columns, rows }: TableData): Row[] {
  return rows.map((row) => (Array.isArray(row) ? row : columns.map(({ name }) => (row as Record<string, unknown>)[name])))
}

/** What a column's heading says when it is pointed at: the database's type, and what code gets where that is no number. */
export function typeTip(sqlType: string): string {
  const [, digits] = /^(?:DECIMAL|NUMERIC)\(\d+,\s*(\d+)\)$/i.exec(sqlType) ?? []
  if (digits !== undefined && digits !== '0') return `${sqlType}: in code a text, with all of its digits`
  const isWide = digits === '0' || /^(?:U?BIGINT|HUGEINT)$/i.test(sqlType)
  return isWide ? `${sqlType}: in code a bigint` : sqlType
}

export function isNumeric(rows: readonly Row[], column: number, type: string | undefined): boolean {
  if (type) return /num|int|float|double|decimal/i.test(type)
  return rows.every((row) => row[column] === null || typeof row[column] === 'number')
}

export function writeValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : value.toLocaleString('en', { maximumFractionDigits: 6, useGrouping: false })
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** `2026-01-31`, and the time (UTC) where there is one. */
export function writeDate(value: unknown): string {
  const text = writeValue(value)
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)Z$/.exec(text) ?? []
  if (!day || !time) return text
  return time === '00:00:00.000' ? day : `${day} ${time.replace(/\.000$/, '')}`
}

/** Bigints and decimals come as texts, because JSON has no such numbers. */
function numberOf(value: unknown): number {
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value)
    ? Number(value)
    : typeof value === 'number'
      ? value
      : Number.NaN
}

function compare(a: unknown, b: unknown): number {
  const difference = numberOf(a) - numberOf(b)
  if (difference > 0 || difference < 0) return difference
  return writeValue(a).localeCompare(writeValue(b), undefined, { numeric: true })
}

/** Stable; what is missing comes last in either direction. */
export function sorted(rows: readonly Row[], sort: Sort | undefined): readonly Row[] {
  if (!sort) return rows
  const { column, descending } = sort
  const missing = (row: Row) => row[column] === null || row[column] === undefined
  return rows.toSorted((a, b) => {
    if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b))
    return descending ? compare(b[column], a[column]) : compare(a[column], b[column])
  })
}

export function matching(rows: readonly Row[], filter: string): readonly Row[] {
  const wanted = filter.trim().toLowerCase()
  return wanted ? rows.filter((row) => row.some((value) => writeValue(value).toLowerCase().includes(wanted))) : rows
}

/** For pasting into a spreadsheet. */
export function toTsv(columns: TableData['columns'], rows: readonly Row[]): string {
  const cell = (value: unknown) => writeValue(value).replaceAll(/[\t\n\r]+/g, ' ')
  return [columns.map(({ name }) => name), ...rows].map((row) => row.map(cell).join('\t')).join('\n')
}
