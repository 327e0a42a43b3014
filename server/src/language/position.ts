/** A place in a source, both counted from 1; columns count UTF-16 units, as editors do. */
export interface Position {
  line: number
  column: number
}

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/g

/** For one place; for many, `positionsIn` finds the lines once. */
export function positionAt(source: string, offset: number): Position {
  return positionsIn(source.slice(0, Math.max(0, offset)))(offset)
}

/** Where offsets of a source are. */
export function positionsIn(source: string): (offset: number) => Position {
  const starts = [0]
  for (const match of source.matchAll(LINE_BREAK)) starts.push(match.index + match[0].length)
  return (offset) => {
    const at = Math.min(Math.max(0, offset), source.length)
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] as number) <= at) low = middle
      else high = middle
    }
    return { line: low + 1, column: at - (starts[low] as number) + 1 }
  }
}

/** The inverse; `undefined` for a place that the source does not have. */
export function offsetAt(source: string, { line, column }: Position): number | undefined {
  let start = 0
  let reached = 1
  for (const match of source.matchAll(LINE_BREAK)) {
    if (reached === line) break
    reached += 1
    start = match.index + match[0].length
  }
  return reached === line && column >= 1 && start + column - 1 <= source.length ? start + column - 1 : undefined
}
