import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap, traceSegment } from '@jridgewell/trace-mapping'
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
    const place = { line: before.length, column: before.at(-1)?.length ?? 0 }
    const own = isOwn(map, place, { text, offset, original: code.original })
    const next = own ? undefined : mapped(originalPositionFor(map, { ...place, bias: LEAST_UPPER_BOUND }))
    const found = next ?? mapped(originalPositionFor(map, place))
    return found && positionAt(code.original, offsetOf(code.original, found))
  }
}

interface MapPlace {
  /** From 1. */
  line: number
  /** From 0. */
  column: number
}

const mapped = ({ line, column }: ReturnType<typeof originalPositionFor>): MapPlace | undefined =>
  line === null ? undefined : { line, column }

function offsetOf(text: string, { line, column }: MapPlace): number {
  const lines = text.split('\n').slice(0, line - 1)
  return lines.reduce((sum, each) => sum + each.length + 1, 0) + column
}

/**
 * Whether the place is in what the user wrote. Where code was put before it, which is where the engine takes a statement to begin, the
 * map knows only what stands further ahead: another statement, or nothing.
 */
function isOwn(map: TraceMap, { line, column }: MapPlace, of: { text: string; offset: number; original: string }): boolean {
  const segment = traceSegment(map, line - 1, column)
  if (!segment || segment.length === 1) return false
  const [start, , sourceLine, sourceColumn] = segment
  const since = column - start
  const from = offsetOf(of.original, { line: sourceLine + 1, column: sourceColumn })
  return since === 0 || of.text.slice(of.offset - since, of.offset + 1) === of.original.slice(from, from + since + 1)
}
