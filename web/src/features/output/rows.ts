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

/** `null` where there is nobody to ask, and the first rows are all there is. */
export const RowsContext = createContext<LoadRows | null>(null)
