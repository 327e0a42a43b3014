import MagicString from 'magic-string'
import { transformSync } from 'oxc-transform'
import { instrument } from './instrument.ts'
import { namesOf } from './names.ts'
import { parse } from './parse.ts'

export type ExpressionCode = { ok: true; text: string; uses: readonly string[] } | { ok: false; message: string }

/** Compiles one expression, as in the hole of a Markdown cell. */
export function compileExpression(expression: string): ExpressionCode {
  const source = `(${expression}\n)`
  const parsed = parse(source)
  if (!parsed.ok) return { ok: false, message: parsed.error.message }
  const code = new MagicString(source)
  instrument(code, parsed.program)
  const result = transformSync('hole.ts', code.toString(), { lang: 'ts', sourceType: 'module', target: 'esnext' })
  const error = result.errors[0]
  if (error) return { ok: false, message: error.message }
  return { ok: true, text: result.code.trim().replace(/;$/, ''), uses: namesOf(parsed.program).uses }
}
