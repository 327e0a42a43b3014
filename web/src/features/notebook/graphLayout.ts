import type { NotebookState } from '@rivulet/server/notebook/evolve'
import { definerOf, positionOf } from '../cell/names.ts'

export interface GraphNode {
  cellId: string
  label: string
  x: number
  y: number
}

export interface GraphEdge {
  from: string
  to: string
}

export interface GraphLayout {
  nodes: GraphNode[]
  edges: GraphEdge[]
  width: number
  height: number
}

export const NODE = { width: 104, height: 28, gapX: 14, gapY: 34 }

function edgesOf(notebook: NotebookState): GraphEdge[] {
  return notebook.order.flatMap((to) => {
    const sources = new Set((notebook.cells.get(to)?.uses ?? []).map((name) => definerOf(notebook, name)))
    return [...sources].flatMap((from) => (from && from !== to ? [{ from, to }] : []))
  })
}

/** Layer of each cell: one more than its deepest source. What is left when nothing is free (a cycle) goes last. */
function layersOf(ids: readonly string[], edges: readonly GraphEdge[]): string[][] {
  const waiting = new Map(ids.map((id) => [id, 0]))
  const targets = new Map<string, string[]>()
  for (const { from, to } of edges) {
    waiting.set(to, (waiting.get(to) ?? 0) + 1)
    targets.set(from, [...(targets.get(from) ?? []), to])
  }
  const layers: string[][] = []
  let free = ids.filter((id) => waiting.get(id) === 0)
  while (free.length) {
    layers.push(free)
    const next: string[] = []
    for (const id of free) {
      waiting.delete(id)
      for (const to of targets.get(id) ?? []) {
        waiting.set(to, (waiting.get(to) ?? 0) - 1)
        if (waiting.get(to) === 0) next.push(to)
      }
    }
    free = next
  }
  return waiting.size ? [...layers, [...waiting.keys()]] : layers
}

/** Each layer in the order of the middle of what it comes from, so that lines cross little. */
function ordered(layers: string[][], edges: readonly GraphEdge[]): string[][] {
  const column = new Map<string, number>()
  return layers.map((layer) => {
    const middle = (id: string) => {
      const sources = edges.filter(({ to }) => to === id).flatMap(({ from }) => column.get(from) ?? [])
      return sources.length ? sources.reduce((sum, at) => sum + at, 0) / sources.length : Number.MAX_SAFE_INTEGER
    }
    const sorted = layer.map((id) => ({ id, at: middle(id) })).sort((a, b) => a.at - b.at)
    for (const [index, { id }] of sorted.entries()) column.set(id, index - (sorted.length - 1) / 2)
    return sorted.map(({ id }) => id)
  })
}

/** Cells that take or give names, in layers from what everything needs down to what nothing needs. */
export function layoutGraph(notebook: NotebookState): GraphLayout {
  const edges = edgesOf(notebook)
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]))
  const ids = notebook.order.filter((id) => linked.has(id) || notebook.cells.get(id)?.defines.length)
  const layers = ordered(layersOf(ids, edges), edges)
  const stepX = NODE.width + NODE.gapX
  const width = Math.max(1, ...layers.map((layer) => layer.length)) * stepX - NODE.gapX
  const nodes = layers.flatMap((layer, depth) => {
    const left = (width - (layer.length * stepX - NODE.gapX)) / 2
    return layer.map((cellId, index) => {
      const position = positionOf(notebook, cellId)
      const name = notebook.cells.get(cellId)?.defines[0]
      return {
        cellId,
        label: name ? `${position} ${name}` : `cell ${position}`,
        x: left + index * stepX,
        y: depth * (NODE.height + NODE.gapY),
      }
    })
  })
  return { nodes, edges, width, height: layers.length * (NODE.height + NODE.gapY) - NODE.gapY }
}

/** Everything before and after a cell, and the cell. */
export function pathThrough(edges: readonly GraphEdge[], cellId: string): ReadonlySet<string> {
  const walk = (next: (id: string) => string[]) => {
    const seen = new Set([cellId])
    for (const id of seen) for (const other of next(id)) seen.add(other)
    return seen
  }
  const up = walk((id) => edges.filter(({ to }) => to === id).map(({ from }) => from))
  const down = walk((id) => edges.filter(({ from }) => from === id).map(({ to }) => to))
  return new Set([...up, ...down])
}
