import { generateNKeysBetween } from 'fractional-indexing'

/** Gives every placed cell a key between its neighbours' keys, so that no other row is written. */
export function placeCells(order: readonly string[], placed: ReadonlySet<string>, keys: Map<string, string>): void {
  if (placed.size === 0) return
  for (let start = 0; start < order.length; start += 1) {
    let end = start
    while (placed.has(order[end] ?? '')) end += 1
    if (end === start) continue
    const left = keys.get(order[start - 1] ?? '') ?? null
    const right = keys.get(order[end] ?? '') ?? null
    const between = generateNKeysBetween(left, right, end - start)
    for (const [index, key] of between.entries()) keys.set(order[start + index] ?? '', key)
    start = end
  }
}
