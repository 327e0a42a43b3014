export interface CacheLimits {
  entries: number
  /** Of all keys together. */
  characters: number
}

/** Every cell of some hundred open notebooks, unless they are very long. */
const LIMITS: CacheLimits = { entries: 50_000, characters: 16_000_000 }

/** Remembers the results of a pure function for the most recently used arguments. */
export function memoise<T>(compute: (key: string) => T, limits = LIMITS): (key: string) => T {
  const known = new Map<string, T>()
  let characters = 0
  return (key) => {
    const hit = known.get(key)
    if (hit !== undefined) {
      known.delete(key)
      known.set(key, hit)
      return hit
    }
    const value = compute(key)
    known.set(key, value)
    characters += key.length
    for (const oldest of known.keys()) {
      if (known.size <= limits.entries && characters <= limits.characters) break
      known.delete(oldest)
      characters -= oldest.length
    }
    return value
  }
}
