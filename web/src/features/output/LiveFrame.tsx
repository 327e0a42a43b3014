import { useEffect, useRef, useState } from 'react'

export const MAX_HEIGHT = 20_000

interface Props {
  src: '/sandbox.html' | '/frame.html'
  title: string
  height: number
  /** Sent when the frame has loaded, and again whenever it changes. */
  message: object
  onHeight: (height: number) => void
}

/** A document without an origin: it reaches nothing here, and tells only its height. */
export function LiveFrame({ src, title, height, message, onHeight }: Props) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [loaded, setLoaded] = useState(false)
  const report = useRef(onHeight)
  report.current = onHeight

  useEffect(() => {
    const listen = (event: MessageEvent<{ height?: unknown } | null>) => {
      if (event.source !== frame.current?.contentWindow) return
      const { height: asked } = event.data ?? {}
      if (typeof asked === 'number' && asked > 0) report.current(Math.min(asked, MAX_HEIGHT))
    }
    window.addEventListener('message', listen)
    return () => window.removeEventListener('message', listen)
  }, [])
  useEffect(() => {
    if (loaded) frame.current?.contentWindow?.postMessage(message, '*')
  }, [loaded, message])

  return (
    <iframe
      ref={frame}
      src={src}
      sandbox="allow-scripts"
      title={title}
      onLoad={() => setLoaded(true)}
      style={{ height }}
      className="block w-full border-0 bg-transparent"
    />
  )
}
