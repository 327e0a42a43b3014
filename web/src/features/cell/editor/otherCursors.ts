import { EditorSelection, type EditorState, type Extension, StateEffect, StateField, type Transaction } from '@codemirror/state'
import { type EditorView, type LayerMarker, layer, RectangleMarker, type ViewUpdate } from '@codemirror/view'

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

interface Shown extends OtherCursor {
  /** Counts how often the person moved it: then the name shows for a while. */
  moves: number
}

/** Who made the change in this transaction. */
export const changedBy = StateEffect.define<string>()
/** Told anew, unchanged ones included; who is not among them is gone. */
export const setCursors = StateEffect.define<readonly OtherCursor[]>()

const cursors = StateField.define<readonly Shown[]>({
  create: () => [],
  update(shown, transaction) {
    const moved = transaction.docChanged && shown.length ? shown.map((cursor) => carried(cursor, transaction)) : shown
    const told = transaction.effects.find((effect) => effect.is(setCursors))
    return told ? told.value.flatMap((cursor) => placed(cursor, moved, transaction.newDoc.length)) : moved
  },
})

/** Who typed stands behind what they typed; everybody else's cursor stays before it. */
function carried(cursor: Shown, { changes, effects }: Transaction): Shown {
  const author = effects.find((effect) => effect.is(changedBy))?.value
  const own = author === cursor.clientId
  const to = (at: number) => changes.mapPos(at, own ? 1 : -1)
  return { ...cursor, anchor: to(cursor.anchor), head: to(cursor.head), moves: cursor.moves + (own ? 1 : 0) }
}

function placed(cursor: OtherCursor, shown: readonly Shown[], length: number): Shown[] {
  const before = shown.find(({ clientId }) => clientId === cursor.clientId)
  if (cursor.told === undefined || cursor.told === before?.told) return before ? [{ ...before, name: cursor.name }] : []
  const [anchor, head] = [Math.min(cursor.anchor, length), Math.min(cursor.head, length)]
  const stays = before?.anchor === anchor && before.head === head
  return [{ ...cursor, anchor, head, moves: (before?.moves ?? 0) + (stays ? 0 : 1) }]
}

/** Nobody there is the usual case, and then a key measures nothing. */
function mayMove({ startState, state, docChanged }: ViewUpdate): boolean {
  const shown = state.field(cursors)
  return startState.field(cursors) !== shown || (docChanged && shown.length > 0)
}

/** What others have selected, below the text. */
const selections = layer({
  above: false,
  class: 'cm-otherSelections',
  update: mayMove,
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
  update: mayMove,
  markers: (view) =>
    view.state.field(cursors).flatMap((cursor) => {
      const [place] = RectangleMarker.forRange(view, '', EditorSelection.cursor(cursor.head))
      return place ? [new Caret(cursor, place)] : []
    }),
})

class Caret implements LayerMarker {
  private readonly cursor: Shown
  private readonly place: RectangleMarker

  constructor(cursor: Shown, place: RectangleMarker) {
    this.cursor = cursor
    this.place = place
  }

  eq(other: LayerMarker): boolean {
    if (!(other instanceof Caret)) return false
    const { name, className, moves } = this.cursor
    const { cursor } = other
    return name === cursor.name && className === cursor.className && moves === cursor.moves && this.place.eq(other.place)
  }

  draw(): HTMLElement {
    const element = document.createElement('div')
    this.adjust(element)
    return element
  }

  /** The same element while the person does not move; a new one shows the name again. */
  update(element: HTMLElement, previous: LayerMarker): boolean {
    if (!(previous instanceof Caret)) return false
    const { clientId, moves } = previous.cursor
    if (clientId !== this.cursor.clientId || moves !== this.cursor.moves) return false
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

export function cursorsIn(state: EditorState): readonly Shown[] {
  return state.field(cursors)
}

export function showCursors(view: EditorView, told: readonly OtherCursor[]): void {
  if (told.length || cursorsIn(view.state).length) view.dispatch({ effects: setCursors.of(told) })
}
