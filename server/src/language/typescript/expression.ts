import MagicString from 'magic-string'
import { offsetAt } from '../position.ts'
import { children, isNode } from './ast.ts'
import { readCell } from './cell.ts'
import { instrument } from './instrument.ts'
import type { Names } from './names.ts'
import type { SyntaxProblem } from './parse.ts'
import { needsAll } from './transform.ts'

export type Expression =
  | {
      ok: true
      /** Still TypeScript, in parentheses, with the kernel's checks in it. */
      code: string
      /** The code is beyond what oxc can compile. */
      all: boolean
      /** Offsets count from the beginning of the expression. */
      names: Names
    }
  | {
      ok: false
      message: string
      /** From the beginning of the expression. */
      offset: number
    }

const BEFORE = '('

/** One expression, as in the hole of a Markdown cell. */
export function readExpression(expression: string): Expression {
  if (expression.trim() === '') return { ok: false, message: 'The braces are empty', offset: 0 }
  const source = `${BEFORE}${expression}\n)`
  const cell = readCell(source)
  if (!cell.ok)
    return { ok: false, message: withoutParentheses(cell.error, source), offset: placeIn(expression, cell.error, source) }
  const [statement, ...others] = children(cell.program, 'body')
  const inner = statement?.expression
  if (others.length > 0 || !isNode(inner) || inner.type !== 'ParenthesizedExpression')
    return { ok: false, message: 'One expression is expected here', offset: 0 }
  const code = new MagicString(source)
  instrument(code, cell.program)
  const assigns = cell.names.assigns.map(({ name, offset }) => ({ name, offset: offset - BEFORE.length }))
  return { ok: true, code: code.toString(), all: needsAll(cell.program), names: { ...cell.names, assigns } }
}

function placeIn(expression: string, error: SyntaxProblem, source: string): number {
  const offset = (offsetAt(source, error) ?? 0) - BEFORE.length
  return Math.min(Math.max(0, offset), expression.length)
}

/** The parentheses around the expression are not the user's. */
function withoutParentheses(error: SyntaxProblem, source: string): string {
  const misfit = /^(?:`,` or )?`\)` is missing here, before (.+?)(?: \(opened in line \d+\))?$/.exec(error.message)?.[1]
  if (misfit) return `${misfit} does not fit here`
  const isAtEnd = (offsetAt(source, error) ?? 0) >= source.length - 1
  return isAtEnd ? 'The expression ends too early' : error.message
}
