import { useEffect, useState } from 'react'

/** True once `on` has been true for `ms`: short work shows nothing, so nothing flickers. */
export function useDelayed(on: boolean, ms: number): boolean {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!on) return setShown(false)
    const timer = setTimeout(() => setShown(true), ms)
    return () => clearTimeout(timer)
  }, [on, ms])
  return on && shown
}
