/** Runs in a page of its own: CodeMirror with what people expect of an editor (colours, brackets, folding, completion), and nothing of ours around it. */
import { autocompletion, closeBrackets } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, codeFolding, defaultHighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'

const usual = [
  syntaxHighlighting(defaultHighlightStyle),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  codeFolding(),
  indentOnInput(),
]
const extensions = [
  history(),
  ...usual,
  EditorView.lineWrapping,
  keymap.of([...defaultKeymap, ...historyKeymap]),
  javascript({ typescript: true }),
]
new EditorView({ parent: document.body, state: EditorState.create({ extensions }) })
