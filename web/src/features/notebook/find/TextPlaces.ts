import type { EditorView } from '@codemirror/view'
import type { Match } from './matches.ts'

export type ViewAt = (element: HTMLElement) => EditorView | null

interface Box {
  top: number
  bottom: number
}

const articleOf = (cellId: string) => document.getElementById(`cell-${cellId}`)

/** Where pieces of cells' texts are on the page: in an editor, or in the plain text that stands for it. */
export class TextPlaces {
  private readonly viewAt: ViewAt

  constructor(viewAt: ViewAt) {
    this.viewAt = viewAt
  }

  /** Of those that are drawn: of a long text an editor draws what is near the screen, and a folded cell shows none. */
  rangesOf(cellId: string, matches: readonly Match[]): StaticRange[] {
    const view = this.editorOf(cellId)
    if (view) return matches.flatMap((match) => rangeInEditor(view, match) ?? [])
    const text = articleOf(cellId)?.querySelector('.cell-plain')?.firstChild
    return text instanceof Text ? matches.flatMap((match) => rangeInText(text, match) ?? []) : []
  }

  /** On the screen, px; of a cell whose text is not shown the cell itself. */
  boxOf(match: Match): Box | undefined {
    const view = this.editorOf(match.cellId)
    if (view && match.from <= view.state.doc.length) return boxInEditor(view, match.from)
    const [range] = this.rangesOf(match.cellId, [match])
    if (!range) return articleOf(match.cellId)?.getBoundingClientRect()
    const measured = document.createRange()
    measured.setStart(range.startContainer, range.startOffset)
    measured.setEnd(range.endContainer, range.endOffset)
    return measured.getBoundingClientRect()
  }

  private editorOf(cellId: string): EditorView | null {
    const editor = articleOf(cellId)?.querySelector<HTMLElement>('.cell-code .cm-editor')
    return editor ? this.viewAt(editor) : null
  }
}

/** The cells whose text is drawn in another way since. */
export function cellsRedrawn({ target, addedNodes }: MutationRecord): string[] {
  const around = (target instanceof Element ? target : target.parentElement)?.closest('.cell-code') ?? []
  const within = [...addedNodes].flatMap((node) =>
    node instanceof Element ? [...(node.matches('.cell-code') ? [node] : node.querySelectorAll('.cell-code'))] : [],
  )
  return [around, within].flat().flatMap((code) => code.closest('article')?.id.slice('cell-'.length) ?? [])
}

function rangeInEditor(view: EditorView, { from, to }: Match): StaticRange | undefined {
  // The text may have become shorter since.
  if (from < view.viewport.from || to > view.viewport.to || to > view.state.doc.length) return undefined
  const [start, end] = [view.domAtPos(from, 1), view.domAtPos(to, -1)]
  return new StaticRange({
    ...{ startContainer: start.node, startOffset: start.offset },
    ...{ endContainer: end.node, endOffset: end.offset },
  })
}

function rangeInText(text: Text, { from, to }: Match): StaticRange | undefined {
  if (to > text.length) return undefined
  return new StaticRange({ startContainer: text, startOffset: from, endContainer: text, endOffset: to })
}

function boxInEditor(view: EditorView, at: number): Box {
  const { top, bottom } = view.lineBlockAt(at)
  return view.coordsAtPos(at) ?? { top: view.documentTop + top, bottom: view.documentTop + bottom }
}
