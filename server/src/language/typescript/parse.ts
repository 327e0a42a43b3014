import { type OxcError, parseSync } from 'oxc-parser'
import { type Position, positionAt } from '../position.ts'
import { isNode, type Node, walk } from './ast.ts'

export type Parsed = { ok: true; program: Node } | { ok: false; error: SyntaxProblem }
export type SyntaxProblem = Position & { message: string }

const OPTIONS = { lang: 'ts', sourceType: 'module', astType: 'ts', range: true, showSemanticErrors: true } as const

/** Total: every text gives a module or a syntax error with a place inside the text. */
export function parse(source: string): Parsed {
  const result = parseSync('cell.ts', source, OPTIONS)
  const error = result.errors.find((each) => each.severity === 'Error')
  if (error) return { ok: false, error: jsxProblem(source) ?? problem(source, error) }
  const program: unknown = result.program
  if (!isNode(program)) throw new TypeError('oxc-parser returned no program')
  const refused = findRefused(source, program)
  return refused ? { ok: false, error: refused } : { ok: true, program }
}

function problem(source: string, error: OxcError): SyntaxProblem {
  // Without a label it is the decoder's replacement character, which stands for a lone surrogate.
  const start = error.labels.length > 0 ? error.labels.at(-1)?.start : source.search(/[\ud800-\udfff\ufffd]/)
  const message = error.labels.length > 0 ? error.message : 'Invalid character'
  return { message, ...positionAt(source, Math.min(start ?? 0, source.length)) }
}

function jsxProblem(source: string): SyntaxProblem | undefined {
  if (!/<[A-Za-z>]/.test(source)) return undefined
  const result = parseSync('cell.tsx', source, { ...OPTIONS, lang: 'tsx' })
  if (result.errors.length > 0) return undefined
  let first = Number.POSITIVE_INFINITY
  const program: unknown = result.program
  if (!isNode(program)) return undefined
  walk(program, (node) => {
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') first = Math.min(first, node.start)
  })
  if (!Number.isFinite(first)) return undefined
  return { message: 'JSX is not available in cells: use the html`…` template tag', ...positionAt(source, first) }
}

const REFUSED: Record<string, string> = {
  Decorator: 'Decorators are not available in cells',
  TSImportEqualsDeclaration: '`import … = require()` is not available in cells: use `import … from`',
  TSExportAssignment: '`export =` is not available in cells',
  ExportAllDeclaration: 'A cell cannot re-export a module: import the names it should define',
}

/** What parses but has no meaning in a cell. */
function findRefused(source: string, program: Node): SyntaxProblem | undefined {
  let refused: Node | undefined
  walk(program, (node) => {
    if (node.type in REFUSED && (!refused || node.start < refused.start)) refused = node
    if (node.type === 'ExportNamedDeclaration' && isNode(node.source) && !refused) refused = node
  })
  if (!refused) return undefined
  const message = REFUSED[refused.type] ?? (REFUSED.ExportAllDeclaration as string)
  return { message, ...positionAt(source, refused.start) }
}
