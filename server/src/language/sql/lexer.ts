import { closingBrace } from '../typescript/braces.ts'
import { readExpression } from '../typescript/expression.ts'
import type { Halt } from '../typescript/scanner.ts'
import { MESSAGES } from './messages.ts'
import { BLOCK_COMMENT_EDGE, type Patterns, patternsOf } from './patterns.ts'
import { type Dialect, type Hole, type Lexed, lowerCase, problem, type SqlProblem, type Token } from './tokens.ts'

/** Tokens of TypeScript in one hole. */
const MAX_TOKENS = 200_000

/** Reads a text as the engines' own scanners do. Total and linear: every text gives tokens, or a problem with its place. */
export function lex(source: string, dialect: Dialect): Lexed | SqlProblem {
  const bad = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(source)
  if (bad) return problem(MESSAGES.character, bad.index)
  try {
    return new Lexer(source, dialect).read()
  } catch (error) {
    if (error instanceof Refused) return problem(error.message, error.offset)
    throw error
  }
}

class Refused extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

class Lexer {
  readonly #source: string
  readonly #patterns: Patterns
  readonly #tokens: Token[] = []
  readonly #holes: Hole[] = []
  readonly #remarks: Hole[] = []
  #at = 0

  constructor(source: string, dialect: Dialect) {
    this.#source = source
    this.#patterns = patternsOf(dialect)
  }

