import { parse } from '../typescript/parse.ts'
import { codeRanges } from './code.ts'

/** A piece of a Markdown cell: text, or the expression of a `${…}` with its offset in the source. */
export type Piece = { kind: 'text'; text: string } | { kind: 'hole'; expression: string; offset: number; error?: string }

/** Ends tried for one hole before it is called broken: keeps scanning linear. */
const MAX_ENDS = 40

/** Splits at `${…}`. Code spans and fences are literal, and `\${` is a dollar sign. */
export function splitHoles(source: string): Piece[] {
  const code = codeRanges(source)
  const pieces: Piece[] = []
  let text = ''
  let at = 0
  while (at < source.length) {
    const next = source.indexOf('${', at)
    const range = next < 0 ? undefined : code.find(([start, end]) => next >= start && next < end)
    const hole = next < 0 || range || isEscaped(source, next) ? undefined : readHole(source, next + 2)
    const end = next < 0 ? source.length : (range?.[1] ?? hole?.end ?? next + 2)
    text += hole ? source.slice(at, next) : unescapeHoles(source.slice(at, end), !range)
    if (hole) {
      if (text) pieces.push({ kind: 'text', text })
      pieces.push(hole.piece)
      text = ''
    }
    at = end
  }
  return text ? [...pieces, { kind: 'text', text }] : pieces
}

function isEscaped(source: string, at: number): boolean {
  let slashes = 0
  while (source[at - 1 - slashes] === '\\') slashes += 1
  return slashes % 2 === 1
}

function unescapeHoles(text: string, outsideCode: boolean): string {
  return outsideCode && text.endsWith('\\${') ? `${text.slice(0, -3)}\${` : text
}

/** The hole ends at the first brace that leaves a whole expression; what never parses ends at its first brace. */
function readHole(source: string, start: number): { piece: Piece; end: number } | undefined {
  let error: string | undefined
  let firstEnd: number | undefined
  let end = source.indexOf('}', start)
  for (let tries = 0; end >= 0 && tries < MAX_ENDS; tries += 1) {
    const expression = source.slice(start, end)
    const problem = expressionProblem(expression)
    if (!problem) return { piece: { kind: 'hole', expression, offset: start }, end: end + 1 }
    error ??= problem
    firstEnd ??= end
    end = source.indexOf('}', end + 1)
  }
  if (firstEnd === undefined) return undefined
  return { piece: { kind: 'hole', expression: source.slice(start, firstEnd), offset: start, error }, end: firstEnd + 1 }
}

function expressionProblem(expression: string): string | undefined {
  if (expression.trim() === '') return 'The braces are empty'
  const parsed = parse(`(${expression}\n)`)
  if (!parsed.ok) return parsed.error.message
  const statements = parsed.program.body as { type: string; expression?: { type: string; end: number } }[]
  const whole = statements.length === 1 && statements[0]?.expression?.type === 'ParenthesizedExpression'
  return whole ? undefined : 'Expected one expression'
}
