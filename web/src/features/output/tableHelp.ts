import { createContext } from 'react'
import type { TableData } from './choose.ts'

/** What whoever shows a table knows about it, and can do with it. */
export interface TableHelp {
  /** What its file is called. */
  name?: string
  onChart?: (table: TableData) => void
}

export const TableHelpContext = createContext<TableHelp>({})
