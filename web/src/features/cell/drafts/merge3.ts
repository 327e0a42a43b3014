import { diffLines, type Hunk } from '@rivulet/server/notebook/textDiff'

function same(a: Hunk, b: Hunk): boolean {
  // One empty line and no line at all read the same once they are joined.
  return a.from === b.from && a.to === b.to && a.lines.length === b.lines.length && a.lines.join('\n') === b.lines.join('\n')
}

/** Two changes that touch are in each other's way, too: nobody can say which goes first. */
function collide(a: Hunk, b: Hunk): boolean {
  return a.from <= b.to && b.from <= a.to
}

/** Both people's changes to `base` in one text, or `undefined` when they changed the same place differently. */
export function merge3(base: string, mine: string, theirs: string): string | undefined {
  if (mine === theirs || theirs === base) return mine
  if (mine === base) return theirs
  const lines = base.split('\n')
  const ours = diffLines(lines, mine.split('\n'))
  const others = diffLines(lines, theirs.split('\n')).filter((hunk) => !ours.some((own) => same(own, hunk)))
  if (ours.some((own) => others.some((other) => collide(own, other)))) return undefined
  const merged = [...lines]
  for (const { from, to, lines: replacement } of [...ours, ...others].sort((a, b) => b.from - a.from)) {
    merged.splice(from, to - from, ...replacement)
  }
  return merged.join('\n')
}
