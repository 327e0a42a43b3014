import { parseSync } from 'oxc-parser'
import { isNode, walk } from './ast.ts'

/** Text between tags follows no rules, so that only little of it may reach the parser; see guard.ts. */
const MAX_LENGTH = 8_000
const MAX_BRACKETS = 300

/** Code that would be right if cells could contain JSX: where that begins. */
export function findJsx(source: string): { message: string; offset: number } | undefined {
  if (!/<[A-Za-z>]/.test(source) || source.length > MAX_LENGTH) return undefined
  if ((source.match(/[<([{]/g)?.length ?? 0) > MAX_BRACKETS) return undefined
  const { program, errors } = parseSync('cell.tsx', source, { lang: 'tsx', sourceType: 'module', astType: 'ts', range: true })
  if (errors.length > 0 || !isNode(program)) return undefined
  let offset = Number.POSITIVE_INFINITY
  walk(program, (node) => {
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') offset = Math.min(offset, node.start)
  })
  return Number.isFinite(offset) ? { message: 'JSX is not available in cells: use the html`…` template tag', offset } : undefined
}
