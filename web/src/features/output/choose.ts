import type { MimeBundle } from '@rivulet/server/notebook/model'
import type { Library } from '../../frame/messages.ts'
import type { TreeNode } from './tree.ts'

export interface TableData {
  /** `sqlType`: as the database calls it. */
  columns: { name: string; type?: string; sqlType?: string }[]
  rows: readonly (readonly unknown[] | Record<string, unknown>)[]
  total: number
  /** By this its rows can be asked for where they are. */
  handle?: string
}

export type Representation =
  | { kind: 'table'; table: TableData }
  | { kind: 'chart'; library: Library; spec: Record<string, unknown>; text: string }
  | { kind: 'frame'; html: string; what: 'chart' | 'page' }
  | { kind: 'markdown'; text: string }
  | { kind: 'math'; tex: string }
  | { kind: 'image'; src: string }
  | { kind: 'tree'; node: TreeNode }
  | { kind: 'json'; value: unknown }
  | { kind: 'text'; text: string }

type Reader = (value: unknown, bundle: MimeBundle) => Representation | undefined

const text = (make: (text: string) => Representation): Reader => {
  return (value) => (typeof value === 'string' ? make(value) : undefined)
}

const chart = (library: Library): Reader => {
  return (spec, bundle) => {
    if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return undefined
    return { kind: 'chart', library, spec: { ...spec }, text: plainOf(bundle) ?? 'Chart' }
  }
}

const image = (type: string): [string, Reader] => [type, text((data) => ({ kind: 'image', src: `data:${type};base64,${data}` }))]

function isTable(value: unknown): value is TableData {
  const table = value as Partial<TableData> | null
  return Array.isArray(table?.columns) && Array.isArray(table?.rows)
}

/** The answer of `explain` is a drawing in lines, as rows of PostgreSQL or as a value of DuckDB: a grid would spoil it. */
function planIn({ columns, rows, total }: TableData): string | undefined {
  const names = columns.map(({ name }) => name).join()
  if (rows.length < total || (names !== 'QUERY PLAN' && names !== 'explain_key,explain_value')) return undefined
  const lines = rows.map((row) => (Array.isArray(row) ? row.at(-1) : undefined))
  return lines.every((line) => typeof line === 'string') ? lines.join('\n').trimEnd() : undefined
}

/** From the richest to the plainest; the first one that reads is shown. */
const READERS: readonly [string, Reader][] = [
  [
    'application/vnd.table+json',
    (value) => {
      if (!isTable(value)) return undefined
      const table = { ...value, total: value.total ?? value.rows.length }
      const plan = planIn(table)
      return plan === undefined ? { kind: 'table', table } : { kind: 'text', text: plan }
    },
  ],
  ['application/vnd.vegalite.v6+json', chart('vega-lite')],
  ['application/vnd.vegalite.v5+json', chart('vega-lite')],
  ['application/vnd.vega.v6+json', chart('vega')],
  ['application/vnd.vega.v5+json', chart('vega')],
  ['application/vnd.plotly.v1+json', chart('plotly')],
  ['image/svg+xml', text((html) => ({ kind: 'frame', html, what: 'chart' }))],
  ['text/html', text((html) => ({ kind: 'frame', html, what: 'page' }))],
  ['text/markdown', text((source) => ({ kind: 'markdown', text: source }))],
  image('image/png'),
  image('image/jpeg'),
  image('image/gif'),
  image('image/webp'),
  ['text/latex', text((tex) => ({ kind: 'math', tex: tex.replace(/^\$+|\$+$/g, '') }))],
  ['application/vnd.rivulet.tree+json', (node) => (isBranch(node) ? { kind: 'tree', node } : undefined)],
  ['application/json', (value) => (typeof value === 'object' && value !== null ? { kind: 'json', value } : undefined)],
]

/** A leaf reads better as plain text. */
function isBranch(node: unknown): node is TreeNode {
  return Array.isArray((node as TreeNode | null)?.entries)
}

export function chooseRepresentation(bundle: MimeBundle): Representation {
  for (const [type, read] of READERS) {
    const chosen = type in bundle && read(bundle[type], bundle)
    if (chosen) return chosen
  }
  return { kind: 'text', text: plainOf(bundle) ?? JSON.stringify(bundle) }
}

function plainOf({ 'text/plain': plain }: MimeBundle): string | undefined {
  return typeof plain === 'string' ? plain : undefined
}