  read(): Lexed {
    while (this.#at < this.#source.length) this.#next()
    return { ok: true, tokens: this.#tokens, holes: this.#holes, remarks: this.#remarks }
  }

  #next(): void {
    const { space, word, number, operator, questionMark } = this.#patterns
    const start = this.#at
    const source = this.#source
    const char = source[start] as string
    if (this.#match(space)) return
    if (source.startsWith('--', start)) this.#lineComment()
    else if (source.startsWith('/*', start)) this.#blockComment()
    else if (char === "'") this.#string('plain')
    else if (char === '"') this.#quoted(0)
    else if (char === '$') this.#dollar()
    else if (this.#prefixed()) return
    else if (this.#match(word)) this.#push('word', start)
    else if (this.#match(number)) this.#push('number', start)
    else if (char === '?' && questionMark) this.#refuseParameter()
    else if (this.#match(operator)) this.#operator(start)
    else {
      this.#at += source.startsWith('::', start) || source.startsWith(':=', start) ? 2 : 1
      this.#push('punctuation', start)
    }
  }

  /** `e'…'`, `u&'…'` and `u&"…"`. Those of other letters read like a word and a plain string. */
  #prefixed(): boolean {
    const prefix = this.#source.slice(this.#at, this.#at + 3).toLowerCase()
    if (prefix.startsWith("e'")) this.#string('escapes', 1)
    else if (prefix === "u&'") this.#string('unicode', 2)
    else if (prefix === 'u&"') this.#quoted(2)
    else return false
    return true
  }

  /** A run of operator characters is one operator; a comment ends it. */
  #operator(start: number): void {
    const comment = this.#source.slice(start, this.#at).search(/--|\/\*/)
    if (comment > 0) this.#at = start + comment
    this.#push('operator', start)
  }

  #lineComment(): void {
    const start = this.#at
    this.#match(this.#patterns.lineComment)
    this.#remark(start)
  }

  /** They nest. */
  #blockComment(): void {
    const start = this.#at
    let depth = 0
    do {
      BLOCK_COMMENT_EDGE.lastIndex = this.#at
      const edge = BLOCK_COMMENT_EDGE.exec(this.#source)?.[0]
      if (edge === undefined) throw new Refused(MESSAGES.comment, start)
      depth += edge === '/*' ? 1 : -1
      this.#at = BLOCK_COMMENT_EDGE.lastIndex
    } while (depth > 0)
    this.#remark(start)
  }

  /** Holes in a comment end within it, or are none. */
  #remark(start: number): void {
    const text = this.#source.slice(start, this.#at)
    let from = text.indexOf('${')
    while (from >= 0) {
      const end = closingBrace(text, from + 2, MAX_TOKENS).at
      if (end === undefined) return
      this.#remarks.push({ start: start + from, end: start + end + 1 })
      from = text.indexOf('${', end)
    }
  }

  /** Up to its end; with escapes, what continues it on further lines is read with escapes, too. */
  #string(kind: 'plain' | 'escapes' | 'unicode', prefix = 0): void {
    const start = this.#at
    this.#at += prefix
    for (;;) {
      this.#at = this.#quoteEnd("'", this.#at, kind === 'escapes')
      if (this.#at < 0) throw new Refused(MESSAGES.string, start)
      if (kind === 'plain' || !this.#match(this.#patterns.continuation)) break
    }
    this.#noHole(start, MESSAGES.inString)
    this.#push('string', start)
  }

  #quoted(prefix: number): void {
    const start = this.#at
    this.#at = this.#quoteEnd('"', start + prefix, false)
    if (this.#at < 0) throw new Refused(MESSAGES.quotedName, start)
    this.#noHole(start, MESSAGES.inName)
    this.#push('quoted', start)
  }

  /** Behind the quotation mark that closes what opens at `open`; a doubled one does not. */
  #quoteEnd(mark: string, open: number, escapes: boolean): number {
    const source = this.#source
    for (let at = open + 1; at < source.length; at += 1) {
      const char = source[at]
      if (char === mark && source[at + 1] !== mark) return at + 1
      if (char === mark || (escapes && char === '\\')) at += 1
    }
    return -1
  }

  /** A hole, a dollar-quoted string, or what looks like a parameter. */
  #dollar(): void {
    const start = this.#at
    if (this.#source[start + 1] === '{') return this.#hole()
    if (!this.#match(this.#patterns.dollarQuote)) return this.#refuseParameter()
    const tag = this.#source.slice(start, this.#at)
    const end = this.#source.indexOf(tag, this.#at)
    if (end < 0) throw new Refused(`This string has no end: \`${shortened(tag)}\` is missing`, start)
    this.#at = end + tag.length
    this.#noHole(start + 1, MESSAGES.inDollarString)
    this.#push('string', start)
  }

  #hole(): void {
    const start = this.#at
    const { at, halt } = closingBrace(this.#source, start + 2, MAX_TOKENS)
    if (at === undefined) this.#refuseHole(start, halt)
    this.#at = at + 1
    const before = this.#tokens.at(-1)
    const glued = before?.end === start && (before.kind === 'word' || before.kind === 'number')
    if (glued || this.#patterns.wordPart.test(this.#source[this.#at] ?? '')) throw new Refused(MESSAGES.glued, start)
    this.#holes.push({ start, end: this.#at })
    this.#tokens.push({ kind: 'hole', text: '', start, end: this.#at, hole: this.#holes.length - 1 })
  }

  /** Read up to its first brace, what is wrong with it may be clearer. */
  #refuseHole(start: number, halt: Halt | undefined): never {
    if (!halt) throw new Refused(MESSAGES.hole, start)
    if (!halt.message) throw new Refused(MESSAGES.unclearSlash, halt.at)
    const brace = this.#source.indexOf('}', start)
    const read = brace < 0 ? undefined : readExpression(this.#source.slice(start + 2, brace))
    if (read && !read.ok) throw new Refused(read.message, start + 2 + read.offset)
    throw new Refused(halt.message, halt.at)
  }

  #noHole(start: number, message: string): void {
    const hole = this.#source.slice(start, this.#at).indexOf('${')
    if (hole >= 0) throw new Refused(message, start + hole)
  }

  #refuseParameter(): never {
    throw new Refused(MESSAGES.parameter, this.#at)
  }

  #push(kind: Token['kind'], start: number): void {
    const hasText = kind === 'word' || kind === 'operator' || kind === 'punctuation'
    const text = hasText ? lowerCase(this.#source.slice(start, this.#at)) : ''
    this.#tokens.push({ kind, text, start, end: this.#at })
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#source)) return false
    this.#at = pattern.lastIndex
    return true
  }
}

const MAX_SHOWN = 30

function shortened(tag: string): string {
  return tag.length > MAX_SHOWN ? `${tag.slice(0, MAX_SHOWN)}…` : tag
}
