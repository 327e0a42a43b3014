import MagicString from 'magic-string'
import { readCell } from './cell.ts'
import { instrument } from './instrument.ts'
import { needsAll, toJavaScript } from './transform.ts'

export type ExpressionCode = { ok: true; text: string; uses: readonly string[] } | { ok: false; message: string }

/** Compiles one expression, as in the hole of a Markdown cell. */
export function compileExpression(expression: string): ExpressionCode {
  const source = `(${expression}\n)`
  const cell = readCell(source)
  if (!cell.ok) return { ok: false, message: cell.error.message }
  const code = new MagicString(source)
  instrument(code, cell.program)
  const script = toJavaScript(code.toString(), { all: needsAll(cell.program), sourcemap: false })
  if (!script.ok) return { ok: false, message: script.error.message }
  return { ok: true, text: script.text.trim().replace(/;$/, ''), uses: cell.names.uses }
}
