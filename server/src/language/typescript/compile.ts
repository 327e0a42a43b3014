import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import MagicString from 'magic-string'
import { memoise } from '../cache.ts'
import type { Compiled } from '../compiled.ts'
import type { Position } from '../position.ts'
import { isExported } from './analyse.ts'
import { child, children, isNode } from './ast.ts'
import { type Cell, readCell } from './cell.ts'
import { rewriteImports, stripExports } from './imports.ts'
import { instrument, RUNTIME } from './instrument.ts'
import { needsAll, toJavaScript } from './transform.ts'

/** Compiles a TypeScript cell into the body of an async function. Total; never runs the code. */
export const compile = memoise((source: string): Compiled => {
  const cell = readCell(source)
  if (!cell.ok) return { ok: false, error: cell.error }
  const all = needsAll(cell.program)
  const code = rewrite(source, cell)
  const script = toJavaScript(code.toString(), { all, sourcemap: false })
  if (!script.ok) return { ok: false, error: { ...script.error, ...(inSource(code, script.error) ?? { line: 1, column: 1 }) } }
  return { ok: true, body: script.text, uses: cell.names.uses, positionOf: mapper(code, all) }
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

/** Maps are made when the first error asks for them: most cells never fail. */
function mapper(code: MagicString, all: boolean): (at: Position) => Position | undefined {
  let script: TraceMap | undefined
  return (at) => {
    script ??= scriptMap(code, all)
    const between = script && originalPositionFor(script, { line: at.line, column: at.column - 1 })
    return between && between.line !== null ? inSource(code, { line: between.line, column: between.column + 1 }) : undefined
  }
}

function scriptMap(code: MagicString, all: boolean): TraceMap | undefined {
  const script = toJavaScript(code.toString(), { all, sourcemap: true })
  return script.ok && script.map ? new TraceMap(script.map) : undefined
}

/** From a place in the rewritten code to the user's own. */
function inSource(code: MagicString, at: Position): Position | undefined {
  const map = new TraceMap(JSON.stringify(code.generateMap({ hires: 'boundary' })))
  const { line, column } = originalPositionFor(map, { line: at.line, column: at.column - 1 })
  return line === null ? undefined : { line, column: column + 1 }
}
