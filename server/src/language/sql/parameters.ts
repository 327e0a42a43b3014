import { toJson } from './json.ts'
import type { Parameter, SqlType } from './parameterTypes.ts'
import type { Dialect } from './tokens.ts'
import { Unfit } from './unfit.ts'

const MAX_DEPTH = 50
const INT32 = 2 ** 31
const INT64 = 2n ** 63n
const INT128 = 2n ** 127n

/** Throws `Unfit` for what has no equal on the other side: better none than another one (X5). */
export function toParameter(value: unknown, dialect: Dialect, path = ''): Parameter {
  switch (typeof value) {
    case 'string':
      return { type: 'text', value: wellFormed(value, dialect, path) }
    case 'number':
      return { type: numberType(value), value: Object.is(value, -0) ? '-0' : String(value) }
    case 'bigint':
      return { type: bigintType(value, dialect, path), value: String(value) }
    case 'boolean':
      return { type: 'boolean', value: String(value) }
    case 'undefined':
      throw new Unfit(path, 'is undefined: write `?? null` where NULL is meant')
    case 'function':
    case 'symbol':
      throw new Unfit(path, `is a ${typeof value}, which SQL does not have`)
    case 'object':
      return value === null ? { type: 'null', value } : objectParameter(value, dialect, path)
  }
}

function objectParameter(value: object, dialect: Dialect, path: string): Parameter {
  if (Array.isArray(value)) return listParameter(value, dialect, path)
  if (value instanceof Date) return { type: 'timestamptz', value: String(timeOf(value, path)) }
  if (value instanceof Uint8Array) return { type: 'blob', value: hexadecimal(value) }
  if (value instanceof ArrayBuffer) return { type: 'blob', value: hexadecimal(new Uint8Array(value)) }
  if (isTypedArray(value)) return typedList(value, dialect, path)
  return { type: 'json', value: wellFormed(toJson(value, path), dialect, path) }
}

/** Elements of one type make a list; others, and objects, make JSON. */
function listParameter(values: readonly unknown[], dialect: Dialect, path: string): Parameter {
  if (path.split('[').length > MAX_DEPTH) throw new Unfit(path, 'is nested too deeply, or contains itself')
  if (values.some(isPlainObject)) return jsonList(values, dialect, path)
  // Array.from: holes are elements, too.
  const elements = Array.from(values, (value, n) => toParameter(value, dialect, `${path}[${n}]`))
  const type = elements.reduce<SqlType | undefined>((all, each) => all && common(all, each.type), 'null')
  if (type === undefined || innermost(type) === 'json') return jsonList(values, dialect, path)
  if (innermost(type) === 'double') refuseRounding(values, path)
  return { type: { list: type }, value: elements.map(({ value }) => value) }
}

function jsonList(values: readonly unknown[], dialect: Dialect, path: string): Parameter {
  return { type: 'json', value: wellFormed(toJson(values, path), dialect, path) }
}

type TypedArray = ArrayBufferView & Iterable<number | bigint>

export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

/** The elements' type does not hang on their values: an empty one has it, too. */
function typedList(view: TypedArray, dialect: Dialect, path: string): Parameter {
  const { type, value } = listParameter([...view], dialect, path)
  if (view instanceof Float64Array || view instanceof Float32Array) return { type: { list: 'double' }, value }
  if (view instanceof BigInt64Array) return { type: { list: 'bigint' }, value }
  return view instanceof BigUint64Array ? { type: { list: 'numeric' }, value } : { type, value }
}

function isPlainObject(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof ArrayBuffer) &&
    !ArrayBuffer.isView(value)
  )
}

const NUMBERS: readonly SqlType[] = ['integer', 'bigint', 'numeric', 'double']

/** The type that holds both; undefined when there is none. */
export function common(a: SqlType, b: SqlType): SqlType | undefined {
  if (a === 'null') return b
  if (b === 'null' || a === b) return a
  if (typeof a === 'object' && typeof b === 'object') {
    const list = common(a.list, b.list)
    return list && { list }
  }
  const higher = Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b))
  return NUMBERS.includes(a) && NUMBERS.includes(b) ? NUMBERS[higher] : undefined
}

export function innermost(type: SqlType): SqlType {
  return typeof type === 'object' ? innermost(type.list) : type
}

/** A bigint beside fractions becomes one. */
function refuseRounding(values: readonly unknown[], path: string): void {
  for (const [n, value] of values.entries()) {
    if (Array.isArray(value)) refuseRounding(value, `${path}[${n}]`)
    if (typeof value === 'bigint' && BigInt(Number(value)) !== value)
      throw new Unfit(`${path}[${n}]`, 'is a bigint too large to stand in one list with fractions')
  }
}

/** Whole numbers are integers, as they are when written in SQL; −0 is none. */
function numberType(value: number): SqlType {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return 'double'
  return value >= -INT32 && value < INT32 ? 'integer' : 'bigint'
}

function bigintType(value: bigint, dialect: Dialect, path: string): SqlType {
  if (value >= -INT64 && value < INT64) return 'bigint'
  if (dialect === 'duckdb' && (value <= -INT128 || value >= INT128)) throw new Unfit(path, 'has more than 128 bits')
  return 'numeric'
}

function timeOf(value: Date, path: string): number {
  const time = value.getTime()
  if (Number.isNaN(time)) throw new Unfit(path, 'is an invalid Date')
  return time
}

function wellFormed(text: string, dialect: Dialect, path: string): string {
  if (!text.isWellFormed()) throw new Unfit(path, 'has half of a character in it (a lone surrogate)')
  if (dialect === 'postgresql' && text.includes('\0'))
    throw new Unfit(path, 'has a NUL character in it, which PostgreSQL cannot store')
  return text
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
