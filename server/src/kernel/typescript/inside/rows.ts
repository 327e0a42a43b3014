import type { RowsPage, RowsQuery } from './protocol.ts'
import { all, apply, each, mapped } from './safe.ts'
import { cellAt, columnNames, jsonCell } from './table.ts'
import { includes, lowerCase, trimmed } from './text.ts'

const { sort: sortList } = Array.prototype

/** A list that was shown as a table, for paging beyond the rows that were sent. The list itself, not a copy: it shows what is in it now. It is read when it is first asked for. */
export class TableRows {
  readonly #read: () => readonly unknown[]
  #known: { list: readonly unknown[]; names: readonly string[] } | undefined
  /** The order asked for last, as positions in the list: going through the pages sorts and filters once. */
  #order: { key: string; length: number; positions: readonly number[] } | undefined

  constructor(read: () => readonly unknown[]) {
    this.#read = read
  }

  get #table(): { list: readonly unknown[]; names: readonly string[] } {
    if (!this.#known) {
      const list = this.#read()
      this.#known = { list, names: columnNames(list) }
    }
    return this.#known
  }

  get #list(): readonly unknown[] {
    return this.#table.list
  }

  page({ offset, limit, sort, filter = '' }: RowsQuery): RowsPage {
    const wanted = lowerCase(trimmed(filter))
    const positions = sort || wanted ? this.#ordered(sort, wanted) : undefined
    const total = positions?.length ?? this.#list.length
    const rows: unknown[][] = []
    for (let at = offset; at < Math.min(offset + limit, total); at += 1) rows[rows.length] = this.#row(positions?.[at] ?? at)
    return { rows, total }
  }

  #row(position: number): unknown[] {
    const row = this.#list[position]
    return mapped(this.#table.names, (name) => jsonCell(cellAt(row, name)))
  }

  #ordered(sort: RowsQuery['sort'], filter: string): readonly number[] {
    const key = JSON.stringify([sort, filter])
    const known = this.#order
    if (known?.key === key && known.length === this.#list.length) return known.positions
    const kept: number[] = []
    for (let at = 0; at < this.#list.length; at += 1) if (!filter || this.#matches(at, filter)) kept[kept.length] = at
    if (sort) this.#sort(kept, sort)
    this.#order = { key, length: this.#list.length, positions: kept }
    return kept
  }

  #matches(position: number, filter: string): boolean {
    return !all(this.#row(position), (cell) => cell === null || !includes(lowerCase(String(cell)), filter))
  }

  /** Stable; what is missing comes last in either direction. */
  #sort(positions: number[], { column, descending }: NonNullable<RowsQuery['sort']>): void {
    const sign = descending ? -1 : 1
    const keys: (number | string | null)[] = []
    each(positions, (at) => {
      keys[at] = sortKey(cellAt(this.#list[at], column))
    })
    const order = (a: number, b: number) => {
      const left = keys[a] ?? null
      const right = keys[b] ?? null
      if (left === null || right === null) return Number(left === null) - Number(right === null) || a - b
      return sign * compare(left, right) || a - b
    }
    apply(sortList, positions, [order])
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
