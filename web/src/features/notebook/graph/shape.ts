import type { NotebookState } from '@rivulet/server/notebook/evolve'
import { shownName } from '@rivulet/server/notebook/tables'
import { definerOf, positionOf } from '../../cell/names.ts'

export interface Edge {
  from: string
  to: string
}

/** What is drawn, before anybody knows where. */
export interface Shape {
  nodes: { id: string; width: number }[]
  edges: Edge[]
  /** How many cells there are to draw, when these are only those nearest to one. */
  of?: number
}

/** More than this nobody can read, and laying it out takes seconds: then only what is nearest to the current cell is drawn. */
const DRAWN_AT_MOST = 600
const NEAREST = 200

const [SIGN, AROUND, NARROWEST, WIDEST] = [7.3, 40, 72, 176]

export function labelOf(notebook: NotebookState, cellId: string): string {
  const name = notebook.cells.get(cellId)?.defines[0]
  return `${positionOf(notebook, cellId)} ${name === undefined ? 'cell' : shownName(name)}`
}

function widthOf(notebook: NotebookState, cellId: string): number {
  const width = labelOf(notebook, cellId).length * SIGN + AROUND
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)))
}

function edgesOf(notebook: NotebookState): Edge[] {
  return notebook.order.flatMap((to) => {
    const sources = new Set((notebook.cells.get(to)?.uses ?? []).map((name) => definerOf(notebook, name)))
    return [...sources].flatMap((from) => (from && from !== to ? [{ from, to }] : []))
  })
}

/** Cells that take or give names, and who gives to whom. */
export function shapeOf(notebook: NotebookState, around: string | null): Shape {
  const edges = edgesOf(notebook)
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]))
  const ids = notebook.order.filter((id) => linked.has(id) || notebook.cells.get(id)?.defines.length)
  const nodeOf = (id: string) => ({ id, width: widthOf(notebook, id) })
  if (ids.length <= DRAWN_AT_MOST) return { nodes: ids.map(nodeOf), edges }
  const near = nearest(edges, around && linked.has(around) ? around : (ids[0] ?? ''))
  return {
    nodes: ids.filter((id) => near.has(id)).map(nodeOf),
    edges: edges.filter(({ from, to }) => near.has(from) && near.has(to)),
    of: ids.length,
  }
}

function nearest(edges: readonly Edge[], start: string): ReadonlySet<string> {
  const { before, after } = neighbours(edges)
  const seen = new Set([start])
  for (const id of seen) {
    for (const other of [...(before.get(id) ?? []), ...(after.get(id) ?? [])]) {
      if (seen.size >= NEAREST) return seen
      seen.add(other)
    }
  }
  return seen
}

interface Neighbours {
  before: ReadonlyMap<string, readonly string[]>
  after: ReadonlyMap<string, readonly string[]>
}

export function neighbours(edges: readonly Edge[]): Neighbours {
  const before = new Map<string, string[]>()
  const after = new Map<string, string[]>()
  for (const { from, to } of edges) {
    before.set(to, [...(before.get(to) ?? []), from])
    after.set(from, [...(after.get(from) ?? []), to])
  }
  return { before, after }
}

/** Everything a cell's value comes from, and everything that follows from it; on a cycle, both. */
export interface Trace {
  up: ReadonlySet<string>
  down: ReadonlySet<string>
}

export function traceOf(edges: readonly Edge[], cellId: string): Trace {
  const { before, after } = neighbours(edges)
  const walk = (next: ReadonlyMap<string, readonly string[]>) => {
    const seen = new Set([cellId])
    for (const id of seen) for (const other of next.get(id) ?? []) seen.add(other)
    return seen
  }
  return { up: walk(before), down: walk(after) }
}
