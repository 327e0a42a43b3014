import { bundleOf, DISPLAY, markupBundle } from './bundle.ts'
import type { MimeBundle } from './protocol.ts'
import { mapped } from './safe.ts'
import { codeAt, cut, joined, match, replaced } from './text.ts'

/** Text in some markup language; shown as such, and inserted into the same language unchanged. */
class Markup {
  readonly #kind: 'html' | 'markdown'
  readonly #text: string

  constructor(kind: 'html' | 'markdown', text: string) {
    this.#kind = kind
    this.#text = text
  }

  toString(): string {
    return this.#text
  }

  [DISPLAY](): MimeBundle {
    const rich = this.#kind === 'html' ? markupBundle(this.#text) : { 'text/markdown': this.#text }
    return { ...rich, 'text/plain': cut(this.#text, 0, 10_000) }
  }
}

export function html(strings: TemplateStringsArray, ...values: unknown[]): Markup {
  return new Markup('html', weave(strings, values, htmlText))
}

export const svg = html

export function md(strings: TemplateStringsArray, ...values: unknown[]): Markup {
  return new Markup('markdown', weave(strings, values, markdownText))
}

function weave(strings: readonly string[], values: readonly unknown[], text: (value: unknown) => string): string {
  const parts = mapped(strings, (string, i) => string + (i < values.length ? text(values[i]) : ''))
  return joined(parts, '')
}

/** Plain values are escaped; markup and elements are not. */
function htmlText(value: unknown): string {
  if (Array.isArray(value)) return joined(mapped(value as unknown[], htmlText), '')
  return richText(value, ['text/html', 'image/svg+xml']) ?? escapeHtml(plainText(value))
}

export function markdownText(value: unknown): string {
  return richText(value, ['text/markdown', 'text/html', 'image/svg+xml']) ?? escapeMarkdown(plainText(value))
}

function richText(value: unknown, types: readonly string[]): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const bundle = bundleOf(value)
  for (let i = 0; i < types.length; i += 1) {
    const data = bundle[types[i] as string]
    if (typeof data === 'string') return data
  }
  return undefined
}

export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return String(bundleOf(value)['text/plain'])
}

const IN_HTML = /[&<>"']/g
const FOR_HTML = /[<>&"']/
const IN_MARKDOWN = /[\\`*_{}[\]<>()#+\-.!|~$&:^=@"']/g
const LINE_BREAK = /\s*\n\s*/g

const escapeCharacter = (found: RegExpExecArray) => `&#${codeAt(found[0], 0)};`

function escapeHtml(text: string): string {
  return replaced(text, IN_HTML, escapeCharacter)
}

/** No character of the value can begin or end any structure, and it stays on its line. */
export function escapeMarkdown(text: string): string {
  const line = replaced(text, LINE_BREAK, () => ' ')
  return replaced(line, IN_MARKDOWN, (found) => (match(FOR_HTML, found[0]) ? escapeCharacter(found) : `\\${found[0]}`))
}
