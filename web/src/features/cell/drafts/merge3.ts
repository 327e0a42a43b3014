/** A replacement of `base[from, to)` by `lines`. */
interface Hunk {
  from: number
  to: number
  lines: string[]
}

const DIFF_CELLS = 4_000_000

/** Lengths of the longest common subsequence of every pair of suffixes. */
function commonLengths(a: string[], b: string[]): Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    const row = table[i] as Uint32Array
    const below = table[i + 1] as Uint32Array
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j] ? (below[j + 1] as number) + 1 : Math.max(below[j] as number, row[j + 1] as number)
    }
  }
  return table
}

function middleHunks(a: string[], b: string[], offset: number): Hunk[] {
  if (a.length * b.length > DIFF_CELLS) return [{ from: offset, to: offset + a.length, lines: b }]
  const table = commonLengths(a, b)
  const hunks: Hunk[] = []
  let open: Hunk | undefined
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      open = undefined
      i++
      j++
      continue
    }
    if (!open) {
      open = { from: offset + i, to: offset + i, lines: [] }
      hunks.push(open)
    }
    if (j >= b.length || (i < a.length && (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))) open.to = offset + ++i
    else open.lines.push(b[j++] as string)
  }
  return hunks
}

/** What turns `base` into `other`, as the fewest replaced lines. */
export function diffLines(base: string[], other: string[]): Hunk[] {
  let start = 0
  while (start < base.length && start < other.length && base[start] === other[start]) start++
  let end = 0
  const most = Math.min(base.length, other.length) - start
  while (end < most && base[base.length - 1 - end] === other[other.length - 1 - end]) end++
  return middleHunks(base.slice(start, base.length - end), other.slice(start, other.length - end), start)
}

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
