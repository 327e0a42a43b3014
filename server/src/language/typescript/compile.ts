import MagicString from 'magic-string'
import { memoise } from '../cache.ts'
import type { Compiled } from '../compiled.ts'
import { isExported } from './analyse.ts'
import { child, children, isNode } from './ast.ts'
import { type Cell, readCell } from './cell.ts'
import { rewriteImports, stripExports } from './imports.ts'
import { instrument, RUNTIME } from './instrument.ts'
import { bodyMapper, sourceMapper } from './places.ts'
import { needsAll, toJavaScript } from './transform.ts'

/** Compiles a TypeScript cell into the body of an async function. Total; never runs the code. */
export const compile = memoise((source: string): Compiled => {
  const cell = readCell(source)
  if (!cell.ok) return { ok: false, error: cell.error }
  const all = needsAll(cell.program)
  const code = rewrite(source, cell)
  const script = toJavaScript(code.toString(), { all, sourcemap: false })
  const toSource = sourceMapper(code)
  if (!script.ok) return { ok: false, error: { ...script.error, ...(toSource(script.error) ?? { line: 1, column: 1 }) } }
  return { ok: true, body: script.text, uses: cell.names.uses, positionOf: bodyMapper(code, all, toSource) }
})

function rewrite(source: string, { program, names }: Extract<Cell, { ok: true }>): MagicString {
  const code = new MagicString(source)
  const statements = children(program, 'body')
  if (isNode(program.hashbang)) code.remove(program.hashbang.start, program.hashbang.end)
  instrument(code, program)
  const last = statements.at(-1)
  if (last?.type === 'ExpressionStatement') {
    const expression = child(last, 'expression')
    code.prependRight(expression.start, `;${RUNTIME}.value=(`)
    code.appendLeft(expression.end, ');')
  }
  stripExports(code, statements)
  rewriteImports(code, statements)
  const exported = names.declared.filter((name) => isExported(name) && !names.disposed.has(name))
  // Before types are removed: what is named here counts as used.
  code.append(`\n;${RUNTIME}.names={${exported.map((name) => `${JSON.stringify(name)}:${name}`).join(',')}};`)
  return code
}
