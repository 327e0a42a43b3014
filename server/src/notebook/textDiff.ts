/** Differences between two texts, the same on both sides of the wire. Lines end with a line feed and with nothing else. */

/** A replacement of `base[from, to)` by `lines`. */
export interface Hunk {
  from: number
  to: number
  lines: string[]
}

/** A replacement of the characters `[from, to)`; offsets count UTF-16 units of the text before. */
export interface TextChange {
  from: number
  to: number
  insert: string
}

/** Lines compared pair by pair beyond which a difference is one large replacement: about 20 ms of work. */
const MOST_PAIRS = 4_000_000
/** The same where somebody waits for each edit: about a millisecond. */
const QUICK_PAIRS = 250_000

/** What turns `base` into `other`, as the fewest replaced lines; more than `pairs` lines by lines are replaced as a whole. */
export function diffLines(base: readonly string[], other: readonly string[], pairs = MOST_PAIRS): Hunk[] {
  let start = 0
  while (start < base.length && start < other.length && base[start] === other[start]) start++
  let end = 0
  const most = Math.min(base.length, other.length) - start
  while (end < most && base[base.length - 1 - end] === other[other.length - 1 - end]) end++
  const [a, b] = [base.slice(start, base.length - end), other.slice(start, other.length - end)]
  return a.length * b.length > pairs ? [{ from: start, to: start + a.length, lines: b }] : middleHunks(a, b, start)
}

/** The smallest replacements that turn one text into the other, so that a cursor elsewhere stays where it is. */
export function changesBetween(before: string, after: string): TextChange[] {
  if (before === after) return []
  const lines = before.split('\n')
  const starts: number[] = [0]
  for (const line of lines) starts.push((starts.at(-1) as number) + line.length + 1)
  return diffLines(lines, after.split('\n'), QUICK_PAIRS).map(({ from, to, lines: replacement }) => {
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

/** What is needed of a CodeMirror ChangeSet to apply it to a string. */
interface Applicable {
  iterChanges(
    each: (from: number, to: number, fromAfter: number, toAfter: number, inserted: { toString(): string }) => void,
  ): void
}

/** The text after a change. */
export function applyChanges(source: string, changes: Applicable): string {
  let text = ''
  let kept = 0
  changes.iterChanges((from, to, _fromAfter, _toAfter, inserted) => {
    text += source.slice(kept, from) + inserted.toString()
    kept = to
  })
  return text + source.slice(kept)
}

/** Lengths of the longest common subsequence of every pair of suffixes. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array[] {
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

function middleHunks(a: readonly string[], b: readonly string[], offset: number): Hunk[] {
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

/** Without what is the same at both ends; a character of two units is never cut in half. */
function trimmed(before: string, { from, to, insert }: TextChange): TextChange {
  const old = before.slice(from, to)
  const most = Math.min(old.length, insert.length)
  let start = 0
  while (start < most && old[start] === insert[start]) start++
  if (start > 0 && isHighSurrogate(old.charCodeAt(start - 1))) start--
  let end = 0
  while (end < most - start && old[old.length - 1 - end] === insert[insert.length - 1 - end]) end++
  if (end > 0 && isLowSurrogate(old.charCodeAt(old.length - end))) end--
  return { from: from + start, to: to - end, insert: insert.slice(start, insert.length - end) }
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit < 0xdc00
const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit < 0xe000
