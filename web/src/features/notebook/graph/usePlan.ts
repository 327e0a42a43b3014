import { useEffect, useState } from 'react'
import { startWorker } from '../../../ui/worker.ts'
import type { Order } from './layoutWorker.ts'
import layoutWorker from './layoutWorker.ts?worker&url'
import type { Direction, Plan } from './plan.ts'
import type { Shape } from './shape.ts'

/** The drawing of a shape: the one before until the new one is there. `failed` when this browser cannot make one. */
export function usePlan({ nodes, edges }: Shape, direction: Direction): { plan: Plan | undefined; failed: boolean } {
  const [plan, setPlan] = useState<Plan>()
  const [failed, setFailed] = useState(false)
  // States change all the time; what is drawn changes when names do.
  const order = JSON.stringify({ shape: { nodes, edges }, direction } satisfies Order)
  useEffect(() => {
    const worker = startWorker(layoutWorker)
    worker.onmessage = ({ data }: MessageEvent<Plan>) => {
      setPlan(data)
      setFailed(false)
      worker.terminate()
    }
    worker.onerror = () => setFailed(true)
    worker.postMessage(JSON.parse(order))
    return () => worker.terminate()
  }, [order])
  return { plan, failed }
}
