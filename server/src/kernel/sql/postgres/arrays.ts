export type ArrayValue = (string | null | ArrayValue)[]

/**
 * Reads an array as PostgreSQL writes it: `{1,NULL,"a \"b\""}`, `{{1,2},{3,4}}`, `[0:1]={1,2}`. Undefined for anything else.
 */
export function parseArray(text: string): ArrayValue | undefined {
  const start = text.startsWith('[') ? text.indexOf('=') + 1 : 0
  const reader = new Reader(text, start)
  const value = reader.array(0)
  return reader.atEnd ? value : undefined
}

/** How many dimensions; none for an empty array, which fits any. */
export function dimensionsOf(value: ArrayValue): number {
  const [first] = value
  if (value.length === 0) return 0
  return Array.isArray(first) ? 1 + dimensionsOf(first) : 1
}

export function mapArray(value: ArrayValue, map: (text: string) => string): ArrayValue {
  return value.map((each) => (each === null ? null : Array.isArray(each) ? mapArray(each, map) : map(each)))
}

/** PostgreSQL allows six. */
const MAX_DIMENSIONS = 6

class Reader {
  readonly #text: string
  #at: number

  constructor(text: string, at: number) {
    this.#text = text
    this.#at = at
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length
  }

  array(depth: number): ArrayValue | undefined {
    if (this.#text[this.#at] !== '{' || depth >= MAX_DIMENSIONS) return undefined
    this.#at += 1
    const values: ArrayValue = []
    if (this.#take('}')) return values
    for (;;) {
      const value = this.#element(depth)
      if (value === undefined) return undefined
      values.push(value)
      if (this.#take('}')) return values
      if (!this.#take(',')) return undefined
    }
  }

  #take(character: string): boolean {
    const there = this.#text[this.#at] === character
    if (there) this.#at += 1
    return there
  }

  #element(depth: number): ArrayValue[number] | undefined {
    if (this.#text[this.#at] === '{') return this.array(depth + 1)
    if (this.#text[this.#at] === '"') return this.#quoted()
    const start = this.#at
    while (this.#at < this.#text.length && !',}'.includes(this.#text[this.#at] ?? ''))
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    const text = this.#text.slice(start, this.#at)
    if (text === '') return undefined
    return text === 'NULL' ? null : text.replace(/\\(.)/gs, '$1')
  }

  #quoted(): string | undefined {
    const start = this.#at + 1
    let end = start
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1
    if (end >= this.#text.length) return undefined
    this.#at = end + 1
    return this.#text.slice(start, end).replace(/\\(.)/gs, '$1')
  }
}
