import type { ResultInfo } from './protocol.ts'

/** What other cells get of a query: its rows are fetched when code first reads them. */
export class QueryResult {
  readonly #brand = true
  readonly info: ResultInfo
  /** Once they were fetched: everybody reads the same list. */
  rows: Promise<unknown[]> | undefined

  constructor(info: ResultInfo) {
    this.info = info
  }

  static is(value: unknown): value is QueryResult {
    return typeof value === 'object' && value !== null && #brand in value
  }
}
