import { useMemo, useState } from 'react'
import { cx } from '../../ui/cx.ts'
import { parseAnsi, type Style } from './ansi.ts'

const FIRST = 24
const LAST = 8
/** Fewer than this are not worth a click. */
const FOLDED_FROM = 48

interface Props {
  text: string
  tone?: 'plain' | 'error'
}

/** Text as a terminal shows it; the middle of a long one is folded. */
export function TextOutput({ text, tone = 'plain' }: Props) {
  const [whole, setWhole] = useState(false)
  const lines = useMemo(() => text.split('\n'), [text])
  const className = cx('output-text', tone === 'error' && 'output-stderr')
  if (whole || lines.length <= FOLDED_FROM) return <Ansi text={text} className={className} />
  return (
    <>
      <Ansi text={lines.slice(0, FIRST).join('\n')} className={className} />
      <button type="button" className="link my-1 text-xs" onClick={() => setWhole(true)}>
        Show {(lines.length - FIRST - LAST).toLocaleString('en')} more lines
      </button>
      <Ansi text={lines.slice(-LAST).join('\n')} className={className} />
    </>
  )
}

function Ansi({ text, className }: { text: string; className: string }) {
  const spans = useMemo(() => parseAnsi(text), [text])
  return (
    <pre className={className}>
      {spans.map(({ text: part, style }, index) => (
        <span key={index} style={cssOf(style)}>
          {part}
        </span>
      ))}
    </pre>
  )
}

function cssOf({ fg, bg, bold, dim, italic, underline }: Style): React.CSSProperties | undefined {
  if (!fg && !bg && !bold && !dim && !italic && !underline) return undefined
  return {
    color: fg,
    backgroundColor: bg,
    fontWeight: bold ? 700 : undefined,
    opacity: dim ? 0.75 : undefined,
    fontStyle: italic ? 'italic' : undefined,
    textDecoration: underline ? 'underline' : undefined,
  }
}
