/** A place in a source, both counted from 1; columns count UTF-16 units, as editors do. */
export interface Position {
  line: number
  column: number
}

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/g

export function positionAt(source: string, offset: number): Position {
  const before = source.slice(0, Math.max(0, offset))
  let line = 1
  let start = 0
  for (const match of before.matchAll(LINE_BREAK)) {
    // A "\r\n" cut in half by `slice` is still one break.
    line += 1
    start = match.index + match[0].length
  }
  return { line, column: before.length - start + 1 }
}
