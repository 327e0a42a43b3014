import { parseSync } from 'oxc-parser'
import { type Position, positionAt } from '../position.ts'
import { isNode, type Node } from './ast.ts'
import { guard } from './guard.ts'
import { findJsx } from './jsx.ts'
import { explain } from './messages.ts'
import { findRefused } from './refused.ts'

export type SyntaxProblem = Position & { message: string }
export type Parsed = { ok: true; program: Node } | { ok: false; error: SyntaxProblem }

const UNCHECKED = { lang: 'ts', sourceType: 'module', astType: 'ts', range: true } as const
const CHECKED = { ...UNCHECKED, showSemanticErrors: true } as const

/** Total: every text gives a module or a syntax error with a place inside the text. */
export function parse(source: string): Parsed {
  const guarded = guard(source)
  if (!guarded.ok) return refusal(source, guarded)
  const { lines } = guarded
  const checked = parseSync('cell.ts', lines.text, CHECKED)
  const error = checked.errors.find((each) => each.severity === 'Error')
  if (error) {
    const jsx = findJsx(source)
    if (jsx) return refusal(source, jsx)
    return refusal(
      source,
      explain(error, source, (offset) => lines.original(offset)),
    )
  }
  const program: unknown = lines.text === source ? checked.program : parseSync('cell.ts', source, UNCHECKED).program
  if (!isNode(program)) throw new TypeError('oxc-parser returned no program')
  const refused = findRefused(program)
  return refused ? refusal(source, refused) : { ok: true, program }
}

export function refusal(source: string, { message, offset }: { message: string; offset: number }) {
  return { ok: false as const, error: { message, ...positionAt(source, Math.min(offset, source.length)) } }
}
