import { bundleOf, DISPLAY, markupBundle } from './bundle.ts'
import type { MimeBundle } from './protocol.ts'

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
    return { ...rich, 'text/plain': this.#text.slice(0, 10_000) }
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
  return strings.map((string, i) => string + (i < values.length ? text(values[i]) : '')).join('')
}

/** Plain values are escaped; markup and elements are not. */
function htmlText(value: unknown): string {
  if (Array.isArray(value)) return value.map(htmlText).join('')
  return richText(value, ['text/html', 'image/svg+xml']) ?? escapeHtml(plainText(value))
}

export function markdownText(value: unknown): string {
  return richText(value, ['text/markdown', 'text/html', 'image/svg+xml']) ?? escapeMarkdown(plainText(value))
}

function richText(value: unknown, types: readonly string[]): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const bundle = bundleOf(value)
  const found = types.map((type) => bundle[type]).find((data) => typeof data === 'string')
  return typeof found === 'string' ? found : undefined
}

export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return String(bundleOf(value)['text/plain'])
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** No character of the value can begin or end any structure, and it stays on its line. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\\`*_{}[\]<>()#+\-.!|~$&:^=@"']/g, (char) => (/[<>&"']/.test(char) ? `&#${char.charCodeAt(0)};` : `\\${char}`))
}
