import { useEffect, useState } from 'react'

/** The time, again every `ms` while `active`. */
export function useNow(active: boolean, ms: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!active) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), ms)
    return () => clearInterval(timer)
  }, [active, ms])
  return now
}
