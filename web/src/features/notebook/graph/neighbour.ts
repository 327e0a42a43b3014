import type { PlacedNode, Plan } from './plan.ts'

type Arrow = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight'

/** How much further a node counts that lies off to the side, or that no line leads to. */
const [SIDEWAYS, UNLINKED] = [3, 4]

/** The node that an arrow key leads to: along a line where there is one, else the nearest in that direction. */
export function neighbour({ nodes, edges, direction }: Plan, from: string, key: string): PlacedNode | undefined {
  const start = nodes.find(({ id }) => id === from)
  if (!start || !isArrow(key)) return undefined
  const alongLines = (key === 'ArrowUp' || key === 'ArrowDown') === (direction === 'down')
  const linked = new Set(edges.flatMap((edge) => (edge.from === from ? [edge.to] : edge.to === from ? [edge.from] : [])))
  let best: { node: PlacedNode; distance: number } | undefined
  for (const node of nodes) {
    const { ahead, aside } = apart(start, node, key)
    if (ahead <= 0) continue
    const distance = (ahead + aside * SIDEWAYS) * (alongLines && !linked.has(node.id) ? UNLINKED : 1)
    if (!best || distance < best.distance) best = { node, distance }
  }
  return best?.node
}

const isArrow = (key: string): key is Arrow => ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].includes(key)

function apart(from: PlacedNode, to: PlacedNode, key: Arrow): { ahead: number; aside: number } {
  const dx = to.x + to.width / 2 - (from.x + from.width / 2)
  const dy = to.y - from.y
  switch (key) {
    case 'ArrowUp':
      return { ahead: -dy, aside: Math.abs(dx) }
    case 'ArrowDown':
      return { ahead: dy, aside: Math.abs(dx) }
    case 'ArrowLeft':
      return { ahead: -dx, aside: Math.abs(dy) }
    case 'ArrowRight':
      return { ahead: dx, aside: Math.abs(dy) }
  }
}
