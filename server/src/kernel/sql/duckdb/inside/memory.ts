const CHUNKS = 64

/** What the engine hands out is freed with its JavaScript object only, of whose size JavaScript knows nothing: it has to be told. */
export class Sweeper {
  #chunks = 0

  chunkDone(): void {
    this.#chunks += 1
    if (this.#chunks % CHUNKS === 0) globalThis.gc?.()
  }
}
