import { badEscape, isIdentifier } from './escapes.ts'

/** One token as far as nesting depends on it: words, punctuators, and everything else that stands for a value. */
export interface Token {
  kind: 'word' | 'punctuator' | 'literal'
  /** Empty for literals. */
  text: string
  start: number
  /** A line break stands between this token and the one before. */
  afterBreak: boolean
  /** May cause an error message of its own; strings and numbers as data have them do not. */
  mayErr: boolean
  /** A parenthesis that ends the head of a statement, as of `if (…)`: what follows is nested in it. */
  endsHead: boolean
}

/** Where reading tokens cannot go on reliably. */
export interface Halt {
  at: number
  /** Absent where it takes a parser to tell a regular expression from a division. */
  message?: string
  /** An error whatever a parser would say. */
  certain?: true
}

export const UNTERMINATED = {
  string: 'This string has no end: a quotation mark is missing',
  template: 'This template has no end: a backtick is missing',
  comment: 'This comment has no end: `*/` is missing',
  regex: 'This regular expression has no end: a `/` is missing',
} as const

/** What comes next in an expression: a slash is a regular expression before an operand, and a division before an operator. */
type Expected = 'operand' | 'operator' | 'unclear'

const SPACE = /[\s\ufeff]+/y
const LINE_COMMENT = /(?:\/\/|^#!)[^\n\r\u2028\u2029]*/y
const WORD = /(?:[^\s!-"%-/:-@[-^`{-~]|\\u[\da-f]{4}|\\u\{0*[\da-f]{1,6}\})+/iy
const NUMBER = /0[xob]\w*|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d[\d_]*)?n?/iy
const STRING = /"(?:[^"\\\r\n]|\\(?:\r\n|[\s\S]))*"|'(?:[^'\\\r\n]|\\(?:\r\n|[\s\S]))*'/y
const REGEX = /\/(?![*/])(?:[^\\/[\r\n\u2028\u2029]|\\.|\[(?:[^\\\]\r\n\u2028\u2029]|\\.)*\])+\/\w*/y
const PUNCTUATOR = /=>|===?|!==?|\*\*=?|\+\+|--|&&=?|\|\|=?|\?\?=?|\?\.(?!\d)|\.\.\.|<<=|<=|<<(?![\w$<])|[-+*%&|^/]=|[\s\S]/y
const MAX_FLAGS = 'dgimsuvy'.length
const BREAK = /[\n\r\u2028\u2029]/

/** Reserved words that an operand follows. Of the others only `of` may come before a regular expression. */
const BEFORE_OPERAND = new Set(
  'return typeof case in instanceof delete void throw new else do extends default await yield'.split(' '),
)
const HEADS = new Set(['if', 'for', 'while', 'with'])

/**
 * Reads TypeScript's tokens without parsing, exactly, and stops where it cannot: how deep a text nests has to be known
 * before a parser that recurses may see it.
 */
export class Scanner {
  halt: Halt | undefined
  readonly #source: string
  #at = 0
  #previous: Token | undefined
  #beforePrevious: Token | undefined
  #expected: Expected = 'operand'
  /** Open braces, innermost last; those that belong to a template are true. */
  readonly #braces: boolean[] = []
  /** For every open parenthesis, whether it began the head of a statement. */
  readonly #parentheses: boolean[] = []

  constructor(source: string, from = 0) {
    this.#source = source
    this.#at = from
  }

