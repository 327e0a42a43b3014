import { useMemo, useRef, useState } from 'react'
import { plural } from '../../../ui/format.ts'
import { useSelected, useStore } from '../../../ui/store.ts'
import { toast } from '../../../ui/toast.ts'
import type { Notebook } from '../Notebook.ts'
import { type CellText, findMatches, firstFrom, type Match, replaceMatches } from './matches.ts'
import { useMarks } from './useMarks.ts'

function textsOf(notebook: Notebook, order: readonly string[]): CellText[] {
  return order.map((cellId) => ({ cellId, text: notebook.drafts.get(cellId).get().text }))
}

/** Writes new texts, and offers the old ones back where nobody has typed since. */
function rewrite({ drafts, structure }: Notebook, changes: readonly (CellText & { next: string })[], count: number): void {
  for (const { cellId, next } of changes) drafts.type(cellId, next)
  const undo = structure.done(() => {
    const untouched = changes.filter(({ cellId, next }) => drafts.has(cellId) && drafts.get(cellId).get().text === next)
    for (const { cellId, text } of untouched) drafts.type(cellId, text)
    return untouched.length ? Promise.resolve() : undefined
  })
  void toast(`${plural(count, 'place')} replaced in ${plural(changes.length, 'cell')}`, { action: { label: 'Undo', run: undo } })
}

/** Where one is: at what was shown last, or at the cursor. */
function hereIn({ selection, whereabouts }: Notebook, shown: Match | undefined): Omit<Match, 'to'> | undefined {
  const cellId = selection.active
  if (cellId === null || shown?.cellId === cellId) return shown
  return { cellId, from: whereabouts.cursorIn(cellId) }
}

/** Finding and replacing in all cells, also in those whose editor is not there. */
export function useFind(notebook: Notebook, first: string) {
  const [query, setQuery] = useState(first)
  const [matchCase, setMatchCase] = useState(false)
  /** Absent: the first from where one is. */
  const [at, setAt] = useState<number>()
  const [within, setWithin] = useState<string>()
  const last = useRef<Match>(undefined)
  const page = useSelected(notebook.view, (view) => view.notebook.order)
  // A cell that is deleted meanwhile is looked for no longer.
  const order = useMemo(() => (within !== undefined && page.includes(within) ? [within] : page), [page, within])
  const revision = useStore(notebook.drafts.revision)
  // The revision says that a text has changed
  const matches = useMemo(
    () => findMatches(textsOf(notebook, order), query, matchCase),
    [notebook, order, revision, query, matchCase],
  )
  const current = at === undefined ? firstFrom(matches, page, hereIn(notebook, last.current)) : Math.min(at, matches.length - 1)
  useMarks(matches, matches[current], `${matchCase} ${within} ${query}`)

  const show = (index: number) => {
    const match = matches.at(index % Math.max(1, matches.length))
    if (!match) return
    last.current = match
    setAt(matches.indexOf(match))
    notebook.selection.reveal(match)
  }
  const replace = (chosen: readonly Match[], replacement: string) => {
    const changes = textsOf(notebook, order).flatMap((cell) => {
      const own = chosen.filter(({ cellId }) => cellId === cell.cellId)
      return own.length ? [{ ...cell, next: replaceMatches(cell.text, own, replacement) }] : []
    })
    return { changes, count: chosen.length }
  }
  return {
    query,
    matchCase,
    oneCell: order !== page,
    current,
    count: matches.length,
    search: (text: string) => {
      setQuery(text)
      setAt(undefined)
    },
    toggleCase: () => {
      setMatchCase(!matchCase)
      setAt(undefined)
    },
    /** In the cell that is current, or in all of them again. */
    toggleScope: () => {
      setWithin(order === page ? (notebook.selection.state.get().active ?? undefined) : undefined)
      setAt(undefined)
    },
    step: (by: -1 | 1) => show(current + by),
    replaceOne: (replacement: string) => {
      const match = matches[current]
      if (!match) return
      for (const { cellId, next } of replace([match], replacement).changes) notebook.drafts.type(cellId, next)
    },
    replaceAll: (replacement: string) => {
      const { changes, count } = replace(matches, replacement)
      if (count) rewrite(notebook, changes, count)
    },
    /** To the place that was found, or back to where the cell was left. */
    leave: () => {
      const match = matches[current]
      if (match) return notebook.selection.reveal(match, 'focus')
      const { active, mode } = notebook.selection.state.get()
      if (active) notebook.selection.focus(active, mode === 'edit' ? 'editor' : 'cell')
    },
  }
}
