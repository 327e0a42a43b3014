import type { Dialect } from './tokens.ts'

/** What the engines' scanners look for, as sticky patterns. None of them backtracks. */
export interface Patterns {
  space: RegExp
  word: RegExp
  /** One character that would go on with a word. */
  wordPart: RegExp
  number: RegExp
  operator: RegExp
  lineComment: RegExp
  /** What opens a dollar-quoted string. */
  dollarQuote: RegExp
  /** Between two pieces of one string, up to the second quotation mark: space with a line break in it. */
  continuation: RegExp
  /** `?` is a parameter, not an operator. */
  questionMark: boolean
}

/** Comments nest. */
export const BLOCK_COMMENT_EDGE = /\/\*|\*\//g

/** What DuckDB takes for a space beyond ASCII. To PostgreSQL these are letters. */
const UNICODE_SPACES = '\\u00a0\\u2000-\\u200d\\u202f\\u205f\\u2060\\u3000\\ufeff'
export const UNICODE_SPACE = new RegExp(`[${UNICODE_SPACES}]`, 'g')

const DIGITS = '\\d(?:_?\\d)*'
const EXPONENT = '(?:e[+-]?\\d+)?'
const NUMBER = `0x[\\da-f](?:_?[\\da-f])*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*|${DIGITS}(?:\\.(?!\\.)(?:${DIGITS})?)?${EXPONENT}|\\.${DIGITS}${EXPONENT}`

function make(dialect: Dialect): Patterns {
  const spaces = dialect === 'duckdb' ? UNICODE_SPACES : ''
  const letter = spaces ? `(?![${spaces}])[a-z_\\u0080-\\uffff]` : '[a-z_\\u0080-\\uffff]'
  const part = spaces ? `(?![${spaces}])[a-z_\\d\\u0080-\\uffff]` : '[a-z_\\d\\u0080-\\uffff]'
  const blank = ` \\t\\f\\v${spaces}`
  // To the end of the line and nowhere else, so that no text can be read in two ways.
  const comment = '--[^\\n\\r]*(?![^\\n\\r])'
  const sticky = (pattern: string) => new RegExp(pattern, 'iy')
  return {
    space: sticky(`[\\n\\r${blank}]+`),
    word: sticky(`${letter}(?:${part}|\\$(?!\\{))*`),
    wordPart: new RegExp(`^(?:${part}|\\$)`, 'i'),
    number: sticky(NUMBER),
    operator: sticky(dialect === 'duckdb' ? '[~!@#^&|`+\\-*/%<>=]+' : '[~!@#^&|`?+\\-*/%<>=]+'),
    lineComment: sticky(comment),
    dollarQuote: sticky(`\\$(?:${letter}(?:${part})*)?\\$`),
    continuation: sticky(`(?:[${blank}]|${comment})*[\\n\\r](?:[\\n\\r${blank}]|${comment}[\\n\\r])*(?=')`),
    questionMark: dialect === 'duckdb',
  }
}

const PATTERNS: Record<Dialect, Patterns> = { duckdb: make('duckdb'), postgresql: make('postgresql') }

export function patternsOf(dialect: Dialect): Patterns {
  return PATTERNS[dialect]
}
