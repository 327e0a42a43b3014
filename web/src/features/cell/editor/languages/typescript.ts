import { javascript, typescriptLanguage } from '@codemirror/lang-javascript'
import type { Extension } from '@codemirror/state'
import { notebookNames } from '../completion.ts'
import type { KnownNames } from '../languages.ts'

export function typescript(names: KnownNames): Extension {
  return [javascript({ typescript: true }), typescriptLanguage.data.of({ autocomplete: notebookNames(names) })]
}
