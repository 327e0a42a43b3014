import { type Edge, neighbours, type Shape } from './shape.ts'

/** Layers that lines may cross in all: the layout puts a point into each, and its time grows much faster than their number. */
const CROSSED_AT_MOST = 4_000

/**
 * Lines that decide where cells go, and those that follow: where one cell is reached from another through others, the line
 * between them says nothing about their places. What would cross too many layers follows, too.
 */
export function split(shape: Shape): { deciding: Edge[]; following: Edge[] } {
  const implied = impliedEdges(shape)
  const ranks = ranksOf(shape)
  const span = ({ from, to }: Edge) => Math.abs((ranks.get(to) ?? 0) - (ranks.get(from) ?? 0))
  const deciding: Edge[] = []
  const following = [...implied]
  let crossed = 0
  for (const edge of shape.edges.filter((one) => !implied.has(one)).sort((a, b) => span(a) - span(b))) {
    crossed += span(edge) - 1
    if (crossed <= CROSSED_AT_MOST) deciding.push(edge)
    else following.push(edge)
  }
  return { deciding, following }
}

/** Those with a detour: another way from the same cell to the same cell. Lines between cells of a cycle are none of them. */
function impliedEdges({ nodes, edges }: Shape): Set<Edge> {
  const { after } = neighbours(edges)
  const reached = new Map(nodes.map(({ id }) => [id, reachOf(id, after)]))
  const onCycle = (id: string) => reached.get(id)?.has(id) === true
  return new Set(
    edges.filter(({ from, to }) => {
      if (onCycle(from) || onCycle(to)) return false
      return (after.get(from) ?? []).some((other) => other !== to && reached.get(other)?.has(to))
    }),
  )
}

/** What follows from a cell; itself only when it is on a cycle. */
function reachOf(id: string, after: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set(after.get(id) ?? [])
  for (const known of seen) for (const other of after.get(known) ?? []) seen.add(other)
  return seen
}

/** How many cells come before each, on the longest way; those that are never free, on a cycle or below one, come last. */
function ranksOf({ nodes, edges }: Shape): ReadonlyMap<string, number> {
  const { before, after } = neighbours(edges)
  const waiting = new Map(nodes.map(({ id }) => [id, before.get(id)?.length ?? 0]))
  const ranks = new Map<string, number>()
  let free = nodes.flatMap(({ id }) => (waiting.get(id) === 0 ? [id] : []))
  let rank = 0
  for (; free.length > 0; rank++) {
    const next: string[] = []
    for (const id of free) {
      ranks.set(id, rank)
      for (const other of after.get(id) ?? []) {
        const left = (waiting.get(other) ?? 0) - 1
        waiting.set(other, left)
        if (left === 0) next.push(other)
      }
    }
    free = next
  }
  for (const { id } of nodes) if (!ranks.has(id)) ranks.set(id, rank)
  return ranks
}
