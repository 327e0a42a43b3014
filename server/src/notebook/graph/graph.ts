/** Who defines and who uses each name. Updated cell by cell: an edit costs the cell's own names, not the notebook (G13). */
export interface Graph {
  readonly definers: ReadonlyMap<string, ReadonlySet<string>>
  readonly users: ReadonlyMap<string, ReadonlySet<string>>
}

export interface Names {
  readonly defines: readonly string[]
  readonly uses: readonly string[]
}

export const emptyGraph: Graph = { definers: new Map(), users: new Map() }

/** A graph in progress. What the original holds is never changed, only replaced, once per draft. */
export class GraphDraft implements Graph {
  definers: ReadonlyMap<string, ReadonlySet<string>>
  users: ReadonlyMap<string, ReadonlySet<string>>
  private readonly owned = new WeakSet<object>()

  constructor(graph: Graph) {
    this.definers = graph.definers
    this.users = graph.users
  }

  add(cellId: string, names: Names): void {
    for (const name of names.defines) this.setOf('definers', name).add(cellId)
    for (const name of names.uses) this.setOf('users', name).add(cellId)
  }

  remove(cellId: string, names: Names): void {
    for (const name of names.defines) this.removeFrom('definers', name, cellId)
    for (const name of names.uses) this.removeFrom('users', name, cellId)
  }

  finish(): Graph {
    return { definers: this.definers, users: this.users }
  }

  private removeFrom(side: 'definers' | 'users', name: string, cellId: string): void {
    const set = this.setOf(side, name)
    set.delete(cellId)
    if (set.size === 0) this.index(side).delete(name)
  }

  private index(side: 'definers' | 'users'): Map<string, ReadonlySet<string>> {
    if (!this.owned.has(this[side])) {
      this[side] = new Map(this[side])
      this.owned.add(this[side])
    }
    return this[side] as Map<string, ReadonlySet<string>>
  }

  private setOf(side: 'definers' | 'users', name: string): Set<string> {
    const index = this.index(side)
    const known = index.get(name)
    if (known && this.owned.has(known)) return known as Set<string>
    const own = new Set(known)
    this.owned.add(own)
    index.set(name, own)
    return own
  }
}

const NOBODY: ReadonlySet<string> = new Set()

export const definersOf = (graph: Graph, name: string): ReadonlySet<string> => graph.definers.get(name) ?? NOBODY
export const usersOf = (graph: Graph, name: string): ReadonlySet<string> => graph.users.get(name) ?? NOBODY

/**
 * The given cells and everything downstream of them.
 * `namesOf` says which names a cell hands on (its definitions, or also those it used to export).
 */
export function downstream(graph: Graph, from: Iterable<string>, namesOf: (cellId: string) => readonly string[]): Set<string> {
  const seen = new Set(from)
  // A Set visits what is added while it is iterated: no recursion, whatever the depth (S21).
  for (const cellId of seen) for (const name of namesOf(cellId)) for (const user of usersOf(graph, name)) seen.add(user)
  return seen
}
