import type { Library } from '../../frame/messages.ts'
import type { TableData } from './choose.ts'

const NAME_LENGTH = 200
const BESIDE_VEGA = 56
const VEGA_HEIGHT = 260
const PLOTLY_HEIGHT = 400
const LINE = 24

type Json = Record<string, unknown>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(title: unknown, depth = 0): string {
  if (typeof title === 'string') return title.trim().slice(0, NAME_LENGTH)
  if (Array.isArray(title)) return textOf(title.filter((line) => typeof line === 'string').join(' '))
  return isRecord(title) && depth === 0 ? textOf(title.text, 1) : ''
}

/** What a screen reader calls the chart: what it says itself. */
export function chartName(library: Library, spec: Json): string {
  const titles = library === 'plotly' ? [isRecord(spec.layout) && spec.layout.title] : [spec.title, spec.description]
  const [name, more] = [...new Set(titles.map((title) => textOf(title)).filter(Boolean))]
  return name ? `Chart: ${name}${more ? `. ${more}` : ''}` : 'Chart'
}

const px = (value: unknown) => (typeof value === 'number' && value > 0 ? Math.min(value, 4_000) : undefined)

/** What it will need before it has been measured. */
export function expectedHeight(library: Library, spec: Json): number {
  if (library === 'plotly') return (px(isRecord(spec.layout) && spec.layout.height) ?? PLOTLY_HEIGHT) + 2
  return (px(spec.height) ?? VEGA_HEIGHT) + BESIDE_VEGA + (textOf(spec.title) ? LINE : 0)
}

/** The data in the specification as a table; for whom a drawing says nothing. */
export function chartTable(library: Library, spec: Json): TableData | undefined {
  const rows = library === 'plotly' ? traceRows(spec.data) : vegaRows(spec)
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, 200)
  if (rows.length === 0 || names.length === 0) return undefined
  return { columns: names.map((name) => ({ name })), rows, total: rows.length }
}

function vegaRows({ data, datasets }: Json): Json[] {
  if (!isRecord(data)) return []
  const values = data.values ?? (isRecord(datasets) && typeof data.name === 'string' ? datasets[data.name] : undefined)
  if (!Array.isArray(values)) return []
  return values.map((value) => (isRecord(value) ? value : { data: value }))
}

const CHANNELS = [
  'x',
  'y',
  'z',
  'labels',
  'values',
  'parents',
  'lat',
  'lon',
  'locations',
  'r',
  'theta',
  'open',
  'high',
  'low',
  'close',
]

/** One row a point, with the name of its trace where there are several. */
function traceRows(traces: unknown): Json[] {
  if (!Array.isArray(traces)) return []
  return traces.filter(isRecord).flatMap((trace, index) => {
    const lists = CHANNELS.flatMap((name) => {
      const list = trace[name]
      return Array.isArray(list) && !Array.isArray(list[0]) ? [[name, list] as const] : []
    })
    const name = traces.length > 1 ? { trace: textOf(trace.name) || `trace ${index}` } : {}
    return Array.from({ length: Math.max(0, ...lists.map(([, list]) => list.length)) }, (_, row) => ({
      ...name,
      ...Object.fromEntries(lists.map(([channel, list]) => [channel, list[row]])),
    }))
  })
}
