import type { Analysis } from '../../notebook/commands.ts'
import { memoise } from '../cache.ts'
import type { Compiled } from '../compiled.ts'
import { type Position, positionAt } from '../position.ts'
import { analyse as analyseTypeScript } from '../typescript/analyse.ts'
import { compileExpression, type ExpressionCode } from '../typescript/expression.ts'
import { RUNTIME } from '../typescript/instrument.ts'
import { type Piece, splitHoles } from './holes.ts'

/** Markdown uses names through `${…}` and defines nothing (X2). A broken hole is shown in place, never a syntax error. */
export const analyse = memoise((source: string): Analysis => {
  const found = holes(source).map((hole) => ({ hole, analysis: analyseTypeScript(`(${hole.expression}\n)`) }))
  return {
    defines: [],
    uses: [...new Set(found.flatMap((each) => each.analysis.uses))],
    assigns: found.flatMap(({ hole, analysis }) =>
      analysis.assigns.map((each) => ({ name: each.name, ...shift(source, hole.offset, each, 1) })),
    ),
    empty: source.trim() === '',
    tolerant: true,
  }
})

type Hole = Extract<Piece, { kind: 'hole' }>

function holes(source: string): Hole[] {
  return splitHoles(source).filter((piece) => piece.kind === 'hole')
}

/** From a place in a hole's expression, which began after `prefix` columns, to the place in the cell. */
function shift(source: string, offset: number, at: Position, prefix: number): Position {
  const start = positionAt(source, offset)
  if (at.line > 1) return { line: start.line + at.line - 1, column: at.column }
  return { line: start.line, column: start.column + at.column - 1 - prefix }
}

/** Every hole is a function of its own, so that one that fails leaves the others alone. One hole takes one line of the body. */
export const compile = memoise((source: string): Compiled => {
  const pieces = splitHoles(source)
  const codes = new Map<Piece, ExpressionCode>()
  for (const piece of pieces) if (piece.kind === 'hole') codes.set(piece, compileExpression(piece.expression))
  const lines = pieces.map((piece) => lineOf(piece, codes.get(piece)))
  return {
    ok: true,
    body: `${RUNTIME}.value=await ${RUNTIME}.markdown([\n${lines.join('\n')}\n]);return{}`,
    uses: [...new Set([...codes.values()].flatMap((code) => (code.ok ? code.uses : [])))],
    positionOf: () => undefined,
  }
})

function lineOf(piece: Piece, code: ExpressionCode | undefined): string {
  if (piece.kind === 'text') return `${JSON.stringify(piece.text)},`
  const source = JSON.stringify(piece.expression.trim())
  if (code?.ok) return `{source:${source},uses:${JSON.stringify(code.uses)},read:async()=>(${code.text})},`
  return `{source:${source},error:${JSON.stringify(piece.error ?? code?.message ?? 'Syntax error')}},`
}
