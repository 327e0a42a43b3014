/** Remembers the results of a pure function for the most recently used arguments. */
export function memoise<T>(capacity: number, compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    const hit = known.get(key)
    if (hit !== undefined) {
      known.delete(key)
      known.set(key, hit)
      return hit
    }
    const value = compute(key)
    known.set(key, value)
    const oldest = known.size > capacity ? known.keys().next() : undefined
    if (oldest && !oldest.done) known.delete(oldest.value)
    return value
  }
}
