import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, codeFolding, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language'
import {
  Annotation,
  type ChangeSet,
  Compartment,
  EditorState,
  type Extension,
  Prec,
  Transaction,
  type TransactionSpec,
} from '@codemirror/state'
import { EditorView, keymap, placeholder, type ViewUpdate } from '@codemirror/view'
import type { Language } from '@rivulet/server/notebook/model'
import { changesBetween } from '@rivulet/server/notebook/textDiff'
import type { Shown } from '../drafts/sharing.ts'
import type { Known, LanguageSupport } from './languages.ts'
import { changedBy, otherCursors } from './otherCursors.ts'
import { ownLayout } from './ownLayout.ts'
import { editorTheme } from './theme.ts'
import { unfocusedSelection } from './unfocusedSelection.ts'

/** Offsets in the text on the screen. */
export interface CursorPlace {
  anchor: number
  head: number
}

export interface EditorOptions {
  language: Language
  /** What a screen reader calls it. */
  label: string
  /** Absent until it has arrived: one can write without. */
  support: LanguageSupport | undefined
  readOnly: boolean
  known: Known
  onType: (text: string, changes: ChangeSet) => void
  /** Where the cursor is. `moved`: by this person, not by what others typed before it. */
  onCursor: (place: CursorPlace, moved: boolean) => void
  /** The cursor left at the first (-1) or last (1) line. */
  onEdge: (by: -1 | 1) => void
}

/** Marks a transaction that comes from elsewhere: it is not typing, and Undo leaves it alone. */
const fromElsewhere = Annotation.define<boolean>()
const language = new Compartment()
const label = new Compartment()

function edge(by: -1 | 1, onEdge: EditorOptions['onEdge']) {
  return ({ state }: EditorView): boolean => {
    const { main } = state.selection
    const line = state.doc.lineAt(main.head).number
    if (!main.empty || line !== (by < 0 ? 1 : state.doc.lines)) return false
    onEdge(by)
    return true
  }
}

const PLACEHOLDERS: Record<Language, string> = {
  typescript: 'Type some TypeScript',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the reader is shown how to write it
  markdown: 'Write some Markdown; ${name} shows a value',
  sql: 'Select something',
  python: 'Type some Python',
}

function written({ language: name, support, known }: Pick<EditorOptions, 'language' | 'support' | 'known'>): Extension {
  return [support?.(known) ?? [], placeholder(PLACEHOLDERS[name])]
}

function extensions(options: EditorOptions): Extension[] {
  return [
    history(),
    unfocusedSelection,
    indentOnInput(),
    indentUnit.of('  '),
    bracketMatching(),
    codeFolding(),
    EditorView.lineWrapping,
    EditorState.readOnly.of(options.readOnly),
    Prec.low(
      keymap.of([
        { key: 'ArrowUp', run: edge(-1, options.onEdge) },
        { key: 'ArrowDown', run: edge(1, options.onEdge) },
      ]),
    ),
    keymap.of([...historyKeymap, ...foldKeymap, indentWithTab]),
    Prec.lowest(keymap.of(defaultKeymap)),
    language.of(written(options)),
    label.of(labelled(options.label)),
    EditorView.updateListener.of((update) => tellTyping(update, options)),
    // Only a line feed ends a line, as everywhere in the product: offsets mean the same on both sides.
    EditorState.lineSeparator.of('\n'),
    EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, '\n')),
    otherCursors,
    ownLayout,
    editorTheme,
  ]
}

function tellTyping(update: ViewUpdate, options: EditorOptions): void {
  const elsewhere = update.docChanged && update.transactions.every((transaction) => transaction.annotation(fromElsewhere))
  if (update.docChanged && !elsewhere) options.onType(update.state.doc.toString(), update.changes)
  if (!update.docChanged && !update.selectionSet && !update.focusChanged) return
  const { anchor, head } = update.state.selection.main
  options.onCursor({ anchor, head }, !elsewhere && update.view.hasFocus)
}

/** State that outlives its view, so that Undo works after a cell has been off the screen. */
export function createState(text: string, options: EditorOptions): EditorState {
  return EditorState.create({ doc: text, extensions: extensions(options) })
}

/** The view that this element is of. */
export const viewAt = (element: HTMLElement): EditorView | null => EditorView.findFromDOM(element)

export function createView(state: EditorState): EditorView {
  return new EditorView({ state })
}

/** Text that came from elsewhere, of which only the result is known. */
export function showText(view: EditorView, text: string): void {
  const changes = changesBetween(view.state.doc.toString(), text)
  if (changes.length) view.dispatch(elsewhere({ changes }))
}

/** What somebody else typed: cursors stay where they are in the text, and Undo does not take it back. */
export function showChanges(view: EditorView, shown: Shown): void {
  if (view.state.doc.length === shown.changes.length) view.dispatch(othersChange(shown))
}

export function othersChange({ changes, clientId }: Shown): TransactionSpec {
  return elsewhere({ changes, ...(clientId !== undefined && { effects: changedBy.of(clientId) }) })
}

function elsewhere(spec: TransactionSpec): TransactionSpec {
  const annotations = [fromElsewhere.of(true), Transaction.addToHistory.of(false), Transaction.remote.of(true)]
  return { ...spec, annotations, filter: false }
}

/** As far as the text reaches: it may have become shorter since the range was found. */
export function select(view: EditorView, { from, to }: { from: number; to: number }): void {
  const { length } = view.state.doc
  const selection = { anchor: Math.min(from, length), head: Math.min(to, length) }
  view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.head, { y: 'nearest', yMargin: 90 }) })
}

/** As if it were typed at the cursor. */
export function insertText(view: EditorView, text: string): void {
  view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true, userEvent: 'input' })
}

/** Not a stop on the way of Tab, which indents in it and could not leave: Enter on the cell goes in, Escape out. */
const labelled = (text: string) => EditorView.contentAttributes.of({ 'aria-label': text, tabindex: '-1' })

export function setLabel(view: EditorView, text: string): void {
  view.dispatch({ effects: label.reconfigure(labelled(text)) })
}

export function setLanguage(view: EditorView, options: Pick<EditorOptions, 'language' | 'support' | 'known'>): void {
  view.dispatch({ effects: language.reconfigure(written(options)) })
  keepCursor(view)
}

/**
 * Where colours come to a text, its nodes move into other elements, and with them the browser's cursor goes to the start of the line.
 * CodeMirror mends that, but not just after the focus came: then it would take the browser's place for the person's.
 */
function keepCursor(view: EditorView): void {
  if (!view.hasFocus) return
  const { anchor, head } = view.state.selection.main
  const [from, to] = [view.domAtPos(anchor), view.domAtPos(head)]
  document.getSelection()?.setBaseAndExtent(from.node, from.offset, to.node, to.offset)
}

export { showCursors } from './otherCursors.ts'
export { textAlgebra } from './textAlgebra.ts'
