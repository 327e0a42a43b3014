import { useEffect, useRef, useState } from 'react'

/** A move is sent this much later, so that a drag costs a few messages and not hundreds. */
const PAUSE_MS = 40
/** What was sent shows until the server's own value arrives, at most this long after its answer. */
const GRACE_MS = 1_000

/**
 * What the person sees at once, and the server a moment later: one message under way at a time, always the latest value.
 * What others set shows as long as nobody is moving it here.
 */
export function useSent<T>(value: T, send: (value: T) => Promise<unknown>): [T, (value: T) => void] {
  const [local, setLocal] = useState<{ value: T }>()
  const latest = useRef<{ value: T } | undefined>(undefined)
  const sending = useRef(false)
  const sender = useRef(send)
  sender.current = send
  const same = local !== undefined && JSON.stringify(local.value) === JSON.stringify(value)
  useEffect(() => {
    if (same && !sending.current) setLocal(undefined)
  }, [same])

  const flush = async () => {
    sending.current = true
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    for (let next = latest.current; next; next = latest.current) {
      latest.current = undefined
      await sender.current(next.value)
    }
    sending.current = false
    setTimeout(() => !sending.current && setLocal(undefined), GRACE_MS)
  }
  const change = (next: T) => {
    setLocal({ value: next })
    latest.current = { value: next }
    if (!sending.current) void flush()
  }
  return [local ? local.value : value, change]
}
