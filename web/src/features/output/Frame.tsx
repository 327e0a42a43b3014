import { useMemo, useRef } from 'react'
import { themeColour, useIsDark } from '../../ui/theme.ts'
import { LiveFrame } from './LiveFrame.tsx'
import { useSeen } from './useSeen.ts'
import { useSlotHeight } from './useSlotHeight.ts'

interface Props {
  html: string
  title: string
  /** The place on the page; its last height is reserved for the next thing shown there. */
  slot: string
}

const LEGEND = 45
const UNKNOWN = 120
/** As in the frame, px. */
const SMALLEST_LETTERS = 9

function attribute(tag: string, name: string): number {
  return Number(new RegExp(`\\s${name}="(\\d+(?:\\.\\d+)?)"`).exec(tag)?.[1] ?? 0)
}

/** How narrow a drawing becomes: as the screen makes it, while its letters can be read. */
function scaleOf(tag: string): number {
  const room = document.documentElement.clientWidth - 50
  const letters = attribute(tag, 'font-size')
  return Math.min(1, Math.max(room / (attribute(tag, 'width') || room), letters && SMALLEST_LETTERS / letters))
}

/** What a drawing will need before it has been measured: its tallest part, and a legend. */
function expectedHeight(html: string): number {
  const drawings = html.match(/<svg[^>]*>/g) ?? []
  const tallest = Math.max(0, ...drawings.map((tag) => attribute(tag, 'height') * scaleOf(tag)))
  if (tallest === 0) return UNKNOWN
  return Math.ceil(tallest) + (drawings.length > 1 ? LEGEND : 0)
}

/** Somebody's HTML or SVG in an origin of its own. */
export function Frame({ html, title, slot }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const seen = useSeen(box)
  const dark = useIsDark()
  const [height, measured] = useSlotHeight(slot, () => expectedHeight(html))
  // Scripts keep timers and listeners: what they were in must go before the next run's arrive.
  const scripted = useMemo(() => (/<script/i.test(html) ? html : ''), [html])
  const message = useMemo(() => {
    const font = getComputedStyle(document.documentElement).getPropertyValue('--font-ui')
    return { html, theme: { dark, ink: themeColour('--ink'), surface: themeColour('--surface'), font } }
  }, [html, dark])
  return (
    <div ref={box} style={{ minHeight: height }}>
      {seen && (
        <LiveFrame key={scripted} src="/sandbox.html" title={title} height={height} message={message} onHeight={measured} />
      )}
    </div>
  )
}
