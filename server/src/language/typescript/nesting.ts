import type { Token } from './scanner.ts'

/** Far beyond what people write, and far below what ends the process or takes a parser minutes. */
export const MAX_NESTING = { brackets: 200, angles: 64, statements: 2_000, tokens: 4_000 } as const

interface Level {
  /** A `<`, which may be a bracket or a comparison. */
  angle: boolean
  /** Statements within statements, and all other tokens, that may still be open here. */
  statements: number
  tokens: number
}

const OPENING = new Set(['(', '[', '{', '${'])
const CLOSING = new Set([')', ']', '}', '}`'])
const NESTING_STATEMENTS = new Set(['if', 'else', 'for', 'while', 'do', 'with'])

/** Words that may go on with what the line before began, or that need what follows them. */
const JOINING = new Set(
  (
    'else while in of instanceof as satisfies is extends implements from catch finally infer keyof asserts assert with await yield new typeof void delete ' +
    'return throw case do async function class abstract export default declare type namespace module let const var using static get set accessor import ' +
    'readonly unique override public private protected out interface enum if for try switch'
  ).split(' '),
)
/** Those of them that begin a statement or a member whatever stands before. */
const BEGINNING = new Set(
  (
    'return throw case function class abstract export default declare type namespace module let const var using static get set accessor import ' +
    'readonly override public private protected interface enum if for try switch do async new await yield typeof void delete'
  ).split(' '),
)
/** What no type contains: the `<` before it was a comparison. */
const NO_TYPE = new Set('+ * / % ** && || ?? == === != !== ! ~ ^ ++ -- += -= *= /= %= &&= ||= ??='.split(' '))

/**
 * How deep a recursive parser would go. Estimated from above: everything counts as nested until a separator proves that
 * it has ended, so that no text whatever, valid or not, gets further than the limits.
 */
export class Nesting {
  readonly #levels: Level[] = []
  #top: Level = { angle: false, statements: 0, tokens: 0 }
  #angles = 0
  #statements = 0
  #tokens = 0
  #previous: Token | undefined
  /** The token before the last one could stand before a label. */
  #labelPossible = true

  /** A sentence if that was too much. */
  add(token: Token): string | undefined {
    if (this.#beginsAfresh(token)) this.#reset(true)
    this.#count(token)
    this.#previous = token
    if (this.#levels.length - this.#angles > MAX_NESTING.brackets)
      return `Brackets are nested more than ${MAX_NESTING.brackets} deep here`
    if (this.#angles > MAX_NESTING.angles)
      return `There are more than ${MAX_NESTING.angles} \`<\` without \`>\` here: put comparisons in parentheses`
    if (this.#statements > MAX_NESTING.statements) return 'Statements are nested too deeply here'
    return this.#tokens > MAX_NESTING.tokens ? 'This expression is too long: split it up' : undefined
  }

  /** Whether the limits would hold if everything in a text were nested. */
  bears(rest: string): boolean {
    const openings = rest.match(/[([{<]/g)?.length ?? 0
    const statements = rest.match(/if|else|for|while|do|with|:/g)?.length ?? 0
    return (
      this.#levels.length + openings <= MAX_NESTING.angles &&
      this.#statements + statements <= MAX_NESTING.statements &&
      this.#tokens + rest.length <= MAX_NESTING.tokens
    )
  }

  #count(token: Token): void {
    const { text, kind } = token
    const labelled = this.#previous?.kind === 'word' && this.#labelPossible
    this.#labelPossible = this.#startsStatement(token)
    this.#grow(kind === 'word' && NESTING_STATEMENTS.has(text) ? 1 : text === ':' && labelled ? 1 : 0)
    if (text === ',') this.#reset(false)
    else if (text === ';') this.#closeAngles()
    else if (OPENING.has(text)) this.#open(false)
    else if (CLOSING.has(text)) this.#close()
    else if (text === '}${') {
      this.#close()
      this.#open(false)
    } else if (text === '<') this.#open(true)
    else if (text === '>' && this.#top.angle) this.#merge()
    else if (this.#top.angle && NO_TYPE.has(text)) this.#closeAngles()
  }

  /** Whether the word after `token`'s predecessor may be a label, as of the next token. */
  #startsStatement(token: Token): boolean {
    const before = this.#previous
    if (token.kind !== 'word') return false
    return !before || token.afterBreak || [';', '{', '}', ')', ':', 'else', 'do'].includes(before.text)
  }

  /** Everything at this level has ended: behind a semicolon, and where two values stand side by side. */
  #beginsAfresh(token: Token): boolean {
    const before = this.#previous
    if (!before) return false
    if (before.text === ';') return token.text !== 'else' && token.text !== 'while'
    if (token.kind !== 'word' || (JOINING.has(token.text) && !BEGINNING.has(token.text))) return false
    if (before.kind === 'word') return token.afterBreak && !JOINING.has(before.text)
    if (before.kind === 'literal' || before.text === ']' || before.text === '}`') return token.afterBreak
    return before.text === '}' || (before.text === ')' && !before.endsHead && token.afterBreak)
  }

  #grow(statements: number): void {
    this.#top.tokens += 1
    this.#tokens += 1
    this.#top.statements += statements
    this.#statements += statements
  }

  #open(angle: boolean): void {
    this.#levels.push(this.#top)
    this.#top = { angle, statements: 0, tokens: 0 }
    if (angle) this.#angles += 1
  }

  /** A bracket closes, and with it the angles inside. */
  #close(): void {
    this.#closeAngles()
    this.#reset(true)
    this.#top = this.#levels.pop() ?? this.#top
  }

  #closeAngles(): void {
    while (this.#top.angle) this.#merge()
  }

  /** If it was a comparison, what stands behind it is still open. */
  #merge(): void {
    const { tokens, statements } = this.#top
    this.#top = this.#levels.pop() as Level
    this.#angles -= 1
    this.#top.tokens += tokens
    this.#top.statements += statements
  }

  #reset(statements: boolean): void {
    if (statements) this.#closeAngles()
    this.#tokens -= this.#top.tokens
    this.#top.tokens = 0
    if (!statements) return
    this.#statements -= this.#top.statements
    this.#top.statements = 0
  }
}
