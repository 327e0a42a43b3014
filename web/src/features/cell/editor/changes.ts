import { diffLines } from '../drafts/merge3.ts'

export interface TextChange {
  from: number
  to: number
  insert: string
}

function trimmed(before: string, { from, to, insert }: TextChange): TextChange {
  const old = before.slice(from, to)
  const most = Math.min(old.length, insert.length)
  let start = 0
  while (start < most && old[start] === insert[start]) start++
  let end = 0
  while (end < most - start && old[old.length - 1 - end] === insert[insert.length - 1 - end]) end++
  return { from: from + start, to: to - end, insert: insert.slice(start, insert.length - end) }
}

/** The smallest replacements that turn one text into the other, so that a cursor elsewhere stays where it is. */
export function changesBetween(before: string, after: string): TextChange[] {
  if (before === after) return []
  const lines = before.split('\n')
  const starts: number[] = [0]
  for (const line of lines) starts.push((starts.at(-1) as number) + line.length + 1)
  const hunks = diffLines(lines, after.split('\n'))
  return hunks.map(({ from, to, lines: replacement }) => {
    const atEnd = to === lines.length
    const text = replacement.join('\n')
    // Whole lines carry the break behind them; the last line has none, so the break before it goes along.
    if (!atEnd)
      return trimmed(before, { from: starts[from] ?? 0, to: starts[to] ?? 0, insert: replacement.length ? `${text}\n` : '' })
    const start = (starts[from] ?? 0) - (from > 0 ? 1 : 0)
    const lead = from > 0 && replacement.length ? '\n' : ''
    return trimmed(before, { from: start, to: before.length, insert: lead + text })
  })
}
