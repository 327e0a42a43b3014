const FENCE = /^ {0,3}(`{3,}|~{3,})[^\n]*$/gm

/** Offsets `[start, end)` of fenced code blocks and code spans, in order. Indented blocks count as prose. */
export function codeRanges(source: string): [number, number][] {
  const ranges: [number, number][] = []
  let at = 0
  for (const [start, end] of fences(source)) {
    ranges.push(...spans(source, at, start), [start, end])
    at = end
  }
  return [...ranges, ...spans(source, at, source.length)]
}

function fences(source: string): [number, number][] {
  const found: [number, number][] = []
  let open: { marker: string; start: number } | undefined
  for (const match of source.matchAll(FENCE)) {
    const marker = match[1] as string
    if (!open) open = isOpening(match[0], marker) ? { marker, start: match.index } : undefined
    else if (closes(match[0], marker, open.marker)) {
      found.push([open.start, match.index + match[0].length])
      open = undefined
    }
  }
  return open ? [...found, [open.start, source.length]] : found
}

/** Backticks in the info string make it a code span. */
function isOpening(line: string, marker: string): boolean {
  return marker.startsWith('~') || !line.trim().slice(marker.length).includes('`')
}

function closes(line: string, marker: string, opened: string): boolean {
  return marker[0] === opened[0] && marker.length >= opened.length && line.trim() === marker
}

/** A run of backticks up to the next run of the same length in the same paragraph. */
function spans(source: string, from: number, to: number): [number, number][] {
  const found: [number, number][] = []
  const runs = [...source.slice(from, to).matchAll(/(\\?)(`+)|\n[ \t]*\n/g)]
  for (let i = 0; i < runs.length; i += 1) {
    const opening = runs[i]
    if (!opening?.[2] || opening[1]) continue
    const close = closingRun(runs, i, opening[2])
    if (close < 0) continue
    const end = runs[close] as RegExpMatchArray & { index: number }
    found.push([from + opening.index, from + end.index + end[0].length])
    i = close
  }
  return found
}

function closingRun(runs: readonly RegExpMatchArray[], open: number, ticks: string): number {
  for (let i = open + 1; i < runs.length; i += 1) {
    if (!runs[i]?.[2]) return -1
    if (runs[i]?.[2] === ticks) return i
  }
  return -1
}
