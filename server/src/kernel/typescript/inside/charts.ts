import { bytesOf, DISPLAY, RICH_BYTES } from './bundle.ts'
import { chartData } from './chartData.ts'
import { isPlainObject } from './plain.ts'
import type { MimeBundle } from './protocol.ts'
import { apply, each, kept, mapped, SafeMap } from './safe.ts'
import { cut, joined, matches } from './text.ts'

export const VEGA_LITE_MIME = 'application/vnd.vegalite.v6+json'
export const PLOTLY_MIME = 'application/vnd.plotly.v1+json'

const SCHEMA_OF_VEGA = /\/vega\/v\d/
const NAME_LENGTH = 200
const { toLocaleString: numberText } = Number.prototype

/** A chart as data; the page draws it. */
class Chart {
  readonly #bundle: MimeBundle

  constructor(type: string, spec: unknown, text: string) {
    this.#bundle = { [type]: spec, 'text/plain': text }
  }

  [DISPLAY](): MimeBundle {
    return this.#bundle
  }
}

/** A Vega-Lite chart. Takes a copy: what happens to the specification later does not change the chart. */
export function vegaLite(spec: unknown): Chart {
  if (!isPlainObject(spec))
    throw new TypeError(`vegaLite() takes a specification such as { data, mark, encoding }, not ${kindOf(spec)}.`)
  const copied = bounded(spec, 'spec')
  const { $schema, mark, title, description } = copied
  if (typeof $schema === 'string' && matches(SCHEMA_OF_VEGA, $schema))
    throw new TypeError('vegaLite() takes a Vega-Lite specification, and $schema says that this one is Vega.')
  const type = isPlainObject(mark) ? mark.type : mark
  return new Chart(VEGA_LITE_MIME, copied, caption('Vega-Lite chart', [type], [title, description]))
}

/** A Plotly chart of one or several traces. */
export function plotly(data: unknown, layout: unknown = {}, config: unknown = {}): Chart {
  if (!Array.isArray(data))
    throw new TypeError(`plotly() takes a list of traces, not ${kindOf(data)}: plotly([{ x, y, type }], layout).`)
  mustBeObject('layout', layout)
  mustBeObject('config', config)
  const copied = bounded({ data, layout, config }, 'figure')
  const traces = mapped(copied.data as unknown[], (trace, index) => {
    if (isPlainObject(trace)) return trace.type ?? 'scatter'
    throw new TypeError(`plotly() takes a list of traces, and item ${index} is ${kindOf(trace)}.`)
  })
  const { title } = copied.layout as Record<string, unknown>
  return new Chart(PLOTLY_MIME, copied, caption('Plotly chart', traces, [title]))
}

function mustBeObject(name: string, given: unknown): void {
  if (!isPlainObject(given)) throw new TypeError(`${name} of plotly() is an object, not ${kindOf(given)}.`)
}

function bounded(value: Record<string, unknown>, root: string): Record<string, unknown> {
  const copied = chartData(value, root, RICH_BYTES, () => tooLarge()) as Record<string, unknown>
  // The caption and the kernel's own words need a little room beside it.
  const bytes = bytesOf(JSON.stringify(copied)) + 4 * NAME_LENGTH
  if (bytes > RICH_BYTES) throw tooLarge(bytes)
  return copied
}

function tooLarge(bytes?: number): RangeError {
  const kb = (size: number) => `${apply(numberText, Math.round(size / 1024), ['en'])} KB`
  const size = bytes === undefined ? `is more than ${kb(RICH_BYTES)}` : `is ${kb(bytes)} of ${kb(RICH_BYTES)}`
  return new RangeError(`This chart with its data ${size}: aggregate or sample the data before drawing it.`)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'a list'
  if (typeof value !== 'object') return `a ${typeof value}`
  return isPlainObject(value) ? 'an object' : 'an object of a class'
}

/** What stands for the chart where it cannot be drawn: its kind, marks and title. */
function caption(kind: string, marks: readonly unknown[], names: readonly unknown[]): string {
  const seen = new SafeMap<string, true>()
  each(kept(marks, isText), (mark) => seen.set(mark, true))
  const kinds: string[] = []
  seen.each((_, mark) => {
    kinds[kinds.length] = mark
  })
  const words = cut(joined(kinds, ', '), 0, NAME_LENGTH)
  const name = kept(mapped(names, titleText), (text) => text !== '')[0]
  return `${kind}${words ? ` (${words})` : ''}${name ? `: ${name}` : ''}`
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** A title is text, lines of text, or an object that holds either. */
function titleText(title: unknown): string {
  if (typeof title === 'string') return cut(title, 0, NAME_LENGTH)
  if (Array.isArray(title)) return cut(joined(kept(title, isText), ' '), 0, NAME_LENGTH)
  return isPlainObject(title) && title.text !== title ? titleText(title.text) : ''
}