  next(): Token | undefined {
    const token: Token = { kind: 'punctuator', text: '', start: 0, afterBreak: this.#skip(), mayErr: false, endsHead: false }
    token.start = this.#at
    if (this.halt || this.#at >= this.#source.length) return undefined
    this.#read(token)
    if (this.halt) return undefined
    this.#expected = this.#expectedAfter(token)
    this.#beforePrevious = this.#previous
    this.#previous = token
    return token
  }

  /** Space and comments; whether there was a line break. */
  #skip(): boolean {
    const start = this.#at
    for (;;) {
      if (this.#match(SPACE) || this.#match(LINE_COMMENT)) continue
      if (!this.#source.startsWith('/*', this.#at)) return this.#at > start && BREAK.test(this.#source.slice(start, this.#at))
      const end = this.#source.indexOf('*/', this.#at + 2)
      if (end >= 0) this.#at = end + 2
      else {
        this.#stop(UNTERMINATED.comment)
        return false
      }
    }
  }

  #read(token: Token): void {
    const char = this.#source[token.start] as string
    token.mayErr = true
    if (char === '"' || char === "'") this.#string(token)
    else if (char === '`' || (char === '}' && this.#braces.pop())) this.#template(token, char)
    else if (((char >= '0' && char <= '9') || char === '.') && this.#match(NUMBER)) {
      token.kind = 'literal'
      token.mayErr = char === '0'
    } else if (this.#match(WORD)) {
      token.kind = 'word'
      token.text = this.#source.slice(token.start, this.#at)
      if (token.text.includes('\\') && !isIdentifier(token.text)) this.#refuse(token.start, 'No name can contain this character')
    } else if (char === '/' && this.#isRegex()) this.#regex(token)
    else {
      this.#match(PUNCTUATOR)
      token.mayErr = false
      token.text = this.#source.slice(token.start, this.#at)
      this.#track(token)
    }
  }

  #string(token: Token): void {
    this.#literal(token, STRING, UNTERMINATED.string)
    if (this.halt) return
    const text = this.#source.slice(token.start, this.#at)
    token.mayErr = text.includes('__proto__')
    const bad = badEscape(text)
    if (bad)
      this.#refuse(token.start + bad.index, `Strings have no escape \`${bad.escape}\`: a backslash itself is written twice`)
  }

  /** The parser has an error for each flag that is too many. */
  #regex(token: Token): void {
    this.#literal(token, REGEX, UNTERMINATED.regex)
    if (this.halt) return
    const flags = this.#source.slice(this.#source.lastIndexOf('/', this.#at - 1) + 1, this.#at)
    if (flags.length > MAX_FLAGS) this.#refuse(this.#at - flags.length, 'These are not flags of a regular expression')
  }

  #literal(token: Token, pattern: RegExp, message: string): void {
    token.kind = 'literal'
    if (!this.#match(pattern)) this.#stop(message)
  }

  /** Up to the end of a template, or to its next hole, which is a bracket like others. */
  #template(token: Token, opening: string): void {
    for (let at = token.start + 1; at < this.#source.length; at += 1) {
      const char = this.#source[at]
      if (char === '\\') at += 1
      else if (char === '`') {
        this.#at = at + 1
        if (opening === '`') token.kind = 'literal'
        else token.text = '}`'
        return
      } else if (char === '$' && this.#source[at + 1] === '{') {
        this.#at = at + 2
        this.#braces.push(true)
        token.text = opening === '`' ? '${' : '}${'
        return
      }
    }
    this.#stop(UNTERMINATED.template)
  }

  #track(token: Token): void {
    if (token.text === '\\') this.#refuse(token.start, 'A backslash can only stand in strings, templates and regular expressions')
    if (token.text === '{') this.#braces.push(false)
    else if (token.text === '(') this.#parentheses.push(this.#isHead())
    else if (token.text === ')') token.endsHead = this.#parentheses.pop() ?? false
  }

  #isHead(): boolean {
    const word = this.#previous?.text ?? ''
    const before = this.#beforePrevious?.text
    return word === 'await' ? before === 'for' : HEADS.has(word) && before !== '.' && before !== '?.'
  }

  #expectedAfter({ kind, text, afterBreak, endsHead }: Token): Expected {
    if (kind === 'literal') return 'operator'
    if (kind === 'word') {
      const before = this.#previous?.text
      if (before === '.' || before === '?.') return 'operator'
      return text === 'of' ? 'unclear' : BEFORE_OPERAND.has(text) ? 'operand' : 'operator'
    }
    if (text === ']' || text === '}`') return 'operator'
    if (text === ')') return endsHead ? 'operand' : 'operator'
    if (text === '}') return 'unclear'
    // Behind a value on the same line they belong to it.
    if (text === '!' || text === '++' || text === '--')
      return afterBreak && this.#expected === 'operator' ? 'operand' : this.#expected
    return 'operand'
  }

  /** What is unclear matters only if both readings are possible. */
  #isRegex(): boolean {
    if (this.#expected === 'unclear') {
      REGEX.lastIndex = this.#at
      if (REGEX.test(this.#source)) this.halt = { at: this.#at }
    }
    return this.#expected === 'operand'
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#source)) return false
    this.#at = pattern.lastIndex
    return true
  }

  #refuse(at: number, message: string): void {
    this.halt = { at, message, certain: true }
  }

  #stop(message: string): void {
    this.halt = { at: this.#at, message }
  }
}
