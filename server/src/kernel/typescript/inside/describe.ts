import * as brands from './brands.ts'
import { kept, SafeMap } from './safe.ts'
import { begins, cut } from './text.ts'
import type { TreeNode } from './tree.ts'

export interface Bounds {
  depth: number
  entries: number
  nodes: number
  text: number
}

const DEFAULT: Bounds = { depth: 6, entries: 100, nodes: 4_000, text: 10_000 }

interface Walk {
  bounds: Bounds
  nodesLeft: number
  above: SafeMap<object, true>
}

const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect

/** Total: cycles, proxies, getters that throw and endless structures give a bounded tree. Calls no getter. Bounded by counting, so that the same value looks the same on a busy machine. */
export function describe(value: unknown, bounds: Partial<Bounds> = {}): TreeNode {
  const all = { ...DEFAULT, ...bounds }
  return node(value, { bounds: all, nodesLeft: all.nodes, above: new SafeMap() })
}

function node(value: unknown, walk: Walk): TreeNode {
  walk.nodesLeft -= 1
  if (value === null) return { t: 'null' }
  switch (typeof value) {
    case 'string':
      return cutText(value, walk.bounds.text)
    case 'number':
      return {
        t: 'number',
        v: Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value),
      }
    case 'bigint':
      return { t: 'bigint', v: bigintText(value) }
    case 'boolean':
      return { t: 'boolean', v: value }
    case 'undefined':
      return { t: 'undefined' }
    case 'symbol':
      return { t: 'symbol', v: cut(String(value), 0, 200) }
    default:
      return guarded(value as object, walk)
  }
}

function cutText(value: string, limit: number): TreeNode {
  return value.length > limit ? { t: 'string', v: cut(value, 0, limit), more: value.length - limit } : { t: 'string', v: value }
}

/** Printing a huge number takes time that grows with its square. */
function bigintText(value: bigint): string {
  const limit = 10n ** 1000n
  return value < limit && value > -limit ? String(value) : 'a number of more than 1,000 digits'
}

function guarded(value: object, walk: Walk): TreeNode {
  if (walk.above.has(value)) return { t: 'cycle' }
  if (walk.above.size > walk.bounds.depth || walk.nodesLeft <= 0) return { t: 'cut', ...nameOf(value) }
  walk.above.set(value, true)
  try {
    return objectNode(value, walk)
  } catch (error) {
    return { t: 'unreadable', v: messageOf(error) }
  } finally {
    walk.above.delete(value)
  }
}

function messageOf(error: unknown): string {
  try {
    return cut(String((error as Error).message), 0, 200)
  } catch {
    return 'it throws when looked at'
  }
}

function objectNode(value: object, walk: Walk): TreeNode {
  if (typeof value === 'function') return { t: 'function', ...functionName(value) }
  if (Array.isArray(value)) return arrayNode('array', value, value.length, walk)
  if (brands.isTyped(value)) return arrayNode('typed', value, brands.lengthOf(value), walk)
  if (brands.isMap(value)) return collection('map', value, brands.entriesOf(value), walk)
  if (brands.isSet(value)) return collection('set', value, brands.valuesOf(value), walk)
  if (brands.isDate(value)) return { t: 'date', v: brands.dateText(value) }
  if (brands.isRegExp(value)) return { t: 'regexp', v: cut(brands.regexpOf(value), 0, 1_000) }
  if (brands.isBuffer(value)) return { t: 'buffer', name: 'ArrayBuffer', size: brands.bufferSize(value) }
  if (brands.isPromise(value)) return { t: 'promise' }
  if (brands.isErrorObject(value)) return errorNode(value, walk)
  if (brands.isWeakMap(value)) return { t: 'weak', name: 'WeakMap' }
  if (brands.isUrl(value))
    return { t: 'object', name: 'URL', entries: [['href', cutText(brands.hrefOf(value), walk.bounds.text)]], size: 1 }
  return { t: 'object', ...nameOf(value), ...properties(value, kept(ownKeys(value), isShown), walk) }
}

