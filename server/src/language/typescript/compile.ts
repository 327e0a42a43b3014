import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import MagicString from 'magic-string'
import { transformSync } from 'oxc-transform'
import { memoise } from '../cache.ts'
import type { Compiled } from '../compiled.ts'
import { type Position, positionAt } from '../position.ts'
import { child, type Node } from './ast.ts'
import { rewriteImports, stripExports } from './imports.ts'
import { instrument, RUNTIME } from './instrument.ts'
import { namesOf } from './names.ts'
import { parse } from './parse.ts'

/** Compiles a TypeScript cell into the body of an async function. Total; never runs the code. */
export const compile = memoise(2_000, (source: string): Compiled => {
  const parsed = parse(source)
  if (!parsed.ok) return { ok: false, error: parsed.error }
  const code = rewrite(source, parsed.program)
  const script = strip(code, false)
  if (!script.ok) return script
  const names = namesOf(parsed.program)
  const exported = names.declared.filter((name) => !names.disposed.has(name))
  return {
    ok: true,
    body: `${script.body}\n;${RUNTIME}.names={${exported.map((name) => `${JSON.stringify(name)}:${name}`).join(',')}}`,
    uses: names.uses,
    positionOf: mapper(code),
  }
})

function rewrite(source: string, program: Node): MagicString {
  const code = new MagicString(source)
  const statements = program.body as Node[]
  instrument(code, program)
  const last = statements.at(-1)
  if (last?.type === 'ExpressionStatement') {
    const expression = child(last, 'expression')
    code.prependLeft(expression.start, `;${RUNTIME}.value=(`)
    code.appendRight(expression.end, ');')
  }
  stripExports(code, statements)
  rewriteImports(code, statements)
  return code
}

type Stripped = { ok: true; body: string; map?: TraceMap } | Extract<Compiled, { ok: false }>

/** Removes types, and turns enums, namespaces and parameter properties into JavaScript. */
function strip(code: MagicString, sourcemap: boolean): Stripped {
  const result = transformSync('cell.ts', code.toString(), { lang: 'ts', sourceType: 'module', target: 'esnext', sourcemap })
  const error = result.errors[0]
  if (error) return { ok: false, error: { message: error.message, ...positionAt(code.original, error.labels[0]?.start ?? 0) } }
  return { ok: true, body: result.code, map: result.map ? new TraceMap(result.map as never) : undefined }
}

/** Maps are made when the first error asks for them: most cells never fail. */
function mapper(code: MagicString): (at: Position) => Position | undefined {
  let maps: { stripped: TraceMap; rewritten: TraceMap } | undefined
  return (at) => {
    maps ??= mapsOf(code)
    const between = maps && originalPositionFor(maps.stripped, { line: at.line, column: at.column - 1 })
    if (!maps || between?.line == null) return undefined
    const original = originalPositionFor(maps.rewritten, { line: between.line, column: between.column })
    return original.line === null ? undefined : { line: original.line, column: original.column + 1 }
  }
}

function mapsOf(code: MagicString): { stripped: TraceMap; rewritten: TraceMap } | undefined {
  const script = strip(code, true)
  if (!script.ok || !script.map) return undefined
  return { stripped: script.map, rewritten: new TraceMap(code.generateMap({ hires: 'boundary' }) as never) }
}
