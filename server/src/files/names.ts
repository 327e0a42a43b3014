import { LIMITS, type NotebookFile } from '../notebook/model.ts'
import { RESERVED_WORDS } from './reservedWords.ts'

const FORMATS: Record<string, NotebookFile['format']> = {
  ...{ csv: 'csv', tsv: 'tsv', tab: 'tsv', parquet: 'parquet', pq: 'parquet', json: 'json', ndjson: 'ndjson', jsonl: 'ndjson' },
  ...{ xlsx: 'xlsx', xlsm: 'xlsx' },
}
const SPREADSHEETS = new Set(['xls', 'xlsb', 'ods', 'numbers'])
const PACKED = new Set(['gz', 'zip', 'zst', 'bz2', 'xz', '7z'])
const READABLE = 'CSV, TSV, Parquet, JSON, NDJSON and Excel (.xlsx) files can be read.'

/** Long enough for anything, short enough to be typed. */
const TABLE_LENGTH = 60

/** By the end of a file's name; otherwise a sentence that says what to do. */
export function formatOf(name: string): { ok: true; format: NotebookFile['format'] } | { ok: false; message: string } {
  const extension = /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const format = FORMATS[extension]
  if (format) return { ok: true, format }
  if (SPREADSHEETS.has(extension))
    return { ok: false, message: `it is a spreadsheet of another kind. Save it as .xlsx or CSV. ${READABLE}` }
  if (PACKED.has(extension)) return { ok: false, message: `it is packed. Unpack it first. ${READABLE}` }
  return { ok: false, message: `its name does not say what it is. ${READABLE}` }
}

/** A file's name without folders, as it is shown; undefined for what is none. */
export function shownNameOf(given: string): string | undefined {
  const name = given.normalize('NFC').split(/[/\\]/).at(-1)?.trim() ?? ''
  const isFit = name.isWellFormed() && !/\p{Cc}/u.test(name) && name.replaceAll('.', '') !== ''
  return isFit && name.length <= LIMITS.fileNameLength ? name : undefined
}

/** What a file is called as a table: letters, digits and `_` in lower case, so that SQL needs no quotation marks. `Cars 2024.csv` is `cars_2024`. */
export function tableNameOf(name: string): string {
  const stem = name.normalize('NFC').replace(/(?<=.)\.[^.]*$/, '')
  const words = stem.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
  const table = Array.from(words.replace(/^_+|_+$/g, ''))
    .slice(0, TABLE_LENGTH)
    .join('')
  if (table === '') return 'file'
  if (/^[\p{N}\p{M}]/u.test(table)) return `t_${table}`
  return RESERVED_WORDS.has(table) ? `${table}_file` : table
}
