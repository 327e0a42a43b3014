import type { CompletionContext, CompletionSource } from '@codemirror/autocomplete'
import type { KnownNames } from './languages.ts'

const IDENTIFIER = /[\w$]+/

/** Names that other cells define. */
export function notebookNames(names: KnownNames): CompletionSource {
  return (context: CompletionContext) => {
    const word = context.matchBefore(IDENTIFIER)
    if (!word && !context.explicit) return null
    const from = word?.from ?? context.pos
    // `orders.total` names a property, not another cell's `total`.
    if (context.state.sliceDoc(from - 1, from) === '.') return null
    return { from, options: names(), validFor: /^[\w$]*$/ }
  }
}
