/** A value as the kernel describes it: `t` says what it is, `v` how it is written, `entries` what is inside. */
export interface TreeNode {
  t: string
  name?: string
  v?: unknown
  entries?: [string, TreeNode][]
  size?: number
  more?: number
}

const DEPTH = 64

/** Plain JSON in the same shape. */
export function treeOfJson(value: unknown, depth = 0): TreeNode {
  if (value === null) return { t: 'null', v: 'null' }
  if (typeof value !== 'object') return { t: typeof value, v: value }
  if (depth > DEPTH) return { t: 'other', v: '…' }
  if (Array.isArray(value)) {
    return { t: 'array', size: value.length, entries: value.map((item, index) => [String(index), treeOfJson(item, depth + 1)]) }
  }
  return { t: 'object', entries: Object.entries(value).map(([key, item]) => [key, treeOfJson(item, depth + 1)]) }
}

const OPEN: Record<string, [string, string]> = { array: ['[', ']'], set: ['{', '}'], map: ['{', '}'], object: ['{', '}'] }
const PREVIEW_LENGTH = 72

export function writeLeaf({ t, v, name, more }: TreeNode): string {
  if (t === 'string') return JSON.stringify(v) + (more ? ` … ${more} more characters` : '')
  if (t === 'function') return `ƒ ${name ?? ''}`
  if (t === 'bigint') return `${v}n`.replace(/nn$/, 'n')
  return v === undefined ? (name ?? t) : String(v)
}

/** What stands before the brackets: `Map(3)`, `Array(2)`, `Point`, nothing for plain objects; of an error what it says. */
export function titleOf({ t, name, size, v }: TreeNode): string {
  if (t === 'error') return v ? `${name}: ${v}` : `${name}`
  const word = name && name !== 'Object' ? name : t === 'object' ? '' : t.charAt(0).toUpperCase() + t.slice(1)
  return size !== undefined && (t !== 'object' || word) ? `${word}(${size})` : word
}

/** A value in one line, when there is nothing in it to open. */
export function lineOf(node: TreeNode): string {
  if (!node.entries) return writeLeaf(node)
  return node.t === 'error' ? titleOf(node) : `${titleOf(node)} ${previewOf(node)}`.trim()
}

/** One line: as many entries as fit. */
export function previewOf(node: TreeNode): string {
  const [open, close] = OPEN[node.t] ?? ['{', '}']
  const parts: string[] = []
  let length = 0
  for (const [key, item] of node.entries ?? []) {
    const written = item.entries ? titleOf(item) || (item.t === 'array' ? '[…]' : '{…}') : writeLeaf(item)
    const part = node.t === 'array' || node.t === 'set' ? written : `${key}: ${written}`
    length += part.length + 2
    if (length > PREVIEW_LENGTH) return `${open}${[...parts, '…'].join(', ')}${close}`
    parts.push(part)
  }
  if (node.more) parts.push('…')
  return `${open}${parts.join(', ')}${close}`
}
