/** Runs in a page of its own: CodeMirror with TypeScript and nothing of ours, the floor for typing. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'

const extensions = [history(), keymap.of([...defaultKeymap, ...historyKeymap]), javascript({ typescript: true })]
new EditorView({ parent: document.body, state: EditorState.create({ extensions }) })
