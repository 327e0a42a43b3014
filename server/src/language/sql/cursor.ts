import type { Statement } from './statements.ts'
import { type Dialect, lowerCase, type Token } from './tokens.ts'

/** A table as a statement names it. */
export interface TableName {
  /** As written, without quotation marks. */
  parts: readonly string[]
  /** As the engine compares them: DuckDB knows no case at all, PostgreSQL none without quotation marks. */
  folded: readonly string[]
  offset: number
}

/** Tokens from one index up to another. */
export interface Range {
  from: number
  to: number
}

/** Everything below looks at a statement's tokens through this, by index. */
export class Cursor {
  readonly source: string
  readonly dialect: Dialect
  readonly tokens: readonly Token[]
  readonly closing: ReadonlyMap<number, number>

  constructor(source: string, dialect: Dialect, { tokens, closing }: Pick<Statement, 'tokens' | 'closing'>) {
    this.source = source
    this.dialect = dialect
    this.tokens = tokens
    this.closing = closing
  }

  get end(): number {
    return this.tokens.length
  }

  /** The word there, in lower case; behind a dot every word is a name. */
  word(at: number): string {
    const token = this.tokens[at]
    return token?.kind === 'word' && this.tokens[at - 1]?.text !== '.' ? token.text : ''
  }

  is(at: number, text: string): boolean {
    return this.tokens[at]?.text === text
  }

  offset(at: number): number {
    return this.tokens[at]?.start ?? this.source.length
  }

  /** Behind an opening bracket's closing one, or at `to` where it has none. */
  behind(at: number, to: number): number {
    return (this.closing.get(at) ?? to) + 1
  }

  /** Behind all the words, in any order. */
  skip(at: number, ...words: string[]): number {
    let next = at
    while (words.includes(this.word(next))) next += 1
    return next
  }

  /** Behind these words, if they stand there in this order. */
  skipPhrase(at: number, phrase: string): number {
    const words = phrase.split(' ')
    return words.every((word, n) => this.word(at + n) === word) ? at + words.length : at
  }

  /** A name with its qualifiers, and what stands behind it; undefined where no name begins. */
  name(at: number): { name: TableName; next: number } | undefined {
    const parts: string[] = []
    const folded: string[] = []
    let next = at
    for (;;) {
      const part = this.identifier(next)
      if (!part) break
      parts.push(part.written)
      folded.push(part.folded)
      if (!this.is(next + 1, '.')) return { name: { parts, folded, offset: this.offset(at) }, next: next + 1 }
      next += 2
    }
    return undefined
  }

  /** Names in a row, with commas between them. */
  names(from: number): TableName[] {
    const found: TableName[] = []
    for (let at = from; ; ) {
      const each = this.name(at)
      if (each) found.push(each.name)
      if (!each || !this.is(each.next, ',')) return found
      at = this.skip(each.next + 1, 'only')
    }
  }

  /** The next place of a word outside of brackets. */
  find(word: string, from: number, to: number): number | undefined {
    for (let at = from; at < to; at = this.is(at, '(') ? this.behind(at, to) : at + 1) if (this.word(at) === word) return at
    return undefined
  }

  identifier(at: number): { written: string; folded: string } | undefined {
    const token = this.tokens[at]
    if (token?.kind === 'word') return { written: this.source.slice(token.start, token.end), folded: token.text }
    if (token?.kind !== 'quoted' || this.source[token.start] !== '"') return undefined
    const written = this.source.slice(token.start + 1, token.end - 1).replaceAll('""', '"')
    return { written, folded: this.dialect === 'duckdb' ? lowerCase(written) : written }
  }
}
