import { mapped } from './safe.ts'
import { tableOf } from './table.ts'
import { cut, joined, repeated } from './text.ts'

const ROWS = 50
const WIDTH = 40

/** A list of objects in columns of equal width, as consoles draw it, with the place of each row; undefined for what is no table. */
export function consoleTable(value: unknown): string | undefined {
  const table = tableOf(value)
  if (!table) return undefined
  const lines = [
    line(
      '',
      mapped(table.columns, ({ name }) => name),
    ),
  ]
  for (let row = 0; row < table.rows.length && row < ROWS; row += 1)
    lines[row + 1] = line(
      String(row),
      mapped(table.rows[row] as unknown[], (cell) => (cell === null ? '' : String(cell))),
    )
  const widths = mapped(lines[0] as string[], (_, column) => widest(lines, column))
  let text = drawn(lines[0] as string[], widths)
  text += `\n${joined(
    mapped(widths, (width) => repeated('─', width)),
    '─┼─',
  )}`
  for (let row = 1; row < lines.length; row += 1) text += `\n${drawn(lines[row] as string[], widths)}`
  return table.total > ROWS ? `${text}\n… ${table.total} rows` : text
}

function line(place: string, cells: readonly string[]): string[] {
  const fields = [place]
  for (let at = 0; at < cells.length; at += 1) {
    const cell = cells[at] as string
    fields[at + 1] = cell.length > WIDTH ? `${cut(cell, 0, WIDTH - 1)}…` : cell
  }
  return fields
}

function widest(lines: readonly string[][], column: number): number {
  let width = 0
  for (let row = 0; row < lines.length; row += 1) width = Math.max(width, (lines[row]?.[column] ?? '').length)
  return width
}

function drawn(fields: readonly string[], widths: readonly number[]): string {
  return joined(
    mapped(fields, (field, at) => `${field}${repeated(' ', (widths[at] ?? 0) - field.length)}`),
    ' │ ',
  )
}
