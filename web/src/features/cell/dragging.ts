import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'

export type Edge = 'before' | 'after'

interface Options {
  element: HTMLElement
  handle: HTMLElement
  cellId: string
  onDragging: (dragging: boolean) => void
  onEdge: (edge: Edge | undefined) => void
  onDrop: (movedId: string, edge: Edge) => void
}

function edgeOf(element: Element, clientY: number): Edge {
  const { top, height } = element.getBoundingClientRect()
  return clientY < top + height / 2 ? 'before' : 'after'
}

function draggedCell(data: Record<string | symbol, unknown>): string | undefined {
  return typeof data.cellId === 'string' ? data.cellId : undefined
}

/** Makes a cell something to drag and to drop on; answers how to undo that. */
export function attachDragging({ element, handle, cellId, onDragging, onEdge, onDrop }: Options): () => void {
  return combine(
    draggable({
      element,
      dragHandle: handle,
      getInitialData: () => ({ cellId }),
      onDragStart: () => onDragging(true),
      onDrop: () => onDragging(false),
    }),
    dropTargetForElements({
      element,
      canDrop: ({ source }) => ![undefined, cellId].includes(draggedCell(source.data)),
      onDrag: ({ location }) => onEdge(edgeOf(element, location.current.input.clientY)),
      onDragLeave: () => onEdge(undefined),
      onDrop: ({ source, location }) => {
        onEdge(undefined)
        const moved = draggedCell(source.data)
        if (moved) onDrop(moved, edgeOf(element, location.current.input.clientY))
      },
    }),
  )
}
