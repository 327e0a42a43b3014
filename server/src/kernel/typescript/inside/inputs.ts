import { DISPLAY } from './bundle.ts'
import { isPlainObject } from './plain.ts'
import type { MimeBundle } from './protocol.ts'
import { tableOf } from './table.ts'

export const INPUT_MIME = 'application/vnd.input+json'

interface Spec {
  kind: string
  label?: string
  [field: string]: unknown
}

interface Definition {
  spec: Spec
  /** As it goes over the wire. */
  first: unknown
  /** Whether a value that was kept still fits, now that the options may be others. */
  fits: (value: unknown) => boolean
  /** From the wire's value to what cells read. */
  read: (value: unknown) => unknown
}

/** Something people move, type or press. Other cells read its value under the name of the constant it was assigned to. */
export class Input {
  readonly id: string
  readonly #definition: Definition
  readonly #version: number
  #value: unknown

  constructor(id: string, version: number, definition: Definition, kept: unknown) {
    this.id = id
    this.#version = version
    this.#definition = definition
    this.#value = kept !== undefined && definition.fits(kept) ? kept : definition.first
  }

  /** Total, as `instanceof` is not. */
  static is(value: unknown): value is Input {
    return typeof value === 'object' && value !== null && #definition in value
  }

  get value(): unknown {
    return this.#definition.read(this.#value)
  }

