/** Tells built-in objects apart by what they are rather than by what they say, captured before any cell can change it. */

function brand(read: (value: never) => unknown): (value: object) => boolean {
  return (value) => {
    try {
      read(value as never)
      return true
    } catch {
      return false
    }
  }
}

function getter(prototype: object, name: PropertyKey): (this: unknown) => unknown {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get
  if (!get) throw new TypeError(`no getter ${String(name)}`)
  return get
}

const mapSize = getter(Map.prototype, 'size')
const setSize = getter(Set.prototype, 'size')
const typedTag = getter(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
const bufferLength = getter(ArrayBuffer.prototype, 'byteLength')
const regexpSource = getter(RegExp.prototype, 'source')
const { getTime, toISOString } = Date.prototype
const mapEntries = Map.prototype.entries
const setValues = Set.prototype.values
const weakHas = WeakMap.prototype.has
const regexpText = RegExp.prototype.toString

export const isMap = brand((value) => mapSize.call(value)) as (value: object) => value is Map<unknown, unknown>
export const isSet = brand((value) => setSize.call(value)) as (value: object) => value is Set<unknown>
export const isDate = brand((value) => getTime.call(value)) as (value: object) => value is Date
export const isBuffer = brand((value) => bufferLength.call(value)) as (value: object) => value is ArrayBuffer
export const isWeakMap = brand((value) => weakHas.call(value, {}))
export const isPromise = (value: object): boolean => Object.prototype.toString.call(value) === '[object Promise]'
export const isTyped = (value: object): value is Uint8Array => typedTag.call(value) !== undefined
export const isRegExp = (value: object): value is RegExp =>
  value !== RegExp.prototype && brand((each) => regexpSource.call(each))(value)

export const sizeOf = (value: Map<unknown, unknown> | Set<unknown>): number =>
  Number(isMap(value) ? mapSize.call(value) : setSize.call(value))
export const entriesOf = (value: Map<unknown, unknown>): IterableIterator<[unknown, unknown]> => mapEntries.call(value)
export const valuesOf = (value: Set<unknown>): IterableIterator<unknown> => setValues.call(value)
export const dateText = (value: Date): string => (Number.isNaN(getTime.call(value)) ? 'Invalid Date' : toISOString.call(value))
export const regexpOf = (value: RegExp): string => regexpText.call(value)
