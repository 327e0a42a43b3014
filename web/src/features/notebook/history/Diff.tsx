import { useMemo } from 'react'
import { plural } from '../../../ui/format.ts'
import { type Line, linesOf } from './lines.ts'
import './history.css'

const SIGNS = { same: ' ', added: '+', removed: '−' }
const SPOKEN = { same: '', added: 'added: ', removed: 'removed: ' }

/** What became of a text: removed lines, added lines, and those around them. */
export function Diff({ before, after }: { before: string; after: string }) {
  const { lines, cut } = useMemo(() => linesOf(before, after), [before, after])
  if (lines.every(({ kind }) => kind === 'gap'))
    return (
      <p className="panel-empty">{before === after ? 'The text is the same.' : 'Only how the last line ends has changed.'}</p>
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled to by key
    <section className="diff" aria-label="Changed lines" tabIndex={0}>
      <div className="diff-lines">
        {lines.map((line, index) => (
          <DiffLine key={index} line={line} />
        ))}
      </div>
      {cut > 0 && <p className="diff-gap">and {plural(cut, 'more line')}</p>}
    </section>
  )
}

function DiffLine({ line }: { line: Line }) {
  if (line.kind === 'gap') return <p className="diff-gap">⋯ {plural(line.count, 'line')} that did not change</p>
  const { kind, text } = line
  return (
    <p className="diff-line" data-kind={kind}>
      <span aria-hidden="true" className="diff-sign">
        {SIGNS[kind]}
      </span>
      <span className="sr-only">{SPOKEN[kind]}</span>
      {text || ' '}
    </p>
  )
}
