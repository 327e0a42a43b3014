import { type RefObject, useEffect, useRef, useState } from 'react'
import { Store, useStore } from '../../ui/store.ts'
import type { Edge } from './dragging.ts'
import { useHost } from './host.ts'

type Dragging = typeof import('./dragging.ts')

/** The code for dragging comes when a pointer first reaches a handle; then every cell becomes a place to drop. */
const loaded = new Store<Dragging | undefined>(undefined)

export function prepareDragging(): void {
  if (!loaded.get()) void import('./dragging.ts').then((module) => loaded.set(module))
}

/** The cell can be dragged by its number and dropped before or after any other. */
export function useDraggable(article: RefObject<HTMLElement | null>, cellId: string) {
  const host = useHost()
  const module = useStore(loaded)
  const handle = useRef<HTMLButtonElement>(null)
  const [dragging, setDragging] = useState(false)
  const [edge, setEdge] = useState<Edge>()

  useEffect(() => {
    if (!module || !article.current || !handle.current || host.readOnly) return
    return module.attachDragging({
      element: article.current,
      handle: handle.current,
      cellId,
      onDragging: setDragging,
      onEdge: setEdge,
      onDrop: (movedId, at) => {
        const order = host.view.get().notebook.order.filter((id) => id !== movedId)
        const index = order.indexOf(cellId) + (at === 'after' ? 1 : 0)
        host.actions.move(movedId, order[index - 1] ?? null)
      },
    })
  }, [module, article, cellId, host])

  return { handle, dragging, edge }
}
