import type { TableData } from '../../output/choose.ts'

type Column = TableData['columns'][number]

/** As the databases call them; precision and the like follow in brackets. */
const NUMBERS = /^(?:u?(?:tiny|small|big|huge)?int(?:eger)?\d*|float\d*|real|double(?: precision)?|decimal|numeric|money)\b/i
/** Too exact for a number of JavaScript, so they come as big integers or as text. */
const EXACT = /^(?:u?(?:big|huge)int|int8|decimal|numeric|money)\b/i
const TIMES = /^(?:date|timestamp)/i

const typeOf = ({ type, sqlType }: Column) => sqlType ?? type ?? ''
const isNumber = (column: Column) => NUMBERS.test(typeOf(column)) || (!column.sqlType && column.type === 'number')
const isTime = (column: Column) => TIMES.test(typeOf(column))

/** How a channel reads its column. */
function channel(column: Column): string {
  const name = JSON.stringify(column.name)
  if (!EXACT.test(typeOf(column))) return name
  const key = /^[A-Za-z_$][\w$]*$/.test(column.name) ? `row.${column.name}` : `row[${name}]`
  return `{ value: (row) => (${key} === null ? null : Number(${key})), label: ${name} }`
}

/** The marks of the picture that these columns make best: over time, by category, against each other, how often. */
function marksOf(name: string, columns: readonly Column[]): string[] {
  const numbers = columns.filter(isNumber)
  const time = columns.find(isTime)
  const category = columns.find((column) => !isNumber(column) && !isTime(column))
  const [first, second] = numbers
  if (time && first) return [`Plot.lineY(${name}, { x: ${channel(time)}, y: ${channel(first)}, tip: true })`]
  if (category && first)
    return ['Plot.ruleY([0])', `Plot.barY(${name}, { x: ${channel(category)}, y: ${channel(first)}, tip: true })`]
  if (first && second) return [`Plot.dot(${name}, { x: ${channel(first)}, y: ${channel(second)}, tip: true })`]
  if (first) return ['Plot.ruleY([0])', `Plot.rectY(${name}, Plot.binX({ y: "count" }, { x: ${channel(first)} }))`]
  const [only] = columns
  const x = only ? `{ x: ${channel(only)} }` : '{}'
  return ['Plot.ruleY([0])', `Plot.barY(${name}, Plot.groupX({ y: "count" }, ${x}))`]
}

/** The source of a cell that draws the result of that name. */
export function plotOf(name: string, columns: readonly Column[]): string {
  const marks = marksOf(name, columns).map((mark) => `    ${mark},`)
  return ['Plot.plot({', '  marks: [', ...marks, '  ],', '})'].join('\n')
}
