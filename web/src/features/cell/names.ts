import type { NotebookState } from '@rivulet/server/notebook/evolve'

/** Computes once per value, for as long as somebody holds it. */
function perValue<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>()
  return (key) => {
    const value = known.get(key) ?? compute(key)
    known.set(key, value)
    return value
  }
}

const positions = perValue((order: readonly string[]) => new Map(order.map((cellId, index) => [cellId, index + 1])))

/** 1-based place on the page; 0 when it is not there. */
export function positionOf({ order }: NotebookState, cellId: string): number {
  return positions(order).get(cellId) ?? 0
}

const definers = perValue((cells: NotebookState['cells']) => {
  const byName = new Map<string, string>()
  for (const cell of cells.values()) {
    for (const name of cell.disabled ? [] : cell.defines) if (!byName.has(name)) byName.set(name, cell.id)
  }
  return byName
})

/** The cell that defines a name. */
export function definerOf({ cells }: NotebookState, name: string): string | undefined {
  return definers(cells).get(name)
}

/** Every name that some cell defines, with that cell. */
export function definedNames({ cells }: NotebookState): ReadonlyMap<string, string> {
  return definers(cells)
}
