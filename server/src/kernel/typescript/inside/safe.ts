/**
 * Cells share their built-in objects with the kernel and may replace most methods of them. Whatever decides about runs and
 * reports, or shows a value, uses nothing else than these and those of `text.ts`, taken before any cell runs.
 */

const { apply, setPrototypeOf, ownKeys, defineProperty } = Reflect
const { hasOwn } = Object
const { get, set, has, delete: remove, forEach, keys } = Map.prototype
const { next } = Object.getPrototypeOf(new Map().keys()) as { next: (this: unknown) => IteratorResult<unknown> }
const { then } = Promise.prototype
const { abort } = AbortController.prototype
const SafeMapBase = Map
const Controller = AbortController

export { apply, hasOwn, ownKeys }

export class SafeMap<K, V> {
  readonly #map = new SafeMapBase<K, V>()
  #size = 0

  get size(): number {
    return this.#size
  }

  has(key: K): boolean {
    return apply(has, this.#map, [key]) as boolean
  }

  get(key: K): V | undefined {
    return apply(get, this.#map, [key]) as V | undefined
  }

  set(key: K, value: V): void {
    if (!this.has(key)) this.#size += 1
    apply(set, this.#map, [key, value])
  }

  delete(key: K): void {
    if (apply(remove, this.#map, [key])) this.#size -= 1
  }

  /** In order of insertion. */
  each(visit: (value: V, key: K) => void): void {
    apply(forEach, this.#map, [visit])
  }

  oldest(): K | undefined {
    return (apply(next, apply(keys, this.#map, []), []) as IteratorResult<K>).value
  }
}

/** An array without a prototype: read and written by index only, `list[list.length] = item`. */
export function makeList<T>(): T[] {
  const list: T[] = []
  setPrototypeOf(list, null)
  return list
}

/** `for … of`, which cells can redefine. */
export function each<T>(list: readonly T[], visit: (item: T) => void): void {
  for (let i = 0; i < list.length; i += 1) visit(list[i] as T)
}

export function whenSettled<T>(promise: Promise<T>, done: (value: T) => void, failed: (error: unknown) => void): void {
  apply(then, promise, [done, failed])
}

const settled = Promise.resolve()

/** After so many turns of the queue of promises. */
export function afterTurns(turns: number, then: () => void): void {
  const next = () => (turns > 1 ? afterTurns(turns - 1, then) : then())
  whenSettled(settled, next, next)
}

export interface Signal {
  readonly signal: AbortSignal
  abort(): void
}

export function makeSignal(): Signal {
  const controller = new Controller()
  const { signal } = controller
  return { signal, abort: () => void apply(abort, controller, []) }
}

/** `list.map`, which cells can redefine. */
export function mapped<T, U>(list: ArrayLike<T>, make: (item: T, index: number) => U): U[] {
  const made: U[] = []
  for (let i = 0; i < list.length; i += 1) made[i] = make(list[i] as T, i)
  return made
}

/** `list.filter`, which cells can redefine. */
export function kept<T, U extends T>(list: ArrayLike<T>, wanted: (item: T) => item is U): U[]
export function kept<T>(list: ArrayLike<T>, wanted: (item: T) => boolean): T[]
export function kept<T>(list: ArrayLike<T>, wanted: (item: T) => boolean): T[] {
  const found: T[] = []
  for (let i = 0; i < list.length; i += 1) if (wanted(list[i] as T)) found[found.length] = list[i] as T
  return found
}

/** `list.every`, which cells can redefine. */
export function all<T>(list: ArrayLike<T>, holds: (item: T) => boolean): boolean {
  for (let i = 0; i < list.length; i += 1) if (!holds(list[i] as T)) return false
  return true
}

/** Also where the key is `__proto__`. */
export function put(object: object, key: string, value: unknown): void {
  defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

/** What `compute` gives, or `fallback` where built-in objects have been tampered with so much that it throws. */
export function orElse<T>(compute: () => T, fallback: T): T {
  try {
    return compute()
  } catch {
    return fallback
  }
}
