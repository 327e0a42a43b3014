import { type Tag, tagHighlighter, tags } from '@lezer/highlight'

/** Which class a piece of code gets; their colours are in `codeColours.css`, the same wherever code is shown. */
const CLASSES: { [name: string]: Tag | readonly Tag[] } = {
  'code-keyword': [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword],
  'code-string': [tags.string, tags.special(tags.string), tags.regexp],
  'code-number': [tags.number, tags.bool, tags.null, tags.atom],
  'code-comment': [tags.comment, tags.meta],
  'code-name': [tags.function(tags.variableName), tags.function(tags.propertyName), tags.definition(tags.variableName)],
  'code-type': [tags.typeName, tags.className, tags.namespace],
  'code-heading': tags.heading,
  'code-strong': tags.strong,
  'code-emphasis': tags.emphasis,
  'code-link': [tags.link, tags.url],
  'code-mark': [tags.processingInstruction, tags.contentSeparator],
  'code-invalid': tags.invalid,
}

export const codeColours = tagHighlighter(Object.entries(CLASSES).map(([name, tag]) => ({ tag, class: name })))
