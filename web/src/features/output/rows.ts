import { createContext } from 'react'
import type { Row } from './table.ts'

export interface RowsQuery {
  offset: number
  limit: number
  sort?: { column: string; descending: boolean }
  filter?: string
}

/** Rows of a table that was too long to be sent whole; `total` counts those that pass the filter. */
export type LoadRows = (handle: string, query: RowsQuery) => Promise<{ rows: readonly Row[]; total: number }>

/** A file of all rows, in this order and with this filter. */
export interface SaveQuery extends Pick<RowsQuery, 'sort' | 'filter'> {
  format: 'csv' | 'parquet'
  name: string
}

/** Has the file made where the rows are: its address, which is good once; undefined when they are not kept there any more. */
export type SaveRows = (handle: string, query: SaveQuery) => Promise<string | undefined>

export const SaveRowsContext = createContext<SaveRows | null>(null)

/** `null` where there is nobody to ask, and the first rows are all there is. */
export const RowsContext = createContext<LoadRows | null>(null)
