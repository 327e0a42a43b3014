import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion } from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { PAGE_COMMAND } from './pageCommand.ts'

/** A completion that is still pending when the editor loses the focus would open over another cell. */
function closeLateCompletions(view: EditorView): void {
  for (const ms of [0, 60, 300]) setTimeout(() => !view.hasFocus && closeCompletion(view), ms)
}

/** What helps somebody who writes; comes with the first language, after the editor itself. */
export const assist: Extension = [
  closeBrackets(),
  keymap.of(closeBracketsKeymap),
  EditorView.contentAttributes.of({ 'data-assisted': 'true' }),
  // The list is drawn anew with every letter: a screenful and a half of it is enough until somebody walks on.
  autocompletion({ icons: false, maxRenderedOptions: 30 }),
  EditorView.domEventHandlers({
    blur: (_event, view) => closeLateCompletions(view),
    // Whoever runs the cell has finished the word.
    [PAGE_COMMAND]: (_event, view) => closeCompletion(view),
  }),
]