  accept(value: unknown): void {
    if (this.#definition.fits(value)) this.#value = value
  }

  valueOf(): unknown {
    return this.value
  }

  toString(): string {
    return String(this.value)
  }

  toJSON(): unknown {
    return this.value
  }

  /** Functions of the input's own cell can compute with it as it is: `() => slider * 2`. */
  [Symbol.toPrimitive](hint: string): unknown {
    return hint === 'string' ? this.toString() : this.value
  }

  [DISPLAY](): MimeBundle {
    const { spec } = this.#definition
    const text = `${spec.label ?? spec.kind}: ${String(this.value)}`
    return {
      [INPUT_MIME]: { id: this.id, ...spec, version: this.#version, value: this.#value },
      'text/plain': text.slice(0, 1_000),
    }
  }
}

/** What makes inputs known: how one is numbered, what it had before, and where it is shown. */
export interface InputHost {
  version: number
  kept: (id: string) => unknown
  show: (input: Input) => void
}

type Options = Record<string, unknown>

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isIndex = (length: number) => (value: unknown) => isNumber(value) && Number.isInteger(value) && value >= 0 && value < length
const isText = (value: unknown): value is string => typeof value === 'string'
const isDay = (value: unknown): value is string => isText(value) && /^\d{4}-\d{2}-\d{2}$/.test(value)

/** The host name `input` of one run. */
export function makeInputs(host: InputHost): Readonly<Record<string, (...given: unknown[]) => Input>> {
  let count = 0
  const made = (definition: Definition) => {
    count += 1
    const id = `input-${count}`
    const input = new Input(id, host.version, definition, host.kept(id))
    host.show(input)
    return input
  }
  return Object.freeze({
    slider: (options) => made(slider(optionsOf('slider', options))),
    number: (options) => made(number(optionsOf('number', options))),
    text: (options) => made(text(optionsOf('text', options))),
    select: (choices, options) => made(select(choices, optionsOf('select', options))),
    checkbox: (options) => made(checkbox(optionsOf('checkbox', options))),
    button: (options) => made(button(optionsOf('button', options))),
    date: (options) => made(date(optionsOf('date', options))),
    table: (rows, options) => made(table(rows, optionsOf('table', options))),
  })
}

/** A lone text is the label. */
function optionsOf(kind: string, given: unknown): Options {
  if (given === undefined) return {}
  if (isText(given)) return { label: given }
  if (isPlainObject(given)) return given
  throw new TypeError(`input.${kind} takes an object of options, such as { label: 'Year' }`)
}

const labelOf = ({ label }: Options) => (label === undefined ? {} : { label: String(label).slice(0, 200) })

function numberOption(kind: string, options: Options, name: string): number | undefined {
  const value = options[name]
  if (value === undefined || value === null) return undefined
  if (!isNumber(value)) throw new TypeError(`input.${kind}: ${name} must be a number`)
  return value
}

function slider(options: Options): Definition {
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

function number(options: Options): Definition {
  const names = ['min', 'max', 'step'] as const
  const bounds: Partial<Record<(typeof names)[number], number>> = {}
  for (const name of names) {
    const value = numberOption('number', options, name)
    if (value !== undefined) bounds[name] = value
  }
  const { min = -Infinity, max = Infinity } = bounds
  const fits = (value: unknown) => value === null || (isNumber(value) && value >= min && value <= max)
  const first = numberOption('number', options, 'value') ?? null
  if (!fits(first)) throw new RangeError(`input.number: value must lie between ${min} and ${max}`)
  return { spec: { kind: 'number', ...bounds, ...labelOf(options) }, first, fits, read: (value) => value }
}

function text(options: Options): Definition {
  const { placeholder, multiline, value = '' } = options
  const more = {
    ...(placeholder !== undefined && { placeholder: String(placeholder) }),
    ...(multiline === true && { multiline: true }),
  }
  return { spec: { kind: 'text', ...more, ...labelOf(options) }, first: String(value), fits: isText, read: (each) => each }
}

/** Choices are a list of values, or an object from label to value. Cells read the chosen value itself. */
function select(choices: unknown, options: Options): Definition {
  const entries = choicesOf(choices)
  const { multiple, value } = options
  const one = isIndex(entries.length)
  const indexOf = (each: unknown) => entries.findIndex(([label, choice]) => Object.is(choice, each) || label === each)
  const spec = {
    kind: 'select',
    options: entries.map(([label]) => label),
    ...(multiple === true && { multiple: true }),
    ...labelOf(options),
  }
  if (multiple === true) {
    const fits = (each: unknown) => Array.isArray(each) && each.every(one)
    const first = (Array.isArray(value) ? value : []).map(indexOf).filter(one)
    return { spec, first, fits, read: (each) => (each as number[]).map((index) => entries[index]?.[1]) }
  }
  const found = value === undefined ? 0 : indexOf(value)
  if (value !== undefined && value !== null && found < 0) throw new RangeError('input.select: value is none of the choices')
  const fits = (each: unknown) => each === null || one(each)
  const first = value === null || entries.length === 0 ? null : found
  return { spec, first, fits, read: (each) => (each === null ? null : entries[each as number]?.[1]) }
}

function choicesOf(choices: unknown): [string, unknown][] {
  if (choices instanceof Map) return [...choices].map(([label, value]) => [String(label), value])
  if (Array.isArray(choices)) return choices.map((value) => [String(value), value])
  if (isPlainObject(choices)) return Object.entries(choices)
  throw new TypeError('input.select takes a list of choices, or an object from label to value')
}

function checkbox(options: Options): Definition {
  const isBoolean = (value: unknown) => typeof value === 'boolean'
  return {
    spec: { kind: 'checkbox', ...labelOf(options) },
    first: options.value === true,
    fits: isBoolean,
    read: (value) => value,
  }
}

/** Cells read how often it was pressed. */
function button(options: Options): Definition {
  return { spec: { kind: 'button', ...labelOf(options) }, first: 0, fits: isNumber, read: (value) => value }
}

/** Cells read a `Date` at midnight UTC, or null. */
function date(options: Options): Definition {
  const day = (value: unknown): string | undefined =>
    value instanceof Date ? value.toISOString().slice(0, 10) : isDay(value) ? value : undefined
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
function table(rows: unknown, options: Options): Definition {
  if (!Array.isArray(rows)) throw new TypeError('input.table takes a list of objects')
  const shown = tableOf(rows) ?? { columns: [], rows: [] }
  const fits = (value: unknown) => Array.isArray(value) && value.every(isIndex(rows.length))
  const spec = { kind: 'table', columns: shown.columns, rows: shown.rows, ...labelOf(options) }
  return { spec, first: [], fits, read: (value) => (value as number[]).map((index) => rows[index]) }
}

const MAX_DEPTH = 3
const MAX_ENTRIES = 100

/** What other cells read of a value: an input's value instead of the input, also inside small plain objects and lists. */
export function readInputs(value: unknown, depth = 0): unknown {
  if (Input.is(value)) return value.value
  if (depth >= MAX_DEPTH || typeof value !== 'object' || value === null || !holdsInput(value, depth)) return value
  if (Array.isArray(value)) return value.map((each) => readInputs(each, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, readInputs(each, depth + 1)]))
}

/** Looks, without calling any code of the value. */
function holdsInput(value: unknown, depth: number): boolean {
  if (Input.is(value)) return true
  if (depth >= MAX_DEPTH || typeof value !== 'object' || value === null) return false
  if (Array.isArray(value) ? value.length > MAX_ENTRIES : !isPlainObject(value)) return false
  const keys = Reflect.ownKeys(value)
  if (keys.length > MAX_ENTRIES) return false
  return keys.some((key) => {
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key)
    return descriptor !== undefined && 'value' in descriptor && holdsInput(descriptor.value, depth + 1)
  })
}
