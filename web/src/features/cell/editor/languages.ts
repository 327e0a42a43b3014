import type { Completion, CompletionContext, CompletionSource } from '@codemirror/autocomplete'
import { javascript, javascriptLanguage, typescriptLanguage } from '@codemirror/lang-javascript'
import { markdown } from '@codemirror/lang-markdown'
import { python } from '@codemirror/lang-python'
import { sql } from '@codemirror/lang-sql'
import type { Extension } from '@codemirror/state'
import type { Language } from '@rivulet/server/notebook/model'

/** Names other cells define, and where: `total`, `cell 3`. */
export type KnownNames = () => Completion[]

const IDENTIFIER = /[\w$]+/

function notebookNames(names: KnownNames): CompletionSource {
  return (context: CompletionContext) => {
    const word = context.matchBefore(IDENTIFIER)
    if (!word && !context.explicit) return null
    const from = word?.from ?? context.pos
    // `orders.total` names a property, not another cell's `total`.
    if (context.state.sliceDoc(from - 1, from) === '.') return null
    return { from, options: names(), validFor: /^[\w$]*$/ }
  }
}

export function languageSupport(language: Language, names: KnownNames): Extension {
  const source = notebookNames(names)
  switch (language) {
    case 'typescript':
      return [javascript({ typescript: true }), typescriptLanguage.data.of({ autocomplete: source })]
    case 'markdown':
      return markdown({ codeLanguages: (info) => (/^(js|ts|javascript|typescript)$/.test(info) ? javascriptLanguage : null) })
    case 'sql':
      return sql()
    case 'python':
      return python()
  }
}
