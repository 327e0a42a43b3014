/** CSV as PostgreSQL, DuckDB and spreadsheets read it: every line ends in CRLF, and NULL is nothing between the commas. */

export function toCsv(names: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return csvLine(names) + rows.map(csvLine).join('')
}

export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(',')}\r\n`
}

/** A blank text is quoted; one that a spreadsheet would run as a formula is marked as text. */
function csvField(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value === '') return '""'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
