import { planOf } from './layout.ts'
import type { Direction } from './plan.ts'
import type { Shape } from './shape.ts'

/** What is asked of the thread. */
export interface Order {
  shape: Shape
  direction: Direction
}

/** In a thread of its own: the layout of hundreds of cells takes longer than a frame may. One order, one answer. */
self.onmessage = ({ data }: MessageEvent<Order>) => self.postMessage(planOf(data.shape, data.direction))
