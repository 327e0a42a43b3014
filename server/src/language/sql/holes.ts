import MagicString from 'magic-string'
import type { Compiled } from '../compiled.ts'
import { positionsIn } from '../position.ts'
import { children, isNode, type Node } from '../typescript/ast.ts'
import { type Cell, readCell } from '../typescript/cell.ts'
import { readExpression } from '../typescript/expression.ts'
import { instrument, RUNTIME } from '../typescript/instrument.ts'
import type { Names } from '../typescript/names.ts'
import { bodyMapper, sourceMapper } from '../typescript/places.ts'
import { needsAll, toJavaScript } from '../typescript/transform.ts'
import { type Hole, problem, type SqlProblem } from './tokens.ts'

/** A value, the name of something, or as many values as a list has. */
export type HoleKind = 'value' | 'ident' | 'list'

export interface ReadHole {
  kind: HoleKind
  /** Which of the cell's values it takes: holes of the same text share one. */
  value: number
}

export interface Holes {
  ok: true
  /** As in the source. */
  holes: ReadHole[]
  /** How many different values there are. */
  values: number
  names: Names
  /** The expressions alone, each a statement, at the places where they stand in the cell. */
  script: Script
}

interface Script {
  text: string
  program: Node
  /** Of the first hole of each value. */
  places: Hole[]
}

const LIMIT = 1_000

/**
 * The holes of a SQL cell as one TypeScript text: everything else is blank, so that every place in it is the cell's own.
 * `${x}` becomes `;(x)`.
 */
export function readHoles(source: string, holes: readonly Hole[]): Holes | SqlProblem {
  if (holes.length === 0 && source !== '') return readHoles('', [])
  const tooMany = holes[LIMIT]
  if (tooMany) return problem(`A SQL cell can have ${LIMIT.toLocaleString('en')} holes`, tooMany.start)
  const whole = holes.map(({ start, end }) => ({ start, end, from: start + 2, to: end - 1 }))
  const expressions = parse(source, whole)
  if (!expressions) return culprit(source, whole)
  const taken: Argument[] = []
  for (const [n, expression] of expressions.nodes.entries()) {
    const argument = argumentOf(expression, whole[n] as Place)
    if (!argument.ok) return argument
    taken.push(argument)
  }
  return share(source, taken, expressions) ?? culprit(source, whole)
}

interface Place extends Hole {
  /** Of the expression. */
  from: number
  to: number
}

interface Argument extends Place {
  ok: true
  kind: HoleKind
}

/** `ident(x)` and `list(xs)` are no calls: they say what the hole is, and its value is what is between the parentheses. */
function argumentOf(node: Node, place: Place): Argument | SqlProblem {
  const callee = isNode(node.callee) ? node.callee : undefined
  const name = node.type === 'CallExpression' && callee?.type === 'Identifier' ? String(callee.name) : ''
  if (name !== 'ident' && name !== 'list') return { ...place, ok: true, kind: 'value' }
  const [argument, ...others] = children(node, 'arguments')
  if (!argument || others.length > 0 || argument.type === 'SpreadElement')
    return problem(`\`${name}\` takes exactly one value`, node.start)
  return { ...place, ok: true, kind: name, from: argument.start, to: argument.end }
}

/** Reads the expressions anew, each text once, and without what is only for SQL. */
function share(source: string, taken: readonly Argument[], whole: Parsed): Holes | undefined {
  const byText = new Map<string, number>()
  const places: Place[] = []
  const holes = taken.map((argument): ReadHole => {
    const text = source.slice(argument.from, argument.to).trim()
    const value = byText.get(text) ?? places.length
    if (value === places.length) places.push(argument)
    byText.set(text, value)
    return { kind: argument.kind, value }
  })
  const isWhole = places.length === taken.length && taken.every(({ kind }) => kind === 'value')
  const parsed = isWhole ? whole : parse(source, places)
  if (!parsed) return undefined
  const { text, cell } = parsed
  return { ok: true, holes, values: places.length, names: cell.names, script: { text, program: cell.program, places } }
}

interface Parsed {
  text: string
  cell: Extract<Cell, { ok: true }>
  /** What is in the parentheses. */
  nodes: Node[]
}

function parse(source: string, places: readonly Place[]): Parsed | undefined {
  const text = blank(source, places)
  const cell = readCell(text)
  if (!cell.ok) return undefined
  const nodes = expressionsOf(cell, places)
  return nodes && { text, cell, nodes }
}

function blank(source: string, places: readonly Place[]): string {
  const pieces: string[] = []
  let at = 0
  const spaces = (to: number) => pieces.push(source.slice(at, to).replace(/[^\n\r\u2028\u2029]/g, ' '))
  for (const { start, end, from, to } of places) {
    spaces(start)
    pieces.push(';(')
    at = start + 2
    spaces(from)
    pieces.push(source.slice(from, to))
    at = to
    spaces(end - 1)
    pieces.push(')')
    at = end
  }
  spaces(source.length)
  return pieces.join('')
}

/** What is in each pair of parentheses; undefined unless each holds exactly one expression. */
function expressionsOf({ program }: Extract<Cell, { ok: true }>, places: readonly Place[]): Node[] | undefined {
  const statements = children(program, 'body').filter(({ type }) => type !== 'EmptyStatement')
  if (statements.length !== places.length) return undefined
  const nodes = statements.flatMap(({ expression }, n) => {
    const { start, end } = places[n] as Place
    const isWhole = isNode(expression) && expression.type === 'ParenthesizedExpression'
    return isWhole && expression.start === start + 1 && expression.end === end && isNode(expression.expression)
      ? [expression.expression]
      : []
  })
  return nodes.length === places.length ? nodes : undefined
}

/** Which hole is wrong shows when each is read by itself, and so does what to say about it. */
function culprit(source: string, places: readonly Place[]): SqlProblem {
  for (const { start, from, to } of places) {
    const expression = source.slice(from, to)
    const read = readExpression(expression)
    if (!read.ok) return problem(read.message, expression.trim() === '' ? start : from + read.offset)
  }
  return problem('There are too many values here: define some of them in another cell', places[0]?.start ?? 0)
}

/** Names used in the holes of comments. What does not parse there is just a comment. */
export function namesInRemarks(source: string, remarks: readonly Hole[]): string[] {
  return remarks.slice(0, LIMIT).flatMap(({ start, end }) => {
    const read = readExpression(source.slice(start + 2, end - 1))
    return read.ok ? read.names.uses : []
  })
}

const VALUES = `${RUNTIME}Values`

/** The body of an async function that leaves the cell's values, in their order, as the run's value. */
export function compileHoles({ script: { text, program, places }, names }: Holes): Compiled {
  const code = new MagicString(text)
  instrument(code, program)
  for (const [n, { start, end }] of places.entries()) {
    code.overwrite(start, start + 1, `;${VALUES}[${n}]=${RUNTIME}.resumed(await`)
    code.appendLeft(end, ')')
  }
  code.prepend(`const ${VALUES}=[];`).append(`\n;${RUNTIME}.value=${VALUES};`)
  const all = needsAll(program)
  const script = toJavaScript(code.toString(), { all, sourcemap: false })
  const toSource = sourceMapper(code)
  if (!script.ok) return { ok: false, error: { ...script.error, ...(toSource(script.error) ?? positionsIn(text)(0)) } }
  return { ok: true, body: script.text, uses: names.uses, positionOf: bodyMapper(code, all, toSource) }
}
