import { diffLines } from 'diff'

/** One line of a comparison; `gap` stands for lines that both have. */
export type Line = { kind: 'same' | 'added' | 'removed'; text: string } | { kind: 'gap'; count: number }

/** Lines that both have are shown beside a change, so many. */
const AROUND = 3
const PATIENCE_MS = 500
/** A panel that holds more helps nobody. */
const SHOWN = 800

/** What became of a text, line by line. A text that is compared for too long is shown as gone, and the other as new. */
export function linesOf(before: string, after: string): { lines: Line[]; cut: number } {
  const compared = diffLines(before, after, { timeout: PATIENCE_MS, ignoreNewlineAtEof: true }) ?? whole(before, after)
  const lines = compared.flatMap(({ value, added, removed }) =>
    split(value).map((text): Line => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text })),
  )
  const folded = fold(lines)
  return { lines: folded.slice(0, SHOWN), cut: Math.max(0, folded.length - SHOWN) }
}

const whole = (before: string, after: string) => [
  { value: before, removed: true, added: false },
  { value: after, removed: false, added: true },
]

/** A line feed ends a line; it does not begin another. */
function split(text: string): string[] {
  if (text === '') return []
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

function fold(lines: readonly Line[]): Line[] {
  const near = new Set<number>()
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'same') continue
    for (let at = index - AROUND; at <= index + AROUND; at++) near.add(at)
  }
  const shown: Line[] = []
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1)
    // A gap of one line would take the place of that line.
    if (near.has(index) || (near.has(index - 1) && near.has(index + 1))) shown.push(line)
    else if (last?.kind === 'gap') last.count += 1
    else shown.push({ kind: 'gap', count: 1 })
  }
  return shown
}
