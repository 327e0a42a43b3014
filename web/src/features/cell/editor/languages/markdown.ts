import { javascriptLanguage } from '@codemirror/lang-javascript'
import { markdown as markdownSupport } from '@codemirror/lang-markdown'
import type { Extension } from '@codemirror/state'

export function markdown(): Extension {
  return markdownSupport({
    codeLanguages: (info) => (/^(js|ts|javascript|typescript)$/.test(info) ? javascriptLanguage : null),
  })
}
