import { DISPLAY, RICH_BYTES } from './bundle.ts'
import { chartData } from './chartData.ts'
import { isPlainObject } from './plain.ts'
import type { MimeBundle } from './protocol.ts'

export const VEGA_LITE_MIME = 'application/vnd.vegalite.v6+json'
export const PLOTLY_MIME = 'application/vnd.plotly.v1+json'

const encoder = new TextEncoder()
const NAME_LENGTH = 200

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
  if (typeof $schema === 'string' && /\/vega\/v\d/.test($schema))
    throw new TypeError('vegaLite() takes a Vega-Lite specification, and $schema says that this one is Vega.')
  const type = isPlainObject(mark) ? mark.type : mark
  return new Chart(VEGA_LITE_MIME, copied, caption('Vega-Lite chart', [type], [title, description]))
}

/** A Plotly chart of one or several traces. */
export function plotly(data: unknown, layout: unknown = {}, config: unknown = {}): Chart {
  if (!Array.isArray(data)) throw new TypeError(`plotly() takes a list of traces, not ${kindOf(data)}.`)
  for (const [name, given] of [
    ['layout', layout],
    ['config', config],
  ])
    if (!isPlainObject(given)) throw new TypeError(`${name} of plotly() is an object, not ${kindOf(given)}.`)
  const copied = bounded({ data, layout, config }, 'figure')
  const traces = (copied.data as unknown[]).map((trace, index) => {
    if (isPlainObject(trace)) return trace.type ?? 'scatter'
    throw new TypeError(`plotly() takes a list of traces, and item ${index} is ${kindOf(trace)}.`)
  })
  const { title } = copied.layout as Record<string, unknown>
  return new Chart(PLOTLY_MIME, copied, caption('Plotly chart', traces, [title]))
}

function bounded(value: Record<string, unknown>, root: string): Record<string, unknown> {
  const copied = chartData(value, root, RICH_BYTES, () => tooLarge()) as Record<string, unknown>
  // The caption and the kernel's own words need a little room beside it.
  const bytes = encoder.encode(JSON.stringify(copied)).length + 4 * NAME_LENGTH
  if (bytes > RICH_BYTES) throw tooLarge(bytes)
  return copied
}

function tooLarge(bytes?: number): RangeError {
  const kb = (size: number) => `${Math.round(size / 1024).toLocaleString('en')} KB`
  const size = bytes === undefined ? `is more than ${kb(RICH_BYTES)}` : `is ${kb(bytes)} of ${kb(RICH_BYTES)}`
  return new RangeError(`This chart with its data ${size}: aggregate or sample the data before drawing it.`)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object of a class' : `a ${typeof value}`
}

/** What stands for the chart where it cannot be drawn: its kind, marks and title. */
function caption(kind: string, marks: readonly unknown[], names: readonly unknown[]): string {
  const words = [...new Set(marks.filter((mark) => typeof mark === 'string'))].join(', ').slice(0, NAME_LENGTH)
  const name = names.map(titleText).find((text) => text)
  return `${kind}${words ? ` (${words})` : ''}${name ? `: ${name}` : ''}`
}

/** A title is text, lines of text, or an object that holds either. */
function titleText(title: unknown): string {
  if (typeof title === 'string') return title.slice(0, NAME_LENGTH)
  if (Array.isArray(title))
    return title
      .filter((line) => typeof line === 'string')
      .join(' ')
      .slice(0, NAME_LENGTH)
  return isPlainObject(title) && title.text !== title ? titleText(title.text) : ''
}
