import { useEffect, useMemo, useRef, useState } from 'react'
import { useIsDark } from '../../ui/theme.ts'
import { useSeen } from './useSeen.ts'

interface Props {
  html: string
  title: string
  /** The place on the page; its last height is reserved for the next thing shown there. */
  slot: string
}

const MAX_HEIGHT = 20_000
const heights = new Map<string, number>()

const LEGEND = 45
const UNKNOWN = 120

function attribute(tag: string, name: string): number {
  return Number(new RegExp(`\\s${name}="(\\d+(?:\\.\\d+)?)"`).exec(tag)?.[1] ?? 0)
}

/** What a drawing will need before it has been measured: its tallest part, as narrow as the screen makes it, and a legend. */
function expectedHeight(html: string): number {
  const drawings = html.match(/<svg[^>]*>/g) ?? []
  const room = document.documentElement.clientWidth - 50
  const tallest = Math.max(
    0,
    ...drawings.map((tag) => attribute(tag, 'height') * Math.min(1, room / (attribute(tag, 'width') || room))),
  )
  if (tallest === 0) return UNKNOWN
  return Math.ceil(tallest) + (drawings.length > 1 ? LEGEND : 0)
}

function themeOf(dark: boolean) {
  const style = getComputedStyle(document.documentElement)
  return { dark, ink: dark ? '#e4e6ea' : '#1c1f24', font: style.getPropertyValue('--font-ui') }
}

/** Somebody's HTML or SVG in an origin of its own: it reaches nothing here, and tells only its height. */
export function Frame({ html, title, slot }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const seen = useSeen(box)
  const [height, setHeight] = useState(() => heights.get(slot) ?? expectedHeight(html))
  // Scripts keep timers and listeners: what they were in must go before the next run's arrive.
  const scripted = useMemo(() => (/<script/i.test(html) ? html : ''), [html])
  return (
    <div ref={box} style={{ minHeight: height }}>
      {seen && (
        <LiveFrame
          key={scripted}
          html={html}
          title={title}
          height={height}
          onHeight={(next) => {
            heights.set(slot, next)
            setHeight(next)
          }}
        />
      )}
    </div>
  )
}

interface LiveProps {
  html: string
  title: string
  height: number
  onHeight: (height: number) => void
}

function LiveFrame({ html, title, height, onHeight }: LiveProps) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [loaded, setLoaded] = useState(false)
  const dark = useIsDark()
  const report = useRef(onHeight)
  report.current = onHeight

  useEffect(() => {
    const listen = (event: MessageEvent<{ height?: unknown }>) => {
      if (event.source !== frame.current?.contentWindow) return
      const { height: asked } = event.data ?? {}
      if (typeof asked === 'number' && asked > 0) report.current(Math.min(asked, MAX_HEIGHT))
    }
    window.addEventListener('message', listen)
    return () => window.removeEventListener('message', listen)
  }, [])
  useEffect(() => {
    if (loaded) frame.current?.contentWindow?.postMessage({ html, theme: themeOf(dark) }, '*')
  }, [loaded, html, dark])

  return (
    <iframe
      ref={frame}
      src="/sandbox.html"
      sandbox="allow-scripts"
      title={title}
      onLoad={() => setLoaded(true)}
      style={{ height }}
      className="block w-full border-0 bg-transparent"
    />
  )
}
