import { type RefObject, useEffect, useState } from 'react'
import { type FramePlace, LiveFrames } from './liveFrames.ts'

const frames = new LiveFrames(20)

/** Whether the frame in this element should be there: from when it first comes near the screen, until there are too many. */
export function useLiveFrame(ref: RefObject<HTMLElement | null>, margin = '200px'): boolean {
  const [live, setLive] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const place: FramePlace = { near: false, setLive }
    const observer = new IntersectionObserver(
      ([entry]) => (entry?.isIntersecting ? frames.approach(place) : frames.depart(place)),
      { rootMargin: margin },
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      frames.remove(place)
    }
  }, [ref, margin])
  return live
}
