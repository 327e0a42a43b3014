export interface CellText {
  cellId: string
  text: string
}

export interface Match {
  cellId: string
  /** Offsets in the cell's text. */
  from: number
  to: number
}

/** Every place, in page order; nothing is found for nothing. */
export function findMatches(texts: readonly CellText[], query: string, matchCase: boolean): Match[] {
  if (!query) return []
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'), matchCase ? 'gu' : 'giu')
  return texts.flatMap(({ cellId, text }) =>
    [...text.matchAll(pattern)].map((match) => ({ cellId, from: match.index, to: match.index + match[0].length })),
  )
}

/** The index of the first match at or behind a place, in page order and from the top again; -1 when there is none. */
export function firstFrom(matches: readonly Match[], order: readonly string[], place: Omit<Match, 'to'> | undefined): number {
  if (!place) return matches.length ? 0 : -1
  const below = new Set(order.slice(order.indexOf(place.cellId) + 1))
  const index = matches.findIndex(({ cellId, from }) => (cellId === place.cellId ? from >= place.from : below.has(cellId)))
  return index < 0 && matches.length ? 0 : index
}

/** The text with each of its matches, which are in order, replaced. */
export function replaceMatches(text: string, matches: readonly Match[], replacement: string): string {
  let result = ''
  let done = 0
  for (const { from, to } of matches) {
    result += text.slice(done, from) + replacement
    done = to
  }
  return result + text.slice(done)
}
