import * as brands from './brands.ts'

const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect

/** A copy of a value that is plain JSON of at most `maxBytes`; `undefined` for anything else. Calls no getter. */
export function plainJson(value: unknown, maxBytes: number): { json: unknown } | undefined {
  const copied = copyJson(value, maxBytes)
  return copied.kind === 'json' ? copied : undefined
}

/** As `plainJson`, and says why there is none. What is too large is not read to its end: it may be no JSON either. */
export function copyJson(
  value: unknown,
  maxBytes: number,
): { kind: 'json'; json: unknown } | { kind: 'too-large' | 'not-plain' } {
  const budget = { left: maxBytes }
  try {
    return { kind: 'json', json: copy(value, budget, 0) }
  } catch {
    // Also when the trap of a proxy threw.
    return { kind: budget.left < 0 ? 'too-large' : 'not-plain' }
  }
}

class NotPlain extends Error {}

const MAX_DEPTH = 100

function copy(value: unknown, budget: { left: number }, depth: number): unknown {
  budget.left -= typeof value === 'string' ? value.length + 2 : 2
  if (budget.left < 0 || depth > MAX_DEPTH) throw new NotPlain()
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value !== 'object') throw new NotPlain()
  if (Array.isArray(value)) return copyArray(value, budget, depth)
  return isPlainObject(value) ? copyObject(value, budget, depth) : notPlain()
}

function notPlain(): never {
  throw new NotPlain()
}

function copyArray(value: unknown[], budget: { left: number }, depth: number): unknown[] {
  if (value.length * 2 > budget.left) {
    budget.left = -1
    throw new NotPlain()
  }
  const copied: unknown[] = []
  for (let i = 0; i < value.length; i += 1) copied[i] = copy(dataProperty(value, String(i)), budget, depth + 1)
  return copied
}

function copyObject(value: object, budget: { left: number }, depth: number): Record<string, unknown> {
  const copied: Record<string, unknown> = {}
  const keys = ownKeys(value)
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] as string | symbol
    if (typeof key === 'symbol' || key === '__proto__') throw new NotPlain()
    budget.left -= key.length + 4
    copied[key] = copy(dataProperty(value, key), budget, depth + 1)
  }
  return copied
}

function dataProperty(value: object, key: string): unknown {
  const descriptor = getOwnPropertyDescriptor(value, key)
  if (!descriptor || !('value' in descriptor)) throw new NotPlain()
  return descriptor.value
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = getPrototypeOf(value)
  return (prototype === null || prototype === Object.prototype) && !isBareMap(value)
}

/** Whether an object is a map is dear to ask, and a million rows are asked: one with properties of its own is what it says. */
function isBareMap(value: object): boolean {
  return ownKeys(value).length === 0 && brands.isMap(value)
}
