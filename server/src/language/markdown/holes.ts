import { closingBrace } from '../typescript/braces.ts'
import { codeRanges } from './code.ts'

/** A piece of a Markdown cell: text, or the expression of a `${…}` with its offset in the source. */
export type Piece = { kind: 'text'; text: string } | Hole
export interface Hole {
  kind: 'hole'
  expression: string
  offset: number
}

/** Tokens read in one cell to find where its holes end; beyond them a hole ends at its first brace. */
const MAX_TOKENS = 200_000

/** Splits at `${…}`. Code spans and fences are literal, and `\${` is a dollar sign. */
export function splitHoles(source: string): Piece[] {
  return new Splitter(source).split()
}

class Splitter {
  readonly #source: string
  readonly #code: [number, number][]
  readonly #pieces: Piece[] = []
  #text = ''
  #range = 0
  #tokens = MAX_TOKENS

  constructor(source: string) {
    this.#source = source
    this.#code = codeRanges(source)
  }

  split(): Piece[] {
    const source = this.#source
    let at = 0
    for (let next = source.indexOf('${'); next >= 0; next = source.indexOf('${', at)) {
      const codeEnd = this.#codeEnd(next)
      const end = codeEnd === undefined && !isEscaped(source, next) ? this.#holeEnd(next + 2) : undefined
      if (end === undefined) {
        const from = codeEnd ?? next + 2
        this.#text += codeEnd === undefined ? unescapeHole(source.slice(at, from)) : source.slice(at, from)
        at = from
      } else {
        this.#flush(source.slice(at, next))
        this.#pieces.push({ kind: 'hole', expression: source.slice(next + 2, end), offset: next + 2 })
        at = end + 1
      }
    }
    this.#flush(source.slice(at))
    return this.#pieces
  }

  #flush(text: string): void {
    this.#text += text
    if (this.#text) this.#pieces.push({ kind: 'text', text: this.#text })
    this.#text = ''
  }

  /** Where the code ends that a place lies in. Places come in order. */
  #codeEnd(place: number): number | undefined {
    while ((this.#code[this.#range]?.[1] ?? Number.POSITIVE_INFINITY) <= place) this.#range += 1
    const [start, end] = this.#code[this.#range] ?? [Number.POSITIVE_INFINITY, 0]
    return start <= place ? end : undefined
  }

  /** Its closing brace as TypeScript sees it. Where that cannot be told, it is the first one. */
  #holeEnd(start: number): number | undefined {
    const first = this.#source.indexOf('}', start)
    if (first < 0) return undefined
    const closing = closingBrace(this.#source, start, this.#tokens)
    this.#tokens -= closing.tokens
    return closing.at ?? first
  }
}

function isEscaped(source: string, at: number): boolean {
  let slashes = 0
  while (source[at - 1 - slashes] === '\\') slashes += 1
  return slashes % 2 === 1
}

function unescapeHole(text: string): string {
  return text.endsWith('\\${') ? `${text.slice(0, -3)}\${` : text
}
