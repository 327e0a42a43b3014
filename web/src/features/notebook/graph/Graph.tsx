import type { NotebookState } from '@rivulet/server/notebook/evolve'
import { Maximize2, Minus, Plus, Scan } from 'lucide-react'
import { type CSSProperties, type KeyboardEvent, useCallback, useId, useMemo, useState } from 'react'
import { IconButton } from '../../../ui/Button.tsx'
import { plural } from '../../../ui/format.ts'
import { useSelected } from '../../../ui/store.ts'
import type { Notebook } from '../Notebook.ts'
import { GraphNode, type Part } from './GraphNode.tsx'
import './graph.css'
import { neighbour } from './neighbour.ts'
import type { Plan } from './plan.ts'
import { labelOf, type Shape, shapeOf, type Trace, traceOf } from './shape.ts'
import { usePlan } from './usePlan.ts'
import { useViewport, type Zoom } from './useViewport.ts'
import { SCALES } from './viewport.ts'

/** Below this scale nobody can read a name: then a cell is its state. */
const FAR = 0.45

const TALL = window.matchMedia('(orientation: portrait)')

interface Props {
  notebook: Notebook
  onJump: (cellId: string) => void
  /** Shows the graph in a window of its own; absent when this is it. */
  onEnlarge?: (() => void) | undefined
}

/** Which cell feeds which. Pointing at one, or reaching it by key, lights what it comes from and what follows from it. */
export default function Graph({ notebook, onJump, onEnlarge }: Props) {
  const state = useSelected(notebook.view, (view) => view.notebook)
  const active = useSelected(notebook.selection.state, (selection) => selection.active)
  const shape = useMemo(() => shapeOf(state, active), [state.cells, state.order, active])
  const { plan, failed } = usePlan(shape, onEnlarge || TALL.matches ? 'down' : 'right')
  const [traced, setTraced] = useState<string>()
  if (!shape.nodes.length) return <p className="panel-empty">Cells that use each other's names appear here.</p>
  if (failed) return <p className="panel-empty">The graph cannot be drawn in this browser.</p>
  return (
    <div className="graph">
      {shape.of !== undefined && (
        <p className="graph-note">
          The {shape.nodes.length} cells nearest to the current one, of {shape.of.toLocaleString('en')}.
        </p>
      )}
      <Canvas {...{ notebook, plan, active, traced, setTraced, onJump, onEnlarge }} />
      <p className="graph-note" data-traced={traced}>
        {plan ? noteOn(state, shape, traced) : 'Drawing…'}
      </p>
    </div>
  )
}

function noteOn(notebook: NotebookState, { nodes, edges }: Shape, traced: string | undefined): string {
  if (traced === undefined) return `${plural(nodes.length, 'cell')}, ${plural(edges.length, 'line')}`
  const { up, down } = traceOf(edges, traced)
  return `${labelOf(notebook, traced)}: comes from ${plural(up.size - 1, 'cell')}, leads to ${down.size - 1}`
}

interface CanvasProps extends Props {
  plan: Plan | undefined
  active: string | null
  traced: string | undefined
  setTraced: (cellId: string | undefined) => void
}

function Canvas({ notebook, plan, active, traced, setTraced, onJump, onEnlarge }: CanvasProps) {
  const { box, viewport, zoom, handlers } = useViewport(plan, active)
  const trace = useMemo(() => (plan && traced ? traceOf(plan.edges, traced) : undefined), [plan, traced])
  const onTrace = useCallback((cellId: string | undefined) => setTraced(cellId), [setTraced])
  const reachable = plan?.nodes.find(({ id }) => id === traced) ?? plan?.nodes.find(({ id }) => id === active) ?? plan?.nodes[0]
  const onKeyDown = (event: KeyboardEvent) => {
    handlers.onKeyDown(event)
    const from = event.target instanceof HTMLElement ? event.target.dataset.cell : undefined
    const next = plan && from ? neighbour(plan, from, event.key) : undefined
    if (!next) return
    event.preventDefault()
    zoom.show(next)
    // It is moved into view by the drawing, not by scrolling.
    box.current?.querySelector<HTMLElement>(`[data-cell="${CSS.escape(next.id)}"]`)?.focus({ preventScroll: true })
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would not be one of these
    <div ref={box} role="group" aria-label="Dependency graph" className="graph-box" {...handlers} onKeyDown={onKeyDown}>
      {plan && viewport && (
        <div
          className="graph-drawing"
          data-far={viewport.scale < FAR ? true : undefined}
          style={
            {
              '--scale': viewport.scale,
              width: plan.width,
              height: plan.height,
              transform: `translate(${viewport.x}px, ${viewport.y}px) scale(${viewport.scale})`,
            } as CSSProperties
          }
        >
          <Lines plan={plan} trace={trace} />
          {plan.nodes.map((node) => (
            <GraphNode
              key={node.id}
              {...{ notebook, node, onTrace, onJump }}
              part={trace && partOf(trace, node.id, traced)}
              reachable={node === reachable}
              active={node.id === active}
            />
          ))}
        </div>
      )}
      <Controls zoom={zoom} onEnlarge={onEnlarge} />
    </div>
  )
}

function partOf({ up, down }: Trace, cellId: string, traced: string | undefined): Part {
  if (cellId === traced) return 'self'
  return up.has(cellId) ? 'up' : down.has(cellId) ? 'down' : 'off'
}

function Lines({ plan, trace }: { plan: Plan; trace: Trace | undefined }) {
  const arrow = useId()
  return (
    <svg width={plan.width} height={plan.height} aria-hidden="true" className="graph-lines">
      <defs>
        <marker
          id={arrow}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerUnits="userSpaceOnUse"
          markerWidth="9"
          markerHeight="9"
          orient="auto-start-reverse"
        >
          <path d="M0 0L8 4L0 8z" className="graph-arrow" />
        </marker>
      </defs>
      {plan.edges.map(({ from, to, path, follows }) => {
        const part =
          trace && (trace.up.has(from) && trace.up.has(to) ? 'up' : trace.down.has(from) && trace.down.has(to) ? 'down' : 'off')
        return (
          <path
            key={`${from}>${to}`}
            d={path}
            data-part={part}
            data-follows={follows}
            markerEnd={`url(#${arrow})`}
            className="graph-edge"
          />
        )
      })}
    </svg>
  )
}

function Controls({ zoom, onEnlarge }: { zoom: Zoom; onEnlarge: (() => void) | undefined }) {
  return (
    <div className="graph-controls">
      <IconButton label="Zoom in" keys="+" onClick={() => zoom.by(SCALES.step)}>
        <Plus size={14} aria-hidden />
      </IconButton>
      <IconButton label="Zoom out" keys="−" onClick={() => zoom.by(1 / SCALES.step)}>
        <Minus size={14} aria-hidden />
      </IconButton>
      <IconButton label="Show the whole graph" keys="0" onClick={zoom.fit}>
        <Scan size={14} aria-hidden />
      </IconButton>
      {onEnlarge && (
        <IconButton label="Enlarge the graph" onClick={onEnlarge}>
          <Maximize2 size={14} aria-hidden />
        </IconButton>
      )}
    </div>
  )
}
