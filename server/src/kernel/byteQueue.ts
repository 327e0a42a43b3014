/** What is left of the bytes, and how many there have to be before looking again. */
export interface Left {
  rest: Buffer
  wanted: number
}

/** Bytes that come in pieces, put together only when there are enough of them: a large frame is copied once. */
export class ByteQueue {
  readonly #take: (bytes: Buffer) => Left
  #chunks: Buffer[] = []
  #length = 0
  #wanted = 0

  /** `take`: takes what is whole. */
  constructor(take: (bytes: Buffer) => Left) {
    this.#take = take
  }

  /** Throws what `take` throws. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length < this.#wanted) return
    const { rest, wanted } = this.#take(this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks))
    this.#chunks = rest.length > 0 ? [rest] : []
    this.#length = rest.length
    this.#wanted = wanted
  }
}
