import * as brands from './brands.ts'
import { isPlainObject } from './plain.ts'
import { cut, matches } from './text.ts'

const { getOwnPropertyDescriptor, ownKeys } = Reflect

/** As deep as a specification of nested views is allowed to be; deeper is a structure that contains itself. */
const MAX_DEPTH = 100

const NAME = /^[\w$]+$/
const VOWEL = /^[aeiou]/i

interface Walk {
  /** Names the whole in errors. */
  root: string
  left: number
  tooLarge: () => Error
}

/**
 * A copy of a chart's specification as JSON, or an error that says where it is not data. What a chart has a use for is
 * written as charts read it: dates as ISO text, typed arrays as lists, big integers as numbers, `NaN` as `null`. Calls no getter.
 */
export function chartData(value: unknown, root: string, maxBytes: number, tooLarge: () => Error): unknown {
  return copy(value, root, { root, left: maxBytes, tooLarge }, 0)
}

function copy(value: unknown, path: string, walk: Walk, depth: number): unknown {
  spend(typeof value === 'string' ? value.length + 2 : 2, walk)
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : null
    case 'bigint':
      return Number(value)
    case 'undefined':
      return null
    case 'object':
      if (depth > MAX_DEPTH) throw new TypeError(`${walk.root} is nested too deeply, or contains itself, at ${shorten(path)}.`)
      return value === null ? null : copyObject(value, path, walk, depth + 1)
    default:
      throw notData(path, `a ${typeof value}`)
  }
}

function spend(characters: number, walk: Walk): void {
  walk.left -= characters
  if (walk.left < 0) throw walk.tooLarge()
}

function copyObject(value: object, path: string, walk: Walk, depth: number): unknown {
  if (Array.isArray(value) || brands.isTyped(value)) return copyList(value, path, walk, depth)
  if (brands.isDate(value)) return dateOrNull(value)
  if (!isPlainObject(value)) throw notData(path, article(className(value)))
  const copied: Record<string, unknown> = {}
  const keys = ownKeys(value)
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] as string | symbol
    if (typeof key === 'symbol' || key === '__proto__') throw notData(`${path}[${String(key)}]`, 'no name that JSON has')
    const at = matches(NAME, key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
    const data = dataOf(value, key, at)
    if (data === undefined) continue
    spend(key.length + 4, walk)
    copied[key] = copy(data, at, walk, depth)
  }
  return copied
}

function copyList(list: unknown[] | Uint8Array, path: string, walk: Walk, depth: number): unknown[] {
  const length = Array.isArray(list) ? list.length : brands.lengthOf(list)
  if (length * 2 > walk.left) throw walk.tooLarge()
  const copied: unknown[] = []
  for (let i = 0; i < length; i += 1) {
    const at = `${path}[${i}]`
    copied[i] = copy(dataOf(list, String(i), at), at, walk, depth)
  }
  return copied
}

function dateOrNull(value: Date): string | null {
  const text = brands.dateText(value)
  return text === 'Invalid Date' ? null : text
}

function dataOf(value: object, key: string, path: string): unknown {
  const descriptor = getOwnPropertyDescriptor(value, key)
  if (descriptor && !('value' in descriptor)) throw notData(path, 'a getter')
  return descriptor?.value
}

function className(value: object): string {
  const maker: unknown = Reflect.getPrototypeOf(value)?.constructor
  return typeof maker === 'function' && maker.name ? cut(maker.name, 0, 100) : 'object with a class'
}

function article(noun: string): string {
  return `${matches(VOWEL, noun) ? 'an' : 'a'} ${noun}`
}

function notData(path: string, what: string): TypeError {
  return new TypeError(`A chart's specification is plain data, and ${shorten(path)} is ${what}.`)
}

function shorten(path: string): string {
  return path.length > 200 ? `${cut(path, 0, 100)}…${cut(path, -80)}` : path
}
