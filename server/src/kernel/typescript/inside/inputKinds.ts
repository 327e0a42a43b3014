import * as brands from './brands.ts'
import type { Definition } from './input.ts'
import { isPlainObject } from './plain.ts'
import { all, each, kept, mapped } from './safe.ts'
import { tableOf } from './table.ts'
import { cut, matches } from './text.ts'

/** What people choose from and how it is checked, kind by kind. Each throws what the cell shall be told of wrong options. */

export type Options = Record<string, unknown>

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isIndex = (length: number) => (value: unknown) => isNumber(value) && Number.isInteger(value) && value >= 0 && value < length
export const isText = (value: unknown): value is string => typeof value === 'string'
const DAY = /^\d{4}-\d{2}-\d{2}$/
const isDay = (value: unknown): value is string => isText(value) && matches(DAY, value)

const labelOf = ({ label }: Options) => (label === undefined ? {} : { label: cut(String(label), 0, 200) })

function numberOption(kind: string, options: Options, name: string): number | undefined {
  const value = options[name]
  if (value === undefined || value === null) return undefined
  if (!isNumber(value)) throw new TypeError(`input.${kind}: ${name} must be a number`)
  return value
}

export function slider(options: Options): Definition {
  const min = numberOption('slider', options, 'min') ?? 0
  const max = numberOption('slider', options, 'max') ?? 100
  if (max < min) throw new RangeError('input.slider: max is less than min')
  const step = numberOption('slider', options, 'step') ?? defaultStep(min, max)
  if (step <= 0) throw new RangeError('input.slider: step must be greater than 0')
  const fits = (value: unknown) => isNumber(value) && value >= min && value <= max
  const first = numberOption('slider', options, 'value') ?? min
  if (!fits(first)) throw new RangeError(`input.slider: value must lie between ${min} and ${max}`)
  return { spec: { kind: 'slider', min, max, step, ...labelOf(options) }, first, fits, read: (value) => value }
}

/** Whole numbers where the range is wide enough for them. */
function defaultStep(min: number, max: number): number {
  return Number.isInteger(min) && Number.isInteger(max) && max - min >= 2 ? 1 : (max - min || 1) / 100
}

export function number(options: Options): Definition {
  const names = ['min', 'max', 'step'] as const
  const bounds: Partial<Record<(typeof names)[number], number>> = {}
  each(names, (name) => {
    const value = numberOption('number', options, name)
    if (value !== undefined) bounds[name] = value
  })
  const { min = -Infinity, max = Infinity } = bounds
  const fits = (value: unknown) => value === null || (isNumber(value) && value >= min && value <= max)
  const first = numberOption('number', options, 'value') ?? null
  if (!fits(first)) throw new RangeError(`input.number: value must lie between ${min} and ${max}`)
  return { spec: { kind: 'number', ...bounds, ...labelOf(options) }, first, fits, read: (value) => value }
}

export function text(options: Options): Definition {
  const { placeholder, multiline, value = '' } = options
  const more = {
    ...(placeholder !== undefined && { placeholder: String(placeholder) }),
    ...(multiline === true && { multiline: true }),
  }
  return { spec: { kind: 'text', ...more, ...labelOf(options) }, first: String(value), fits: isText, read: (each) => each }
}

/** Choices are a list of values, or an object from label to value. Cells read the chosen value itself. */
export function select(choices: unknown, options: Options): Definition {
  const entries = choicesOf(choices)
  const { multiple, value } = options
  const one = isIndex(entries.length)
  const indexOf = (value: unknown) => {
    for (let i = 0; i < entries.length; i += 1) if (Object.is(entries[i]?.[1], value) || entries[i]?.[0] === value) return i
    return -1
  }
  const spec = {
    kind: 'select',
    options: mapped(entries, (entry) => entry[0]),
    ...(multiple === true && { multiple: true }),
    ...labelOf(options),
  }
  if (multiple === true) {
    const fits = (each: unknown) => Array.isArray(each) && all(each, one)
    const first = kept(mapped(Array.isArray(value) ? value : [], indexOf), one)
    return { spec, first, fits, read: (each) => mapped(each as number[], (index) => entries[index]?.[1]) }
  }
  const found = value === undefined ? 0 : indexOf(value)
  if (value !== undefined && value !== null && found < 0) throw new RangeError('input.select: value is none of the choices')
  const fits = (each: unknown) => each === null || one(each)
  const first = value === null || entries.length === 0 ? null : found
  return { spec, first, fits, read: (each) => (each === null ? null : entries[each as number]?.[1]) }
}

function choicesOf(choices: unknown): [string, unknown][] {
  if (typeof choices === 'object' && choices !== null && brands.isMap(choices)) return entriesOf(choices)
  if (Array.isArray(choices)) return mapped(choices, (value) => [String(value), value])
  if (isPlainObject(choices)) return Object.entries(choices)
  throw new TypeError('input.select takes a list of choices, or an object from label to value')
}

function entriesOf(map: Map<unknown, unknown>): [string, unknown][] {
  const entries: [string, unknown][] = []
  const items = brands.entriesOf(map)
  for (let next = brands.nextOfMap(items); !next.done; next = brands.nextOfMap(items)) {
    const entry = next.value as [unknown, unknown]
    entries[entries.length] = [String(entry[0]), entry[1]]
  }
  return entries
}

export function checkbox(options: Options): Definition {
  const isBoolean = (value: unknown) => typeof value === 'boolean'
  return {
    spec: { kind: 'checkbox', ...labelOf(options) },
    first: options.value === true,
    fits: isBoolean,
    read: (value) => value,
  }
}

/** Cells read how often it was pressed. */
export function button(options: Options): Definition {
  return { spec: { kind: 'button', ...labelOf(options) }, first: 0, fits: isNumber, read: (value) => value }
}

const isDate = (value: unknown): value is Date => typeof value === 'object' && value !== null && brands.isDate(value)

/** Cells read a `Date` at midnight UTC, or null. */
export function date(options: Options): Definition {
  const day = (value: unknown): string | undefined =>
    isDate(value) ? cut(brands.dateText(value), 0, 10) : isDay(value) ? value : undefined
  const { min, max, value } = options
  if (value !== undefined && value !== null && day(value) === undefined)
    throw new TypeError("input.date: value must be a Date or a day such as '2026-11-25'")
  const bounds = { ...(day(min) !== undefined && { min: day(min) }), ...(day(max) !== undefined && { max: day(max) }) }
  const fits = (each: unknown) => each === null || isDay(each)
  return {
    spec: { kind: 'date', ...bounds, ...labelOf(options) },
    first: day(value) ?? null,
    fits,
    read: (each) => (each === null ? null : new Date(`${each}T00:00:00.000Z`)),
  }
}

/** Cells read the chosen rows. */
export function table(rows: unknown, options: Options): Definition {
  if (!Array.isArray(rows)) throw new TypeError('input.table takes a list of objects')
  const shown = tableOf(rows) ?? { columns: [], rows: [] }
  const fits = (value: unknown) => Array.isArray(value) && all(value, isIndex(rows.length))
  const spec = { kind: 'table', columns: shown.columns, rows: shown.rows, ...labelOf(options) }
  return { spec, first: [], fits, read: (value) => mapped(value as number[], (index) => rows[index]) }
}
