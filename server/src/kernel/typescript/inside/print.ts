import { all, mapped } from './safe.ts'
import { begins, cut, includes, joined, matches, repeated } from './text.ts'
import type { TreeNode } from './tree.ts'

const LINE = 76
const DIGITS = /^-?\d+$/
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

/** A tree as text, as a console prints it: on one line where it fits. */
export function printTree(node: TreeNode, indent = 0): string {
  switch (node.t) {
    case 'string':
      return JSON.stringify(node.v) + (node.more ? `… ${count(node.more)} more characters` : '')
    case 'bigint':
      return matches(DIGITS, String(node.v)) ? `${node.v}n` : String(node.v)
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
  return withRest(
    mapped(node.entries ?? [], (entry) => printTree(entry[1], indent + 2)),
    node.more,
  )
}

function pairs(node: TreeNode, indent: number, arrow = ': '): string[] {
  const print = (entry: [string, TreeNode]) => `${keyText(node, entry[0])}${arrow}${printTree(entry[1], indent + 2)}`
  return withRest(mapped(node.entries ?? [], print), node.more)
}

function withRest(shown: string[], more: number | undefined): string[] {
  if (more) shown[shown.length] = `… ${count(more)} more`
  return shown
}

function keyText(node: TreeNode, key: string): string {
  if (node.t === 'map' || matches(IDENTIFIER, key)) return key
  return begins(key, 'Symbol(') ? `[${key}]` : JSON.stringify(key)
}

function group(open: string, close: string, parts: readonly string[], indent: number): string {
  if (parts.length === 0) return open + close
  let length = indent
  for (let i = 0; i < parts.length; i += 1) length += String(parts[i]).length + 2
  const inner = open === '[' && parts.length > 6 ? rows(parts, indent) : undefined
  if (length <= LINE && all(parts, (part) => !includes(part, '\n'))) return `${open} ${joined(parts, ', ')} ${close}`
  const pad = repeated(' ', indent + 2)
  return `${open}\n${pad}${joined(inner ?? parts, `,\n${pad}`)}\n${repeated(' ', indent)}${close}`
}

/** Several short elements of an array share a line. */
function rows(parts: readonly string[], indent: number): string[] | undefined {
  if (!all(parts, (part) => part.length <= 20 && !includes(part, '\n'))) return undefined
  const lines: string[] = []
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] as string
    const last = lines[lines.length - 1]
    if (last !== undefined && last.length + part.length + 2 <= LINE - indent) lines[lines.length - 1] = `${last}, ${part}`
    else lines[lines.length] = part
  }
  return lines
}

/** `1,234,567` */
function count(value: number): string {
  const digits = String(value)
  const first = digits.length % 3 || 3
  let text = cut(digits, 0, first)
  for (let at = first; at < digits.length; at += 3) text += `,${cut(digits, at, at + 3)}`
  return text
}
