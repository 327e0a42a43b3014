import { csvLine } from '../../notebook/csv.ts'
import type { SavedFile, SaveQuery } from '../sql/engine.ts'
import type { RowsPage, RowsQuery } from './inside/protocol.ts'

/** Rows at a time: what the server holds of a list. */
const PAGE = 5_000

/** A list in the kernel's memory as a file, in pages; undefined when it is not there. */
export async function saveList(
  page: (query: RowsQuery) => Promise<RowsPage | undefined>,
  { format, ...query }: SaveQuery,
  names: readonly string[],
): Promise<SavedFile | undefined> {
  const rowsFrom = (offset: number) => page({ ...query, offset, limit: PAGE })
  let first = await rowsFrom(0)
  if (!first) return undefined
  if (format !== 'csv') throw new Error('A Parquet file is made of the result of a SQL cell: read the list in one, and save that')
  let offset = 0
  let head: string | undefined = csvLine(names)
  const next = async () => {
    const rows = (first ?? (await rowsFrom(offset)))?.rows
    if (!rows) throw new Error('The rows are not in the kernel’s memory any more')
    const text = (head ?? '') + rows.map(csvLine).join('')
    first = undefined
    head = undefined
    offset += rows.length
    return text === '' ? undefined : Buffer.from(text)
  }
  // A list stays where it is, read or not.
  return { next, close: async () => undefined }
}
