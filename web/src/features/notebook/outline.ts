import type { NotebookState } from '@rivulet/server/notebook/evolve'
import { shownName } from '@rivulet/server/notebook/tables'

export interface OutlineEntry {
  cellId: string
  title: string
  /** 1–4 for headings; cells that define names stand one level below the heading above them. */
  level: number
  kind: 'heading' | 'names'
}

const HEADING = /^(#{1,4})\s+(.+?)\s*#*$/

function headings(source: string): { level: number; title: string }[] {
  let fenced = false
  return source.split('\n').flatMap((line) => {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced
    const match = fenced ? null : HEADING.exec(line)
    return match ? [{ level: match[1]?.length ?? 1, title: (match[2] ?? '').replaceAll(/[*_`]/g, '') }] : []
  })
}

export function outlineOf({ order, cells }: NotebookState): OutlineEntry[] {
  let level = 0
  return order.flatMap((cellId): OutlineEntry[] => {
    const cell = cells.get(cellId)
    if (cell?.language === 'markdown') {
      return headings(cell.source).map((heading) => {
        level = heading.level
        return { cellId, kind: 'heading', ...heading }
      })
    }
    return cell?.defines.length
      ? [{ cellId, kind: 'names', title: cell.defines.map(shownName).join(', '), level: level + 1 }]
      : []
  })
}

/** The outline, and the very same one as long as it says the same: most of what is typed changes no heading and no name. */
export function steadyOutline(): (state: NotebookState) => readonly OutlineEntry[] {
  let of: NotebookState | undefined
  let entries: readonly OutlineEntry[] = []
  return (state) => {
    if (of && of.order === state.order && of.cells === state.cells) return entries
    const next = outlineOf(state)
    of = state
    if (!isSame(entries, next)) entries = next
    return entries
  }
}

function isSame(one: readonly OutlineEntry[], other: readonly OutlineEntry[]): boolean {
  return (
    one.length === other.length &&
    one.every((entry, index) => {
      const beside = other[index]
      return (
        entry.cellId === beside?.cellId &&
        entry.title === beside.title &&
        entry.level === beside.level &&
        entry.kind === beside.kind
      )
    })
  )
}
