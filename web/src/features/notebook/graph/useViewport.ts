import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { NODE_HEIGHT, type PlacedNode, type Plan } from './plan.ts'
import { fitted, kept, opened, SCALES, type Size, showing, type Viewport, zoomed } from './viewport.ts'

const WHEEL = { zoom: 0.0022, line: 16 }
const KEYS: Record<string, (zoom: Zoom) => void> = {
  '+': (zoom) => zoom.by(SCALES.step),
  '=': (zoom) => zoom.by(SCALES.step),
  '-': (zoom) => zoom.by(1 / SCALES.step),
  '0': (zoom) => zoom.fit(),
}

export interface Zoom {
  by: (factor: number, at?: { x: number; y: number }) => void
  push: (dx: number, dy: number) => void
  fit: () => void
  show: (node: PlacedNode) => void
}

const sizeOf = ({ clientWidth: width, clientHeight: height }: HTMLElement): Size => ({ width, height })

/** Zoom and pan of a drawing in a box: by wheel, by dragging, by keys and by buttons. */
export function useViewport(plan: Plan | undefined, around: string | null) {
  const box = useRef<HTMLDivElement>(null)
  const [viewport, setViewport] = useState<Viewport>()
  const zoom = useMemo(() => controls(box, plan, setViewport), [plan])

  useEffect(() => {
    if (!box.current || !plan?.nodes.length) return
    const view = sizeOf(box.current)
    const node = plan.nodes.find(({ id }) => id === around) ?? plan.nodes[0]
    const point = { x: (node?.x ?? 0) + (node?.width ?? 0) / 2, y: (node?.y ?? 0) + NODE_HEIGHT / 2 }
    // Who has looked around already stays where they are.
    setViewport((now) => now ?? opened(view, plan, point))
    // Only of the first drawing: later the person decides what is seen.
  }, [plan])
  useWheel(box, zoom)
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key]
    if (!act) return
    act(zoom)
    event.preventDefault()
  }
  return { box, viewport, zoom, handlers: { ...useDrag(zoom), onKeyDown } }
}

function controls(
  box: RefObject<HTMLDivElement | null>,
  plan: Plan | undefined,
  set: (change: (now: Viewport | undefined) => Viewport | undefined) => void,
): Zoom {
  const change = (next: (now: Viewport, view: Size, drawing: Size) => Viewport) => {
    const element = box.current
    if (element && plan) set((now) => now && next(now, sizeOf(element), plan))
  }
  return {
    by: (factor, at) =>
      change((now, view, drawing) => kept(zoomed(now, factor, at ?? { x: view.width / 2, y: view.height / 2 }), view, drawing)),
    push: (dx, dy) => change((now, view, drawing) => kept({ ...now, x: now.x + dx, y: now.y + dy }, view, drawing)),
    fit: () => change((_, view, drawing) => fitted(view, drawing)),
    show: ({ x, y, width }) => change((now, view) => showing(now, view, { x, y, width, height: NODE_HEIGHT })),
  }
}

/** With Ctrl or Cmd, and by pinching, it zooms; otherwise it moves. Not React's: that one cannot keep the page still. */
function useWheel(box: RefObject<HTMLDivElement | null>, zoom: Zoom): void {
  useEffect(() => {
    const element = box.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL.line : 1
      const corner = element.getBoundingClientRect()
      const at = { x: event.clientX - corner.left, y: event.clientY - corner.top }
      if (event.ctrlKey || event.metaKey) zoom.by(Math.exp(-event.deltaY * unit * WHEEL.zoom), at)
      else zoom.push(-event.deltaX * unit, -event.deltaY * unit)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [box, zoom])
}

function useDrag(zoom: Zoom) {
  const dragging = useRef(false)
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button'))) return
      dragging.current = true
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove: (event: PointerEvent) => {
      if (dragging.current) zoom.push(event.movementX, event.movementY)
    },
    onPointerUp: () => {
      dragging.current = false
    },
    onPointerCancel: () => {
      dragging.current = false
    },
  }
}
