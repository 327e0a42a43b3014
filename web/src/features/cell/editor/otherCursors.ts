import { EditorSelection, type Extension, StateEffect, StateField, type Transaction } from '@codemirror/state'
import { type EditorView, type LayerMarker, layer, RectangleMarker } from '@codemirror/view'

/** Somebody else's cursor, at offsets in the text on this screen. */
export interface OtherCursor {
  clientId: string
  name: string
  /** Sets the person's colour. */
  className: string
  /** What was told, as text: as long as that stays the same, the cursor goes where the text around it goes. Absent: cannot be placed now. */
  told?: string | undefined
  anchor: number
  head: number
}

/** Who made the change in this transaction. */
export const changedBy = StateEffect.define<string>()
const setCursors = StateEffect.define<readonly OtherCursor[]>()

const cursors = StateField.define<readonly OtherCursor[]>({
  create: () => [],
  update(shown, transaction) {
    const moved = transaction.docChanged ? shown.map((cursor) => carried(cursor, transaction)) : shown
    const told = transaction.effects.find((effect) => effect.is(setCursors))
    return told ? told.value.flatMap((cursor) => placed(cursor, moved, transaction.newDoc.length)) : moved
  },
})

/** Who typed stands behind what they typed; everybody else's cursor stays before it. */
function carried(cursor: OtherCursor, { changes, effects }: Transaction): OtherCursor {
  const author = effects.find((effect) => effect.is(changedBy))?.value
  const side = author === cursor.clientId ? 1 : -1
  return { ...cursor, anchor: changes.mapPos(cursor.anchor, side), head: changes.mapPos(cursor.head, side) }
}

function placed(cursor: OtherCursor, shown: readonly OtherCursor[], length: number): OtherCursor[] {
  const before = shown.find(({ clientId }) => clientId === cursor.clientId)
  if (cursor.told === undefined) return before ? [before] : []
  const { anchor, head } = before?.told === cursor.told ? before : cursor
  return [{ ...cursor, anchor: Math.min(anchor, length), head: Math.min(head, length) }]
}

/** What others have selected, below the text. */
const selections = layer({
  above: false,
  class: 'cm-otherSelections',
  update: ({ startState, state, docChanged }) => docChanged || startState.field(cursors) !== state.field(cursors),
  markers: (view) =>
    view.state.field(cursors).flatMap(({ anchor, head, className }) => {
      if (anchor === head) return []
      return RectangleMarker.forRange(view, `cm-otherSelection ${className}`, EditorSelection.range(anchor, head))
    }),
})

/** Their cursors with their names, above it. In a layer of their own: what is typed is never interrupted by an element. */
const carets = layer({
  above: true,
  class: 'cm-otherCursors',
  update: ({ startState, state, docChanged }) => docChanged || startState.field(cursors) !== state.field(cursors),
  markers: (view) =>
    view.state.field(cursors).flatMap((cursor) => {
      const [place] = RectangleMarker.forRange(view, '', EditorSelection.cursor(cursor.head))
      return place ? [new Caret(cursor, place)] : []
    }),
})

class Caret implements LayerMarker {
  private readonly cursor: OtherCursor
  private readonly place: RectangleMarker

  constructor(cursor: OtherCursor, place: RectangleMarker) {
    this.cursor = cursor
    this.place = place
  }

  eq(other: LayerMarker): boolean {
    if (!(other instanceof Caret)) return false
    const { name, className } = this.cursor
    return name === other.cursor.name && className === other.cursor.className && this.place.eq(other.place)
  }

  draw(): HTMLElement {
    const element = document.createElement('div')
    this.adjust(element)
    return element
  }

  update(element: HTMLElement, previous: LayerMarker): boolean {
    if (!(previous instanceof Caret) || previous.cursor.clientId !== this.cursor.clientId) return false
    this.adjust(element)
    return true
  }

  private adjust(element: HTMLElement): void {
    const { name, className } = this.cursor
    const { left, top, height } = this.place
    element.className = `cm-otherCursor ${className}`
    element.dataset.name = name
    Object.assign(element.style, { left: `${left}px`, top: `${top}px`, height: `${height}px` })
  }
}

export const otherCursors: Extension = [cursors, selections, carets]

/** Cursors that are told anew, unchanged ones included; who is not among them is gone. */
export function showCursors(view: EditorView, told: readonly OtherCursor[]): void {
  const shown = view.state.field(cursors)
  if (told.length || shown.length) view.dispatch({ effects: setCursors.of(told) })
}

/** Where others are now, for whoever has only the state. */
export function cursorsIn(state: EditorView['state']): readonly OtherCursor[] {
  return state.field(cursors)
}
