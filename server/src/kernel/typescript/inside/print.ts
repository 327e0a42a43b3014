import type { TreeNode } from './tree.ts'

const LINE = 76
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

/** A tree as text, as a console prints it: on one line where it fits. */
export function printTree(node: TreeNode, indent = 0): string {
  switch (node.t) {
    case 'string':
      return JSON.stringify(node.v) + (node.more ? `… ${count(node.more)} more characters` : '')
    case 'bigint':
      return /^-?\d+$/.test(String(node.v)) ? `${node.v}n` : String(node.v)
    case 'number':
    case 'boolean':
    case 'symbol':
    case 'date':
    case 'regexp':
      return String(node.v)
    case 'undefined':
    case 'null':
      return node.t
    case 'function':
      return node.name ? `[Function: ${node.name}]` : '[Function]'
    case 'promise':
      return 'Promise'
    case 'weak':
      return `${node.name} {}`
    case 'buffer':
      return `${node.name}(${node.size})`
    case 'cycle':
      return '[Circular]'
    case 'getter':
      return '[Getter]'
    case 'unreadable':
      return `[Unreadable: ${node.v}]`
    case 'cut':
      return node.name ? `[${node.name}]` : '[…]'
    case 'hole':
      return '<empty>'
    case 'error':
      return `${node.name}: ${node.v}${node.entries?.length ? ` ${group('{', '}', pairs(node, indent), indent)}` : ''}`
    case 'array':
      return withName(node.name && `${node.name}(${node.size})`, group('[', ']', items(node, indent), indent))
    case 'typed':
      return withName(`${node.name}(${node.size})`, group('[', ']', items(node, indent), indent))
    case 'set':
      return `Set(${node.size}) ${group('{', '}', items(node, indent), indent)}`
    case 'map':
      return `Map(${node.size}) ${group('{', '}', pairs(node, indent, ' => '), indent)}`
    case 'object':
      return withName(
        node.name && (node.name === 'null prototype' ? '[null prototype]' : node.name),
        group('{', '}', pairs(node, indent), indent),
      )
  }
}

function withName(name: string | undefined, body: string): string {
  return name ? `${name} ${body}` : body
}

function items(node: TreeNode, indent: number): string[] {
  const shown = (node.entries ?? []).map(([, value]) => printTree(value, indent + 2))
  return node.more ? [...shown, `… ${count(node.more)} more`] : shown
}

function pairs(node: TreeNode, indent: number, arrow = ': '): string[] {
  const shown = (node.entries ?? []).map(([key, value]) => `${keyText(node, key)}${arrow}${printTree(value, indent + 2)}`)
  return node.more ? [...shown, `… ${count(node.more)} more`] : shown
}

function keyText(node: TreeNode, key: string): string {
  if (node.t === 'map' || IDENTIFIER.test(key)) return key
  return key.startsWith('Symbol(') ? `[${key}]` : JSON.stringify(key)
}

function group(open: string, close: string, parts: readonly string[], indent: number): string {
  if (parts.length === 0) return open + close
  const length = parts.reduce((sum, part) => sum + part.length + 2, indent)
  const inner = open === '[' && parts.length > 6 ? rows(parts, indent) : undefined
  if (length <= LINE && !parts.some((part) => part.includes('\n'))) return `${open} ${parts.join(', ')} ${close}`
  const pad = ' '.repeat(indent + 2)
  return `${open}\n${pad}${(inner ?? parts).join(`,\n${pad}`)}\n${' '.repeat(indent)}${close}`
}

/** Several short elements of an array share a line. */
function rows(parts: readonly string[], indent: number): string[] | undefined {
  if (parts.some((part) => part.length > 20 || part.includes('\n'))) return undefined
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + part.length + 2 <= LINE - indent) lines[lines.length - 1] = `${last}, ${part}`
    else lines.push(part)
  }
  return lines
}

function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}
