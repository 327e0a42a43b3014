import { type Halt, Scanner } from './scanner.ts'

export interface Closing {
  /** Where the brace stands that closes an expression; undefined when there is none, or it cannot be told. */
  at: number | undefined
  /** Where reading stopped, if it did. */
  halt: Halt | undefined
  /** Tokens read. */
  tokens: number
}

/** The end of an expression that began behind an opening brace, as TypeScript sees it: braces, strings and templates nest. */
export function closingBrace(source: string, from: number, maxTokens: number): Closing {
  const scanner = new Scanner(source, from)
  let depth = 0
  let tokens = 0
  for (let token = scanner.next(); token && tokens < maxTokens; token = scanner.next()) {
    tokens += 1
    if (token.text === '}' && depth === 0) return { at: token.start, halt: undefined, tokens }
    if (token.text === '{') depth += 1
    else if (token.text === '}') depth -= 1
  }
  return { at: undefined, halt: scanner.halt, tokens }
}
