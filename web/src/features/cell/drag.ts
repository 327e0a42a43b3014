import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useHost } from './host.ts'

type Edge = 'before' | 'after'

function edgeOf(element: Element, clientY: number): Edge {
  const { top, height } = element.getBoundingClientRect()
  return clientY < top + height / 2 ? 'before' : 'after'
}

function draggedCell(data: Record<string | symbol, unknown>): string | undefined {
  return typeof data.cellId === 'string' ? data.cellId : undefined
}

/** The cell can be dragged by its number and dropped before or after any other. */
export function useDraggable(article: RefObject<HTMLElement | null>, cellId: string) {
  const host = useHost()
  const handle = useRef<HTMLButtonElement>(null)
  const [dragging, setDragging] = useState(false)
  const [edge, setEdge] = useState<Edge>()

  useEffect(() => {
    const element = article.current
    if (!element || !handle.current || host.readOnly) return
    return combine(
      draggable({
        element,
        dragHandle: handle.current,
        getInitialData: () => ({ cellId }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => draggedCell(source.data) !== cellId && draggedCell(source.data) !== undefined,
        onDrag: ({ location }) => setEdge(edgeOf(element, location.current.input.clientY)),
        onDragLeave: () => setEdge(undefined),
        onDrop: ({ source, location }) => {
          setEdge(undefined)
          const moved = draggedCell(source.data)
          if (!moved) return
          const order = host.view.get().notebook.order.filter((id) => id !== moved)
          const at = order.indexOf(cellId) + (edgeOf(element, location.current.input.clientY) === 'after' ? 1 : 0)
          host.actions.move(moved, order[at - 1] ?? null)
        },
      }),
    )
  }, [article, cellId, host])

  return { handle, dragging, edge }
}
