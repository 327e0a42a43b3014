import * as brands from './brands.ts'
import { isPlainObject } from './plain.ts'
import { all, SafeMap } from './safe.ts'

/** More than this is not compared: it counts as different, which only costs a run. */
const MAX_NODES = 100_000

const { getOwnPropertyDescriptor, ownKeys } = Reflect

/** Primitives by value, plain data structurally, everything else by identity (S17). Calls no getter; total. */
export function equal(a: unknown, b: unknown): boolean {
  const budget = { left: MAX_NODES, pairs: new SafeMap<object, object>() }
  try {
    return same(a, b, budget)
  } catch {
    // A proxy's trap threw, or it nests too deep: different, as far as anybody can tell.
    return false
  }
}

interface Budget {
  left: number
  /** Pairs being compared further up: a cycle is equal as long as nothing else differs. */
  pairs: SafeMap<object, object>
}

function same(a: unknown, b: unknown, budget: Budget): boolean {
  budget.left -= 1
  if (Object.is(a, b)) return true
  if (budget.left < 0 || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (budget.pairs.get(a) === b) return true
  budget.pairs.set(a, b)
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && sameProperties(a, b, budget)
  if (brands.isDate(a)) return brands.isDate(b) && brands.dateText(a) === brands.dateText(b)
  if (brands.isMap(a) || brands.isSet(a)) return false
  return isPlainObject(a) && isPlainObject(b) && sameProperties(a, b, budget)
}

function sameProperties(a: object, b: object, budget: Budget): boolean {
  const keys = ownKeys(a)
  if (keys.length !== ownKeys(b).length) return false
  return all(keys, (key) => {
    const left = getOwnPropertyDescriptor(a, key)
    const right = getOwnPropertyDescriptor(b, key)
    return (
      left !== undefined && right !== undefined && 'value' in left && 'value' in right && same(left.value, right.value, budget)
    )
  })
}
