import type { StatementFacts } from './facts.ts'
import type { ReadHole } from './holes.ts'
import { UNICODE_SPACE } from './patterns.ts'
import type { Statement } from './statements.ts'
import type { Dialect, Token } from './tokens.ts'

/** One statement as `bind` takes it: its own text, and the places where values go. */
export interface StatementTemplate extends StatementFacts {
  pieces: Piece[]
}

/** Offsets are places in the cell. */
export type Piece = { kind: 'text'; text: string; offset: number } | Slot
export interface Slot extends ReadHole {
  offset: number
  /** It is the list of a whole `in (…)` or `not in (…)`, which belongs to it: there it may be empty. */
  membership?: 'in' | 'not in'
}

export interface TemplateSource {
  /** As the engine shall see it; places are the same as in the cell. */
  text: string
  holes: readonly ReadHole[]
}

/** DuckDB replaces the spaces that are not ASCII itself, after which its errors point elsewhere. */
export function engineText(source: string, dialect: Dialect, tokens: readonly Token[]): string {
  if (dialect !== 'duckdb' || source.search(UNICODE_SPACE) < 0) return source
  const pieces: string[] = []
  let at = 0
  for (const { start, end } of tokens) {
    pieces.push(source.slice(at, start).replace(UNICODE_SPACE, ' '), source.slice(start, end))
    at = end
  }
  return pieces.join('') + source.slice(at).replace(UNICODE_SPACE, ' ')
}

/** The text of a statement is the user's own, save where a value goes. */
export function templateOf({ tokens, start, end }: Statement, facts: StatementFacts, from: TemplateSource): StatementTemplate {
  const pieces: Piece[] = []
  let at = start + (/^\s*/.exec(from.text.slice(start, end))?.[0].length ?? 0)
  for (const [n, token] of tokens.entries()) {
    const hole = token.hole === undefined ? undefined : from.holes[token.hole]
    if (!hole) continue
    const slot = slotOf(tokens, n, hole)
    pieces.push(textOf(from.text, at, slot.from), { kind: hole.kind, value: hole.value, offset: token.start, ...slot.membership })
    at = slot.to
  }
  pieces.push(textOf(from.text, at, end))
  return { ...facts, pieces: pieces.filter((piece) => piece.kind !== 'text' || piece.text !== '') }
}

function textOf(text: string, from: number, to: number): Piece {
  return { kind: 'text', text: text.slice(from, to), offset: from }
}

function slotOf(tokens: readonly Token[], at: number, { kind }: ReadHole) {
  const { start, end } = tokens[at] as Token
  const isBare = tokens[at - 1]?.text === 'in'
  const isWhole = tokens[at - 1]?.text === '(' && tokens[at - 2]?.text === 'in' && tokens[at + 1]?.text === ')'
  if (kind !== 'list' || (!isBare && !isWhole)) return { from: start, to: end }
  const word = isBare ? at - 1 : at - 2
  const negated = tokens[word - 1]?.text === 'not'
  return {
    from: (tokens[negated ? word - 1 : word] as Token).start,
    to: isWhole ? (tokens[at + 1] as Token).end : end,
    membership: { membership: negated ? ('not in' as const) : ('in' as const) },
  }
}
