import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type MagicString from 'magic-string'
import { offsetAt, type Position, positionAt } from '../position.ts'
import { toJavaScript } from './transform.ts'

/** From a place in one text to the one it came from, if it came from anywhere. */
export type Mapper = (at: Position) => Position | undefined

/** From the body that runs to the user's own code. Maps are made when the first error asks for them: most cells never fail. */
export function bodyMapper(code: MagicString, all: boolean, toSource: Mapper): Mapper {
  let map: TraceMap | undefined
  return (at) => {
    if (at.line < 1 || at.column < 1) return undefined
    map ??= mapOfBody(code, all)
    const between = map && originalPositionFor(map, { line: at.line, column: at.column - 1 })
    return between && between.line !== null ? toSource({ line: between.line, column: between.column + 1 }) : undefined
  }
}

function mapOfBody(code: MagicString, all: boolean): TraceMap | undefined {
  const script = toJavaScript(code.toString(), { all, sourcemap: true })
  return script.ok && script.map ? new TraceMap(script.map) : undefined
}

/** From rewritten code to the user's own. */
export function sourceMapper(code: MagicString): Mapper {
  let map: TraceMap | undefined
  return (at) => {
    const text = code.toString()
    const offset = offsetAt(text, at)
    if (offset === undefined) return undefined
    map ??= new TraceMap(JSON.stringify(code.generateMap({ hires: 'boundary' })))
    // These maps know line feeds only, while JavaScript has other line breaks, too.
    const before = text.slice(0, offset).split('\n')
    const { line, column } = originalPositionFor(map, { line: before.length, column: before.at(-1)?.length ?? 0 })
    if (line === null) return undefined
    const lines = code.original.split('\n').slice(0, line - 1)
    return positionAt(code.original, lines.reduce((sum, each) => sum + each.length + 1, 0) + column)
  }
}
