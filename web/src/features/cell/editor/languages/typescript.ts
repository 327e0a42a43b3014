import { javascript, typescriptLanguage } from '@codemirror/lang-javascript'
import type { Extension } from '@codemirror/state'
import { notebookNames } from '../completion.ts'
import type { Known } from '../languages.ts'

export function typescript({ names }: Known): Extension {
  return [javascript({ typescript: true }), typescriptLanguage.data.of({ autocomplete: notebookNames(names) })]
}