/** What the platform marks its own objects with says nothing to anybody. */
function isShown(key: PropertyKey): boolean {
  return typeof key !== 'symbol' || !begins(String(key), 'Symbol([[webidl')
}

function arrayNode(t: 'array' | 'typed', value: object, size: number, walk: Walk): TreeNode {
  const entries: [string, TreeNode][] = []
  const shown = Math.min(size, walk.bounds.entries)
  for (let i = 0; i < shown && walk.nodesLeft > 0; i += 1) entries[i] = [String(i), property(value, String(i), walk)]
  const more = size - entries.length
  return { t, ...(t === 'typed' ? nameOf(value) : arrayName(value)), size, entries, ...(more > 0 ? { more } : {}) }
}

function arrayName(value: object): { name?: string } {
  const { name } = nameOf(value)
  return name === 'Array' ? {} : { name }
}

function collection(
  t: 'map' | 'set',
  value: Map<unknown, unknown> | Set<unknown>,
  items: Iterator<unknown>,
  walk: Walk,
): TreeNode {
  const entries: [string, TreeNode][] = []
  const size = brands.sizeOf(value)
  while (entries.length < walk.bounds.entries && walk.nodesLeft > 0) {
    const { value: item, done } = t === 'set' ? brands.nextOfSet(items) : brands.nextOfMap(items)
    if (done) break
    const entry = item as [unknown, unknown]
    entries[entries.length] = t === 'set' ? [String(entries.length), node(item, walk)] : [keyText(entry[0]), node(entry[1], walk)]
  }
  const more = size - entries.length
  return { t, size, entries, ...(more > 0 ? { more } : {}) }
}

function keyText(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(cut(key, 0, 200))
  if (typeof key === 'bigint') return `${bigintText(key)}n`
  if ((typeof key === 'object' && key !== null) || typeof key === 'function') return `[${nameOf(key).name ?? 'object'}]`
  return cut(String(key), 0, 200)
}

function errorNode(value: Error, walk: Walk): TreeNode {
  const own = kept(ownKeys(value), (key) => key !== 'stack' && key !== 'message' && key !== 'name')
  return {
    t: 'error',
    name: cut(String(value.name), 0, 200),
    v: cut(String(value.message), 0, walk.bounds.text),
    ...properties(value, own, walk),
  }
}

function properties(value: object, keys: readonly PropertyKey[], walk: Walk): Pick<TreeNode, 'entries' | 'size' | 'more'> {
  const entries: [string, TreeNode][] = []
  for (let i = 0; i < keys.length && i < walk.bounds.entries && walk.nodesLeft > 0; i += 1) {
    const key = keys[i] as PropertyKey
    entries[i] = [cut(String(key), 0, 200), property(value, key, walk)]
  }
  const more = keys.length - entries.length
  return { entries, size: keys.length, ...(more > 0 ? { more } : {}) }
}

function property(value: object, key: PropertyKey, walk: Walk): TreeNode {
  const descriptor = getOwnPropertyDescriptor(value, key)
  if (!descriptor) return { t: 'hole' }
  return descriptor.get || descriptor.set ? { t: 'getter' } : node(descriptor.value, walk)
}

/** The class, unless it is a plain object; never calls a getter. */
export function nameOf(value: object): { name?: string } {
  try {
    const prototype = getPrototypeOf(value)
    if (prototype === null) return { name: 'null prototype' }
    const maker: unknown = getOwnPropertyDescriptor(prototype, 'constructor')?.value
    const { name } = typeof maker === 'function' ? functionName(maker) : {}
    return name && name !== 'Object' ? { name } : {}
  } catch {
    return {}
  }
}

function functionName(value: object): { name?: string } {
  const name: unknown = getOwnPropertyDescriptor(value, 'name')?.value
  return typeof name === 'string' && name ? { name: cut(name, 0, 200) } : {}
}
