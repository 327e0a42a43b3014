import { markdown as markdownSupport } from '@codemirror/lang-markdown'
import type { Extension } from '@codemirror/state'
import { CODE_LANGUAGES } from '../../../output/code/languages.ts'

export function markdown(): Extension {
  return markdownSupport({ codeLanguages: CODE_LANGUAGES })
}
