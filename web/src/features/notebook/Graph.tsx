import { useMemo, useState } from 'react'
import { cx } from '../../ui/cx.ts'
import { useSelected } from '../../ui/store.ts'
import { type GraphNode, layoutGraph, NODE, pathThrough } from './graphLayout.ts'
import type { Notebook } from './Notebook.ts'

function curve(from: GraphNode, to: GraphNode): string {
  const x1 = from.x + NODE.width / 2
  const y1 = from.y + NODE.height
  const x2 = to.x + NODE.width / 2
  const bend = Math.max(16, (to.y - y1) / 2)
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${to.y - bend} ${x2} ${to.y}`
}

/** Which cell feeds which; pointing at one shows its path. */
export function Graph({ notebook }: { notebook: Notebook }) {
  const state = useSelected(notebook.view, (view) => view.notebook)
  const active = useSelected(notebook.selection.state, (selection) => selection.active)
  const layout = useMemo(() => layoutGraph(state), [state])
  const [hovered, setHovered] = useState<string>()
  const lit = useMemo(() => (hovered ? pathThrough(layout.edges, hovered) : undefined), [layout, hovered])
  const byId = useMemo(() => new Map(layout.nodes.map((node) => [node.cellId, node])), [layout])
  if (!layout.nodes.length) return <p className="panel-empty">Cells that use each other's names appear here.</p>
  return (
    <div className="overflow-x-auto p-2">
      <div className="relative mx-auto" style={{ width: layout.width, height: layout.height }}>
        <svg width={layout.width} height={layout.height} aria-hidden="true" className="absolute inset-0 overflow-visible">
          {layout.edges.map(({ from, to }) => {
            const [a, b] = [byId.get(from), byId.get(to)]
            const on = lit?.has(from) && lit.has(to)
            return a && b ? (
              <path key={`${from}>${to}`} d={curve(a, b)} className={cx('graph-edge', on && 'graph-edge-on')} />
            ) : null
          })}
        </svg>
        {layout.nodes.map(({ cellId, label, x, y }) => (
          <button
            key={cellId}
            type="button"
            onClick={() => notebook.selection.focus(cellId)}
            onPointerEnter={() => setHovered(cellId)}
            onPointerLeave={() => setHovered(undefined)}
            onFocus={() => setHovered(cellId)}
            onBlur={() => setHovered(undefined)}
            className={cx('graph-node', lit && !lit.has(cellId) && 'graph-node-off', cellId === active && 'graph-node-active')}
            style={{ left: x, top: y, width: NODE.width, height: NODE.height }}
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  )
}
