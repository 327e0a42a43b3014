import type { MimeBundle } from '../../notebook/model.ts'
import type { QueryAnswer, QueryResult } from './engine.ts'

const TABLE_MIME = 'application/vnd.table+json'
const TEXT_ROWS = 20
const TEXT_WIDTH = 40

/** What a SQL cell shows; undefined when there is nothing to say. */
export function bundleOf({ result, changed }: QueryAnswer): MimeBundle | undefined {
  if (result) {
    const { columns, rows, total, handle } = result
    const described = columns.map(({ name, shown, type }) => ({ name, type: shown, sqlType: type }))
    return { 'text/plain': textOf(result), [TABLE_MIME]: { columns: described, rows, total, handle } }
  }
  if (changed === undefined || changed === 0) return undefined
  return { 'text/plain': changed === 1 ? '1 row changed' : `${changed.toLocaleString('en')} rows changed` }
}

/** For those who read text: the first rows in columns of equal width. */
function textOf({ columns, rows, total }: QueryResult): string {
  const lines = [columns.map(({ name }) => name), ...rows.slice(0, TEXT_ROWS).map((row) => row.map(cellText))]
  const widths = columns.map((_, at) => Math.min(TEXT_WIDTH, Math.max(...lines.map((line) => line[at]?.length ?? 0))))
  const text = lines.map((line) =>
    line
      .map((cell, at) => fitted(cell, widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const more = total > TEXT_ROWS ? [`… ${total.toLocaleString('en')} rows`] : []
  return [...text, ...more].join('\n')
}

function cellText(value: unknown): string {
  if (value === null) return 'NULL'
  return typeof value === 'string' ? value.replace(/\s+/g, ' ') : String(value)
}

function fitted(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width)
}
