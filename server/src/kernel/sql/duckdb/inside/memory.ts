/** Whichever comes first. */
const CHUNKS = 64
const BYTES = 16 * 1024 * 1024

/** What the engine hands out is freed with its JavaScript object only, of whose size JavaScript knows nothing: it has to be told. */
export class Sweeper {
  /** Of all chunks together. */
  bytes = 0
  #chunks = 0
  #sinceSweep = 0

  /** `bytes`: of the texts and the like that it holds, about. */
  chunkDone(bytes: number): void {
    this.#chunks += 1
    this.bytes += bytes
    this.#sinceSweep += bytes
    if (this.#chunks < CHUNKS && this.#sinceSweep < BYTES) return
    this.#chunks = 0
    this.#sinceSweep = 0
    globalThis.gc?.()
  }
}
