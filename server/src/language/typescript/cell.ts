import type { Node } from './ast.ts'
import { type Names, namesOf } from './names.ts'
import { parse, refusal, type SyntaxProblem } from './parse.ts'

export type Cell = { ok: true; program: Node; names: Names } | { ok: false; error: SyntaxProblem }

/** A cell's text as everything else in this folder takes it up. Total: what cannot be a cell gives a syntax error. */
export function readCell(source: string): Cell {
  const parsed = parse(source)
  if (!parsed.ok) return parsed
  const names = resolve(parsed.program)
  if (!names) return refusal(source, { message: 'This code is nested too deeply to be understood: split it up', offset: 0 })
  return names.conflict ? refusal(source, names.conflict) : { ok: true, program: parsed.program, names }
}

/** Scopes are resolved by recursion, which long chains of operators can exhaust. */
function resolve(program: Node): Names | undefined {
  try {
    return namesOf(program)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
