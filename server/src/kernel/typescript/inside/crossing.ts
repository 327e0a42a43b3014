import * as brands from './brands.ts'
import { isPlainObject } from './plain.ts'
import { mapped } from './safe.ts'

/**
 * Values on their way to another language, as JSON that loses nothing (X5): what JSON has stands for itself, the rest is
 * `{ "$": kind, … }`. What cannot cross is named, so that the other side can say where it stands.
 */

const MAX_DEPTH = 60

/** Characters of JSON that the values of one query, or one batch of rows, may take. */
export const MAX_CHARACTERS = 16 * 1024 * 1024

export class TooLarge extends Error {
  override readonly name = 'RangeError'
}

/** Throws `TooLarge`, and what the value's own getters throw. */
export function encode(value: unknown): unknown {
  const budget = { left: MAX_CHARACTERS }
  return encodeAt(value, budget, 0)
}

export function encodeAll(values: readonly unknown[]): unknown[] {
  const budget = { left: MAX_CHARACTERS }
  return mapped(values, (value) => encodeAt(value, budget, 0))
}

function encodeAt(value: unknown, budget: { left: number }, depth: number): unknown {
  spend(budget, typeof value === 'string' ? value.length + 2 : 8)
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: 'number', is: Object.is(value, -0) ? '-0' : String(value) }
    case 'bigint':
      return { $: 'bigint', is: String(value) }
    case 'undefined':
      return { $: 'undefined' }
    case 'object':
      return value === null ? null : encodeObject(value, budget, depth)
    default:
      return { $: typeof value }
  }
}

function spend(budget: { left: number }, characters: number): void {
  budget.left -= characters
  if (budget.left < 0) throw new TooLarge('The value is too large to be handed to SQL as a parameter: make it a table')
}

function encodeObject(value: object, budget: { left: number }, depth: number): unknown {
  // Deeper than anything is taken: it contains itself, or might as well.
  if (depth >= MAX_DEPTH) return { $: 'symbol' }
  const inner = (each: unknown) => encodeAt(each, budget, depth + 1)
  if (Array.isArray(value)) return mapped(value, inner)
  if (isPlainObject(value)) return { $: 'object', is: Object.entries(value).map(([key, each]) => [inner(key), inner(each)]) }
  if (brands.isDate(value)) return { $: 'date', is: value.getTime() }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return encodeBytes(value, budget)
  if (value instanceof Set) return { $: 'set', is: Array.from(value, inner) }
  return { $: 'instance', of: instanceName(value) }
}

function encodeBytes(value: ArrayBufferView | ArrayBuffer, budget: { left: number }): unknown {
  spend(budget, value.byteLength * 2)
  const bytes =
    value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return { $: 'bytes', of: instanceName(value), is: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') }
}

function instanceName(value: object): string {
  const name: unknown = value.constructor?.name
  return typeof name === 'string' ? name.slice(0, 100) : ''
}
