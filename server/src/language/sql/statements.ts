import { problem, type SqlProblem, type Token } from './tokens.ts'

/** Brackets within brackets: far beyond what people write, and what the walk over names can bear. */
const MAX_NESTING = 200

/** Each costs a walk of its own, and a trip to the engine. */
const MAX_STATEMENTS = 5_000

/** The tokens of one statement: its semicolon is not among them. */
export interface Statement {
  tokens: readonly Token[]
  /** By index of an opening bracket: the index of the one that closes it, where there is one. */
  closing: ReadonlyMap<number, number>
  /** Where its text begins, comments before it included. */
  start: number
  end: number
}

const OPENING = '([{'
const CLOSING = ')]}'

/** Splits at semicolons; those in brackets and in bodies of functions belong to their statement. */
export function splitStatements(tokens: readonly Token[]): { ok: true; statements: Statement[] } | SqlProblem {
  const pairs = pairBrackets(tokens)
  if (!pairs.ok) return pairs
  const statements: Statement[] = []
  let from = 0
  let start = 0
  let body = new FunctionBody()
  for (let at = 0; at <= tokens.length; at += 1) {
    const token = tokens[at]
    if (token && body.holds(token, at - from)) continue
    if (token && token.text !== ';') {
      at = pairs.closing.get(at) ?? at
      continue
    }
    if (statements.length >= MAX_STATEMENTS) return problem(TOO_MANY, start)
    if (at > from) statements.push(cut(tokens, pairs.closing, { from, to: at, start }))
    from = at + 1
    start = token?.end ?? 0
    body = new FunctionBody()
  }
  return { ok: true, statements }
}

const TOO_MANY = `A cell can have ${MAX_STATEMENTS.toLocaleString('en')} statements: split this one up`

function cut(
  tokens: readonly Token[],
  closing: ReadonlyMap<number, number>,
  { from, to, start }: { from: number; to: number; start: number },
): Statement {
  const own = tokens.slice(from, to)
  const pairs = new Map<number, number>()
  for (let at = from; at < to; at += 1) {
    const end = closing.get(at)
    if (end !== undefined && end < to) pairs.set(at - from, end - from)
  }
  return { tokens: own, closing: pairs, start, end: own.at(-1)?.end ?? start }
}

function pairBrackets(tokens: readonly Token[]): { ok: true; closing: Map<number, number> } | SqlProblem {
  const closing = new Map<number, number>()
  const open: { at: number; closes: string }[] = []
  for (const [at, { kind, text, start }] of tokens.entries()) {
    if (kind !== 'punctuation') continue
    const opens = OPENING.indexOf(text)
    if (opens >= 0) {
      if (open.length >= MAX_NESTING) return problem(`Brackets are nested more than ${MAX_NESTING} deep here`, start)
      open.push({ at, closes: CLOSING[opens] as string })
    } else if (open.at(-1)?.closes === text) closing.set(open.pop()?.at ?? 0, at)
  }
  return { ok: true, closing }
}

/** PostgreSQL's `create function … begin atomic …; …; end`. */
class FunctionBody {
  #creates = false
  #makesFunction = false
  #depth = 0

  /** Whether this token, the n-th of its statement, stands inside such a body. */
  holds({ text }: Token, n: number): boolean {
    if (n === 0) this.#creates = text === 'create'
    if (this.#creates && n < 4 && (text === 'function' || text === 'procedure')) this.#makesFunction = true
    if (!this.#makesFunction) return false
    if (text === 'begin' || (text === 'case' && this.#depth > 0)) this.#depth += 1
    else if (text === 'end' && this.#depth > 0) this.#depth -= 1
    return this.#depth > 0
  }
}
