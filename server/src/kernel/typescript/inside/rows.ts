import type { RowsPage, RowsQuery } from './protocol.ts'
import { cellAt, columnNames, jsonCell } from './table.ts'

/** A list that was shown as a table, for paging beyond the rows that were sent. The list itself, not a copy: it shows what is in it now. */
export class TableRows {
  readonly #list: readonly unknown[]
  readonly #names: readonly string[]
  /** The order asked for last, as positions in the list: going through the pages sorts and filters once. */
  #order: { key: string; length: number; positions: Uint32Array } | undefined

  constructor(list: readonly unknown[]) {
    this.#list = list
    this.#names = columnNames(list)
  }

  page({ offset, limit, sort, filter = '' }: RowsQuery): RowsPage {
    const positions = sort || filter.trim() ? this.#ordered(sort, filter.trim().toLowerCase()) : undefined
    const total = positions?.length ?? this.#list.length
    const rows: unknown[][] = []
    for (let at = offset; at < Math.min(offset + limit, total); at += 1) rows.push(this.#row(positions?.[at] ?? at))
    return { rows, total }
  }

  #row(position: number): unknown[] {
    const row = this.#list[position]
    return this.#names.map((name) => jsonCell(cellAt(row, name)))
  }

  #ordered(sort: RowsQuery['sort'], filter: string): Uint32Array {
    const key = JSON.stringify([sort, filter])
    const known = this.#order
    if (known?.key === key && known.length === this.#list.length) return known.positions
    const kept: number[] = []
    for (let at = 0; at < this.#list.length; at += 1) if (!filter || this.#matches(at, filter)) kept.push(at)
    if (sort) this.#sort(kept, sort)
    const positions = Uint32Array.from(kept)
    this.#order = { key, length: this.#list.length, positions }
    return positions
  }

  #matches(position: number, filter: string): boolean {
    return this.#row(position).some((cell) => cell !== null && String(cell).toLowerCase().includes(filter))
  }

  /** Stable; what is missing comes last in either direction. */
  #sort(positions: number[], { column, descending }: NonNullable<RowsQuery['sort']>): void {
    const sign = descending ? -1 : 1
    const keys = new Map(positions.map((at) => [at, sortKey(cellAt(this.#list[at], column))]))
    positions.sort((a, b) => {
      const [left, right] = [keys.get(a) ?? null, keys.get(b) ?? null]
      if (left === null || right === null) return Number(left === null) - Number(right === null) || a - b
      return sign * compare(left, right) || a - b
    })
  }
}

function sortKey(value: unknown): number | string | null {
  if (typeof value === 'number' && !Number.isNaN(value)) return value
  if (typeof value === 'bigint') return Number(value)
  const cell = jsonCell(value)
  return typeof cell === 'boolean' ? Number(cell) : cell === null ? null : String(cell)
}

/** Numbers before texts. */
function compare(a: number | string, b: number | string): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}
