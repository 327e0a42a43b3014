import * as brands from './brands.ts'
import { describe } from './describe.ts'
import { Interrupted } from './errors.ts'
import { copyJson, isPlainObject, plainJson } from './plain.ts'
import { printTree } from './print.ts'
import type { MimeBundle } from './protocol.ts'
import { apply, each } from './safe.ts'
import { tableOf } from './table.ts'
import { cut, match, matches } from './text.ts'

/** How an object says what it looks like, as in Deno's Jupyter kernel. */
export const DISPLAY = Symbol.for('Jupyter.display')

export const TREE_MIME = 'application/vnd.rivulet.tree+json'
export const TABLE_MIME = 'application/vnd.table+json'

const MAX_JSON = 64 * 1024
const MAX_BUNDLE = 1024 * 1024
const MAX_TEXT = 100_000
/** What all richer representations of one value may take together, as JSON. */
export const RICH_BYTES = MAX_BUNDLE - 3 * MAX_TEXT
const encoder = new TextEncoder()
const { encode } = encoder
const MIME = /^[a-z]+\/[a-z0-9.+-]+$/i

export interface Shown {
  data: MimeBundle
  /** How many bytes at least are missing, where some are. */
  truncated?: { bytes: number }
}

/** A representation that is not shown, and why; `bytes` of JSON at least. */
interface Omitted {
  type: string
  bytes: number
  why: string
}

interface Made {
  bundle: MimeBundle
  omitted: Omitted[]
}

/** What to show of a value: bounded in size and time. Total, whatever the value does. */
export function shownOf(value: unknown): Shown {
  const made = attempt(() => ownBundle(value))
  if (made) return fit(made, value)
  return fit({ bundle: attempt(() => elementBundle(value)) ?? valueBundle(value), omitted: [] }, value)
}

export function bundleOf(value: unknown): MimeBundle {
  return shownOf(value).data
}

function valueBundle(value: unknown): MimeBundle {
  const tree = describe(value)
  const json = plainJson(value, MAX_JSON)
  const table = attempt(() => tableOf(value))
  const structured = tree.entries !== undefined && !json
  return {
    'text/plain': cut(printTree(tree), 0, MAX_TEXT),
    ...(json ? { 'application/json': json.json } : {}),
    ...(structured ? { [TREE_MIME]: tree } : {}),
    ...(table ? { [TABLE_MIME]: table } : {}),
  }
}

/** The bundle an object makes of itself; a promise of one would be too late. */
function ownBundle(value: unknown): Made | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const display: unknown = (value as Record<symbol, unknown>)[DISPLAY]
  if (typeof display !== 'function') return undefined
  const made: unknown = apply(display, value, [])
  if (!isPlainObject(made)) return undefined
  const bundle: MimeBundle = {}
  const omitted: Omitted[] = []
  const types = Object.keys(made)
  for (let i = 0; i < types.length; i += 1) {
    const type = types[i] as string
    const data = made[type]
    if (!matches(MIME, type) || data === undefined || (type === 'text/plain' && typeof data !== 'string')) continue
    const copied = copyJson(data, MAX_BUNDLE)
    if (copied.kind === 'json') bundle[type] = copied.json
    // How long a text is can be said.
    else if (typeof data === 'string') bundle[type] = data
    else omitted[omitted.length] = omission(type, copied.kind)
  }
  return Object.keys(bundle).length + omitted.length > 0 ? { bundle, omitted } : undefined
}

function omission(type: string, kind: 'too-large' | 'not-plain'): Omitted {
  return kind === 'too-large'
    ? { type, bytes: MAX_BUNDLE, why: ` of over ${MAX_BUNDLE / 1024} KB: more than can be shown` }
    : { type, bytes: 0, why: ': not plain JSON' }
}

/** An element of any DOM. Images stand alone, so they need their namespace. */
function elementBundle(value: unknown): MimeBundle | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { nodeType, outerHTML } = value as { nodeType?: unknown; outerHTML?: unknown }
  if (nodeType !== 1 || typeof outerHTML !== 'string') return undefined
  const { localName } = value as { localName?: unknown }
  return { ...markupBundle(outerHTML), 'text/plain': `<${typeof localName === 'string' ? localName : 'element'}>` }
}

const SVG = /^\s*<svg(?=[\s>])/i
const NAMESPACE = /^[^>]*\sxmlns=/

export function markupBundle(markup: string): MimeBundle {
  const svg = match(SVG, markup)?.[0]
  if (svg === undefined) return { 'text/html': markup }
  return {
    'image/svg+xml': matches(NAMESPACE, markup) ? markup : `${svg} xmlns="http://www.w3.org/2000/svg"${cut(markup, svg.length)}`,
  }
}

/** Leaves out what is too big, the richest first, and says so below the text. */
function fit({ bundle, omitted }: Made, value: unknown): Shown {
  const fitting: MimeBundle = {}
  let left = RICH_BYTES
  const types = Object.keys(bundle)
  for (let i = 0; i < types.length; i += 1) {
    const type = types[i] as string
    const data = bundle[type]
    const size = bytesOf(JSON.stringify(data))
    if (size <= left) {
      fitting[type] = data
      left -= size
    } else omitted[omitted.length] = { type, bytes: size, why: ` of ${Math.round(size / 1024)} KB: more than can be shown` }
  }
  let text = String(fitting['text/plain'] ?? cut(printTree(describe(value, { depth: 1, entries: 10 })), 0, MAX_TEXT))
  let bytes = 0
  each(omitted, (one) => {
    text += `\n[${one.type}${one.why}]`
    bytes += one.bytes
  })
  fitting['text/plain'] = text
  return bytes > 0 ? { data: fitting, truncated: { bytes } } : { data: fitting }
}

/** Of UTF-8. */
export function bytesOf(text: string): number {
  return brands.lengthOf(apply(encode, encoder, [text]) as Uint8Array)
}

/** Code of the user's value may throw: then it is shown some other way. An interrupt is the run's business. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute()
  } catch (error) {
    if (Interrupted.is(error)) throw error
    return undefined
  }
}
