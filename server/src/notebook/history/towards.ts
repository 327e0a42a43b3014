import type { AnalysedSource, Edit } from '../commands.ts'
import type { Language } from '../model.ts'
import type { Page } from './page.ts'
import { type Content, sameSettings } from './steps.ts'

type Analyse = (language: Language, source: string, settings: Pick<Content, 'resultName' | 'connectionId'>) => AnalysedSource

/** The page with one cell as it is on another: where it is missing, behind the nearest of its neighbours there. Undefined: that one has no such cell. */
export function withCellOf(page: Page, other: Page, cellId: string): Page | undefined {
  const content = other.cells.get(cellId)
  if (!content) return undefined
  const cells = new Map(page.cells).set(cellId, content)
  if (page.cells.has(cellId)) return { order: page.order, cells }
  const before = other.order.slice(0, other.order.indexOf(cellId))
  const neighbour = before.findLast((id) => page.cells.has(id))
  return { order: page.order.toSpliced(neighbour === undefined ? 0 : page.order.indexOf(neighbour) + 1, 0, cellId), cells }
}

/** Ordinary edits that make one page the other. Cells that come back keep their ids. */
export function editsTowards(from: Page, to: Page, analyse: Analyse): Edit[] {
  const gone = from.order.filter((id) => !to.cells.has(id))
  return [
    // First: a full notebook has no room for what comes back.
    ...gone.map((cellId): Edit => ({ kind: 'delete', cellId })),
    ...placed(from, to, analyse),
    ...to.order.flatMap((id) => changed(id, { from: from.cells.get(id), to: to.cells.get(id) }, analyse)),
  ]
}

/** Each cell that is new or has to move, behind the one before it. As few moves as there can be. */
function placed(from: Page, to: Page, analyse: Analyse): Edit[] {
  const place = new Map(from.order.map((id, index) => [id, index]))
  const common = to.order.filter((id) => place.has(id))
  const staying = longestRising(common.map((id) => place.get(id) ?? 0))
  const stays = new Set([...staying].map((index) => common[index]))
  return to.order.flatMap((cellId, index): Edit[] => {
    const after = to.order[index - 1] ?? null
    if (place.has(cellId)) return stays.has(cellId) ? [] : [{ kind: 'move', cellId, after }]
    const content = to.cells.get(cellId)
    return content ? [restored(cellId, content, { after, analyse })] : []
  })
}

function restored(cellId: string, content: Content, { after, analyse }: { after: string | null; analyse: Analyse }): Edit {
  const { language, source, version } = content
  // A text that somebody still holds was based on an earlier version.
  return { kind: 'restore', cellId, language, content: analyse(language, source, content), after, version: version + 1 }
}

function changed(cellId: string, { from, to }: { from: Content | undefined; to: Content | undefined }, analyse: Analyse): Edit[] {
  if (!to) return []
  // What comes back arrives with its text and language, enabled and shown.
  const known: Content = from ?? { language: to.language, source: to.source, version: to.version, disabled: false, hidden: false }
  const edits: Edit[] = []
  if (!sameSettings(known, to)) edits.push(setting(cellId, { from: known, to }, analyse))
  if (known.source !== to.source) edits.push({ kind: 'edit', cellId, content: analyse(to.language, to.source, to) })
  return edits
}

function setting(cellId: string, { from, to }: { from: Content; to: Content }, analyse: Analyse): Edit {
  const language = to.language !== from.language && { language: to.language }
  const resultName = to.resultName !== from.resultName && { resultName: to.resultName ?? null }
  const connectionId = to.connectionId !== from.connectionId && { connectionId: to.connectionId ?? null }
  return {
    ...{ kind: 'set', cellId, ...language, ...resultName },
    ...((language || resultName || connectionId) && { content: analyse(to.language, from.source, to) }),
    ...(to.disabled !== from.disabled && { disabled: to.disabled }),
    ...(to.hidden !== from.hidden && { hidden: to.hidden }),
    ...connectionId,
  }
}

/** Places of a longest rising subsequence (patience sorting). */
function longestRising(numbers: readonly number[]): Set<number> {
  const ends: number[] = []
  const previous: number[] = []
  for (const [index, number] of numbers.entries()) {
    const pile = firstAtLeast(ends, numbers, number)
    previous.push(ends[pile - 1] ?? -1)
    ends[pile] = index
  }
  const rising = new Set<number>()
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) rising.add(at)
  return rising
}

function firstAtLeast(ends: readonly number[], numbers: readonly number[], wanted: number): number {
  let [low, high] = [0, ends.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[ends[middle] ?? 0] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
