import { useMemo, useState } from 'react'
import { cx } from '../../ui/cx.ts'
import { Unfold } from '../../ui/Unfold.tsx'
import { parseAnsi, type Style } from './ansi.ts'
import { fold } from './fold.ts'

interface Props {
  text: string
  tone?: 'plain' | 'error'
}

/** Text as a terminal shows it; the middle of a long one is folded. */
export function TextOutput({ text, tone = 'plain' }: Props) {
  const [whole, setWhole] = useState(false)
  const folded = useMemo(() => fold(text), [text])
  const className = cx('output-text', tone === 'error' && 'output-stderr')
  if (whole || !folded) return <Ansi text={text} className={className} />
  return (
    <>
      <Ansi text={folded.head} className={className} />
      <Unfold className="link my-1 text-xs" onUnfold={() => setWhole(true)}>
        Show {folded.hidden}
      </Unfold>
      <Ansi text={folded.tail} className={className} />
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

function cssOf(style: Style): React.CSSProperties | undefined {
  if (Object.keys(style).length === 0) return undefined
  const { fg, bg, bold, dim, italic, underline, strike, inverse } = style
  return {
    color: inverse ? (bg ?? 'var(--surface)') : fg,
    backgroundColor: inverse ? (fg ?? 'var(--ink)') : bg,
    fontWeight: bold ? 700 : undefined,
    opacity: dim ? 0.75 : undefined,
    fontStyle: italic ? 'italic' : undefined,
    textDecoration: [underline && 'underline', strike && 'line-through'].filter(Boolean).join(' ') || undefined,
  }
}
