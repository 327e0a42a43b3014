import { type Definition, Input } from './input.ts'
import { button, checkbox, date, isText, number, type Options, select, slider, table, text } from './inputKinds.ts'
import { isPlainObject } from './plain.ts'
import { all, each, mapped, put } from './safe.ts'

/** What makes inputs known: how one is numbered, what it had before, and where it is shown. */
export interface InputHost {
  version: number
  kept: (id: string) => unknown
  show: (input: Input) => void
}

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
    select: (choices, options) => made(selectOf(choices, options)),
    checkbox: (options) => made(checkbox(optionsOf('checkbox', options))),
    button: (options) => made(button(optionsOf('button', options))),
    date: (options) => made(date(optionsOf('date', options))),
    table: (rows, options) => made(table(rows, optionsOf('table', options))),
  })
}

/** The choices by themselves, or among the options as with every other input. */
function selectOf(choices: unknown, options: unknown): Definition {
  const alone = options === undefined && isPlainObject(choices) ? (choices as Options).options : undefined
  if (Array.isArray(alone)) return select(alone, choices as Options)
  return select(choices, optionsOf('select', options))
}

/** A lone text is the label. */
function optionsOf(kind: string, given: unknown): Options {
  if (given === undefined) return {}
  if (isText(given)) return { label: given }
  if (isPlainObject(given)) return given
  throw new TypeError(`input.${kind} takes an object of options, such as { label: 'Year' }`)
}

const MAX_DEPTH = 3
const MAX_ENTRIES = 100

/** What other cells read of a value: an input's value instead of the input, also inside small plain objects and lists. */
export function readInputs(value: unknown, depth = 0): unknown {
  if (Input.is(value)) return value.value
  if (depth >= MAX_DEPTH || typeof value !== 'object' || value === null || !holdsInput(value, depth)) return value
  if (Array.isArray(value)) return mapped(value as unknown[], (each) => readInputs(each, depth + 1))
  const read: Record<string, unknown> = {}
  each(Object.keys(value), (key) => put(read, key, readInputs((value as Record<string, unknown>)[key], depth + 1)))
  return read
}

/** Looks, without calling any code of the value. */
function holdsInput(value: unknown, depth: number): boolean {
  if (Input.is(value)) return true
  if (depth >= MAX_DEPTH || typeof value !== 'object' || value === null) return false
  if (Array.isArray(value) ? value.length > MAX_ENTRIES : !isPlainObject(value)) return false
  const keys = Reflect.ownKeys(value)
  if (keys.length > MAX_ENTRIES) return false
  return !all(keys, (key) => {
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key)
    return descriptor === undefined || !('value' in descriptor) || !holdsInput(descriptor.value, depth + 1)
  })
}
