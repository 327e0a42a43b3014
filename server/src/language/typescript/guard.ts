import { Nesting } from './nesting.ts'
import { Scanner, type Token } from './scanner.ts'

/**
 * The parser is native code. It ends the process when a text nests too deep, and writes an excerpt of the text for every
 * error it finds, which for thousands of errors, or on very long lines, takes minutes and all memory. So nothing reaches
 * it that was not looked through before, and then in the form of `lines`.
 */
export type Guarded = { ok: true; lines: Lines } | { ok: false; message: string; offset: number }

/** More words than people write in one cell; other data may come in any number. */
export const MAX_WORDS = 10_000

/** Words and values side by side, where no line can be broken; the longest row that means something has about ten. */
const MAX_ROW = 50

const LONG_LINE = 500
/** Behind these a line break means nothing. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: these are the tokens themselves.
const BREAKABLE = new Set('; , ( [ { ${ }${ = => : ? + - * / % ** & | ^ < . && || ?? == === != !== += -= ='.split(' '))

export function guard(source: string): Guarded {
  const scanner = new Scanner(source)
  const nesting = new Nesting()
  const lines = new Lines(source)
  let words = 0
  let row = 0
  for (let token = scanner.next(); token; token = scanner.next()) {
    const message = nesting.add(token)
    if (message) return { ok: false, message, offset: token.start }
    if (token.mayErr) words += 1
    if (words > MAX_WORDS) return { ok: false, message: TOO_LONG, offset: token.start }
    if (token.afterBreak || BREAKABLE.has(token.text)) row = 0
    else if (token.kind !== 'punctuator') row += 1
    if (row > MAX_ROW)
      return { ok: false, message: 'There is too much in a row here: is an operator missing?', offset: token.start }
    lines.add(token)
  }
  const { halt } = scanner
  if (!halt) return { ok: true, lines }
  const rest = source.slice(halt.at)
  if (!halt.certain && nesting.bears(rest) && words + rest.length <= MAX_WORDS) return { ok: true, lines }
  return { ok: false, message: halt.message ?? UNREADABLE, offset: halt.at }
}

const TOO_LONG = `A cell can have ${MAX_WORDS.toLocaleString('en')} words of code: split this one up`
const UNREADABLE =
  'This code is too long to tell division and regular expressions apart: put a semicolon or parentheses around this one'

/** A text with its longest lines broken where that changes nothing. */
export class Lines {
  readonly #source: string
  readonly #breaks: number[] = []
  #lineStart = 0
  #last = 0

  constructor(source: string) {
    this.#source = source
  }

  add(token: Token): void {
    if (token.afterBreak) this.#breakBefore(token)
    this.#last = token.start
    if (token.start - this.#lineStart >= LONG_LINE && BREAKABLE.has(token.text)) this.#break(token.start + token.text.length)
  }

  /** The parser's excerpts know line feeds only, while JavaScript has other line breaks, too. */
  #breakBefore(token: Token): void {
    if (this.#source.slice(this.#last, token.start).includes('\n')) this.#lineStart = token.start
    else if (token.start - this.#lineStart >= LONG_LINE) this.#break(token.start)
  }

  #break(at: number): void {
    this.#lineStart = at
    this.#breaks.push(at)
  }

  get text(): string {
    if (this.#breaks.length === 0) return this.#source
    return [0, ...this.#breaks].map((start, i) => this.#source.slice(start, this.#breaks[i])).join('\n')
  }

  /** From an offset in `text` to the one in the source. */
  original(offset: number): number {
    let at = offset
    for (const [i, place] of this.#breaks.entries()) {
      if (place + i >= offset) break
      at = offset - i - 1
    }
    return at
  }
}
