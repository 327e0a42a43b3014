import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete'
import { HOST_NAMES, type HostName, INPUTS } from './hostNames.ts'
import type { KnownNames } from './languages.ts'

const IDENTIFIER = /[\w$]+/
const MEMBER_OF_INPUT = /\binput\.\w*$/

/**
 * Names that other cells define, and those that are there without being defined. One source for all: a source that has
 * nothing to offer would be asked again at every letter, and the list takes no Enter while it is.
 */
export function notebookNames(names: KnownNames): CompletionSource {
  return (context: CompletionContext) => {
    const word = context.matchBefore(IDENTIFIER)
    const from = word?.from ?? context.pos
    // `orders.total` names a property, not another cell's `total`.
    if (context.state.sliceDoc(from - 1, from) === '.') return inputMembers(context, names())
    if (!word && !context.explicit) return null
    return { from, options: withHostNames(names()), validFor: /^[\w$]*$/ }
  }
}

/** What `input.` has, unless a cell defines the name itself. */
function inputMembers(context: CompletionContext, defined: readonly Completion[]): CompletionResult | null {
  const member = context.matchBefore(MEMBER_OF_INPUT)
  if (!member || defined.some(({ label }) => label === 'input')) return null
  return { from: member.from + 'input.'.length, options: INPUTS.map(toCompletion), validFor: /^\w*$/ }
}

/** A definition of a cell goes before. */
function withHostNames(defined: readonly Completion[]): Completion[] {
  const taken = new Set(defined.map(({ label }) => label))
  return [...defined, ...HOST_NAMES.filter(({ name }) => !taken.has(name)).map(toCompletion)]
}

function toCompletion(host: HostName): Completion {
  return { label: host.name, type: 'function', detail: 'built in', info: () => description(host) }
}

/** Shown beside the list while the name is selected. */
function description({ name, signature, doc }: HostName): Node {
  const element = document.createElement('div')
  const code = document.createElement('code')
  code.textContent = name + signature
  const sentence = document.createElement('p')
  sentence.textContent = doc
  element.append(code, sentence)
  return element
}
