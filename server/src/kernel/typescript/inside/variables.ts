import { describe } from './describe.ts'
import type { Memory } from './memory.ts'
import { plainJson } from './plain.ts'
import { printTree } from './print.ts'
import type { InsideVariable } from './protocol.ts'
import { QueryResult } from './result.ts'
import { kept, mapped } from './safe.ts'
import { cut, replaced } from './text.ts'
import type { TreeNode } from './tree.ts'

const MAX_JSON = 64 * 1024
const MAX_JSON_IN_ALL = 512 * 1024
const PREVIEW = 200
const LINE_BREAK = /\s*\n\s*/g

export function variablesOf(memory: Memory, names: readonly string[]): InsideVariable[] {
  let left = MAX_JSON_IN_ALL
  const known = kept(names, (name) => memory.has(name))
  return mapped(known, (name) => {
    const value = memory.get(name)
    if (QueryResult.is(value)) return { name, ...resultVariable(value) }
    const tree = describe(value, { depth: 2, entries: 20, nodes: 60, text: PREVIEW })
    const json = plainJson(value, Math.min(MAX_JSON, left))
    if (json) left -= JSON.stringify(json.json).length
    return { name, type: typeName(tree), preview: preview(tree), ...json }
  })
}

/** Its rows are not fetched for that. */
function resultVariable({ info: { columns, total } }: QueryResult): Omit<InsideVariable, 'name'> {
  let names = ''
  for (let i = 0; i < columns.length; i += 1) names += `${i === 0 ? '' : ', '}${columns[i]?.key}`
  return { type: `table(${total})`, preview: cut(`${total} × ${columns.length}: ${names}`, 0, PREVIEW) }
}

function preview(tree: TreeNode): string {
  const text = replaced(printTree(tree), LINE_BREAK, () => ' ')
  return text.length > PREVIEW ? `${cut(text, 0, PREVIEW - 1)}…` : text
}

function typeName(tree: TreeNode): string {
  switch (tree.t) {
    case 'array':
    case 'typed':
      return `${tree.name ?? 'Array'}(${tree.size})`
    case 'map':
      return `Map(${tree.size})`
    case 'set':
      return `Set(${tree.size})`
    case 'object':
    case 'cut':
      return tree.name ?? 'object'
    case 'error':
    case 'weak':
    case 'buffer':
      return tree.name ?? tree.t
    case 'date':
      return 'Date'
    case 'regexp':
      return 'RegExp'
    case 'promise':
      return 'Promise'
    default:
      return tree.t
  }
}
