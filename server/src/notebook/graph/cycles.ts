/** One step of a cycle: `cell` uses `name`, which the next cell of the path defines. */
export interface CycleStep {
  cell: string
  name: string
}

export interface Edge {
  to: string
  name: string
}

/**
 * Topological sorting by Kahn's method: what is left over lies on a cycle, or below one.
 * `upstream` lists the edges of a cell into `cells`; edges that leave the set are left out by the caller.
 */
export function sortTopologically(
  cells: ReadonlySet<string>,
  upstream: (cell: string) => Edge[],
  before: (a: string, b: string) => number,
) {
  const waiting = new Map<string, number>()
  const downstream = new Map<string, string[]>()
  for (const cell of cells) {
    const targets = new Set(upstream(cell).map((edge) => edge.to))
    waiting.set(cell, targets.size)
    for (const target of targets) {
      const list = downstream.get(target)
      if (list) list.push(cell)
      else downstream.set(target, [cell])
    }
  }
  const ready = new Heap(before)
  for (const [cell, count] of waiting) if (count === 0) ready.push(cell)
  const order: string[] = []
  for (let cell = ready.pop(); cell !== undefined; cell = ready.pop()) {
    order.push(cell)
    waiting.delete(cell)
    for (const user of downstream.get(cell) ?? []) {
      const left = (waiting.get(user) ?? 0) - 1
      waiting.set(user, left)
      if (left === 0) ready.push(user)
    }
  }
  return { order, leftOver: new Set(waiting.keys()) }
}

/** With more cells than this on cycles, those of one path share it instead of each having its own shortest. */
const OWN_PATH_UP_TO = 100

/**
 * The cells of `leftOver` that lie on a cycle, each with a shortest path from itself back to itself.
 * Others of `leftOver` are only below a cycle and do not appear.
 */
export function findCycles(leftOver: ReadonlySet<string>, upstream: (cell: string) => Edge[]): Map<string, CycleStep[]> {
  const candidates = withoutTails(leftOver, upstream)
  const inside = (cell: string) => upstream(cell).filter((edge) => candidates.has(edge.to))
  const found = new Map<string, CycleStep[]>()
  for (const cell of candidates) {
    const path = found.has(cell) ? undefined : shortestCycle(cell, inside)
    if (!path) continue
    found.set(cell, path)
    if (candidates.size > OWN_PATH_UP_TO) for (const step of path) found.set(step.cell, path)
  }
  return found
}

/** Drops, again and again, the cells that no other candidate uses: they hang below a cycle but are not on it. */
function withoutTails(leftOver: ReadonlySet<string>, upstream: (cell: string) => Edge[]): Set<string> {
  const users = new Map<string, number>()
  for (const cell of leftOver) for (const { to } of upstream(cell)) users.set(to, (users.get(to) ?? 0) + 1)
  const rest = new Set(leftOver)
  const tails = [...rest].filter((cell) => !users.get(cell))
  for (const tail of tails) {
    rest.delete(tail)
    for (const { to } of upstream(tail)) {
      const left = (users.get(to) ?? 0) - 1
      users.set(to, left)
      if (left === 0 && rest.has(to)) tails.push(to)
    }
  }
  return rest
}

function shortestCycle(start: string, upstream: (cell: string) => Edge[]): CycleStep[] | undefined {
  const cameFrom = new Map<string, CycleStep>()
  const queue = [start]
  for (const cell of queue) {
    for (const { to, name } of upstream(cell)) {
      if (to === start) return pathTo({ cell, name }, cameFrom)
      if (cameFrom.has(to)) continue
      cameFrom.set(to, { cell, name })
      queue.push(to)
    }
  }
  return undefined
}

function pathTo(last: CycleStep, cameFrom: ReadonlyMap<string, CycleStep>): CycleStep[] {
  const path = [last]
  for (let step = cameFrom.get(last.cell); step; step = cameFrom.get(step.cell)) path.unshift(step)
  return path
}

/** A binary heap; the smallest comes first. */
class Heap {
  private readonly items: string[] = []
  private readonly before: (a: string, b: string) => number

  constructor(before: (a: string, b: string) => number) {
    this.before = before
  }

  push(item: string): void {
    const items = this.items
    let at = items.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.before(items[parent] as string, item) <= 0) break
      items[at] = items[parent] as string
      at = parent
    }
    items[at] = item
  }

  pop(): string | undefined {
    const items = this.items
    const top = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return top
    this.sink(last)
    return top
  }

  private sink(item: string): void {
    const items = this.items
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      const right = child + 1
      if (right < items.length && this.before(items[right] as string, items[child] as string) < 0) child = right
      if (child >= items.length || this.before(item, items[child] as string) <= 0) break
      items[at] = items[child] as string
      at = child
    }
    items[at] = item
  }
}
