/** Tells built-in objects apart by what they are rather than by what they say, captured before any cell can change it. */

const { apply } = Reflect
const hasInstance = Function.prototype[Symbol.hasInstance]
const PromiseBase = Promise
const ErrorBase = Error

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
const urlHref = getter(URL.prototype, 'href')
const typedLength = getter(Object.getPrototypeOf(Uint8Array.prototype), 'length')
const { getTime, toISOString } = Date.prototype
const nextEntry: unknown = Object.getPrototypeOf(new Map().entries()).next
const nextValue: unknown = Object.getPrototypeOf(new Set().values()).next
const mapEntries = Map.prototype.entries
const setValues = Set.prototype.values
const weakHas = WeakMap.prototype.has
const regexpText = RegExp.prototype.toString

export const isMap = brand((value) => apply(mapSize, value, [])) as (value: object) => value is Map<unknown, unknown>
export const isSet = brand((value) => apply(setSize, value, [])) as (value: object) => value is Set<unknown>
export const isDate = brand((value) => apply(getTime, value, [])) as (value: object) => value is Date
export const isBuffer = brand((value) => apply(bufferLength, value, [])) as (value: object) => value is ArrayBuffer
export const isWeakMap = brand((value) => apply(weakHas, value, [{}]))
export const isPromise = (value: object): boolean => apply(hasInstance, PromiseBase, [value]) as boolean
/** By its prototypes: errors of a class of one's own count. */
export const isErrorObject = (value: object): value is Error => apply(hasInstance, ErrorBase, [value]) as boolean
export const isTyped = (value: object): value is Uint8Array => apply(typedTag, value, []) !== undefined
const isRegExpObject = brand((value) => apply(regexpSource, value, []))
export const isRegExp = (value: object): value is RegExp => value !== RegExp.prototype && isRegExpObject(value)

export const isUrl = brand((value) => apply(urlHref, value, [])) as (value: object) => value is URL

export const sizeOf = (value: Map<unknown, unknown> | Set<unknown>): number =>
  Number(isMap(value) ? apply(mapSize, value, []) : apply(setSize, value, []))
export const lengthOf = (value: Uint8Array): number => Number(apply(typedLength, value, []))
export const bufferSize = (value: ArrayBuffer): number => Number(apply(bufferLength, value, []))
export const entriesOf = (value: Map<unknown, unknown>): IterableIterator<[unknown, unknown]> => apply(mapEntries, value, [])
export const valuesOf = (value: Set<unknown>): IterableIterator<unknown> => apply(setValues, value, [])
type Next = (iterator: Iterator<unknown>) => IteratorResult<unknown>
export const nextOfMap: Next = (iterator) => apply(nextEntry as () => IteratorResult<unknown>, iterator, [])
export const nextOfSet: Next = (iterator) => apply(nextValue as () => IteratorResult<unknown>, iterator, [])
export const dateText = (value: Date): string =>
  Number.isNaN(apply(getTime, value, [])) ? 'Invalid Date' : apply(toISOString, value, [])
export const hrefOf = (value: URL): string => String(apply(urlHref, value, []))
export const regexpOf = (value: RegExp): string => apply(regexpText, value, [])
