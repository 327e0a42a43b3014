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
