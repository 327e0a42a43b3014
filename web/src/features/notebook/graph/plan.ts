import type { Edge } from './shape.ts'

// Where everything is drawn. Apart from the layout, which runs in a thread of its own and brings its library.

export interface PlacedNode {
  id: string
  /** Of its upper left corner. */
  x: number
  y: number
  width: number
}

export interface PlacedEdge extends Edge {
  /** An SVG path. */
  path: string
  /** Other lines say so already: drawn lightly. */
  follows?: true
}

/** Where lines lead: names are wide and low, so a wide view shows more when they lead to the right. */
export type Direction = 'down' | 'right'

export interface Plan {
  direction: Direction
  width: number
  height: number
  nodes: PlacedNode[]
  edges: PlacedEdge[]
}

export const NODE_HEIGHT = 28
