import type { Parameter, ParameterValue, SqlType } from '../../../language/sql/parameterTypes.ts'

/** A bound value in PostgreSQL's text format; what type it has is said by a cast in the statement. */
export function textOf({ type, value }: Parameter): string | null {
  return valueText(type, value)
}

function valueText(type: SqlType, value: ParameterValue): string | null {
  if (value === null) return null
  if (Array.isArray(value)) return arrayText(typeof type === 'object' ? type.list : type, value)
  switch (type) {
    case 'timestamptz':
      return timestampText(Number(value))
    case 'blob':
      return `\\x${value}`
    default:
      return value
  }
}

/** `{…}`, every element in quotation marks: then nothing in it can be mistaken for a bracket, a comma or NULL. */
function arrayText(type: SqlType, values: readonly ParameterValue[]): string {
  const elements = values.map((value) => {
    if (Array.isArray(value)) return arrayText(typeof type === 'object' ? type.list : type, value)
    const text = valueText(type, value)
    return text === null ? 'NULL' : `"${text.replace(/[\\"]/g, '\\$&')}"`
  })
  return `{${elements.join(',')}}`
}

/** Years have at least four digits, and there is none before the first: that is 1 BC. */
function timestampText(time: number): string {
  const date = new Date(time)
  const year = date.getUTCFullYear()
  const [, rest = ''] = /^[+-]?\d+-(.*)Z$/.exec(date.toISOString()) ?? []
  const text = `${String(year > 0 ? year : 1 - year).padStart(4, '0')}-${rest.replace('T', ' ')}+00`
  return year > 0 ? text : `${text} BC`
}
