/** Which engine reads the statement: they agree on almost everything that a lexer sees. */
export type Dialect = 'duckdb' | 'postgresql'

export interface Token {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'operator' | 'punctuation' | 'hole'
  /** Words in lower case, operators and punctuation as they are; empty for everything else. */
  text: string
  start: number
  end: number
  /** Which of the text's holes it is. */
  hole?: number
}

/** A `${…}` outside of comments. Offsets count in the source. */
export interface Hole {
  /** Of the dollar sign. */
  start: number
  /** Behind the brace. */
  end: number
}

export interface Lexed {
  ok: true
  tokens: Token[]
  holes: Hole[]
  /** Holes in comments: they name what they use, and are no part of the statement. */
  remarks: Hole[]
}

/** Why a text is not SQL, and where. */
export interface SqlProblem {
  ok: false
  message: string
  offset: number
}

export function problem(message: string, offset: number): SqlProblem {
  return { ok: false, message, offset }
}

/** Both engines fold ASCII only. */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
