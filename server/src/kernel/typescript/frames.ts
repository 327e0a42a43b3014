/** Secret, length in hexadecimal, line feed. */
const SECRET = 32
export const HEADER_BYTES = SECRET + 8 + 1

/** A kernel never has more to say at once; more is an attack or a fault. */
const MAX_FRAME = 64 * 1024 * 1024

/** Takes frames out of a byte stream into which others may write too. */
export class FrameReader {
  readonly #secret: Buffer
  readonly #onFrame: (text: string) => void
  readonly #onStray: (bytes: Buffer) => void
  #chunks: Buffer[] = []
  #length = 0
  /** Bytes to wait for before looking again. */
  #wanted = HEADER_BYTES

  constructor(secret: string, onFrame: (text: string) => void, onStray: (bytes: Buffer) => void) {
    this.#secret = Buffer.from(secret)
    this.#onFrame = onFrame
    this.#onStray = onStray
  }

  /** Throws RangeError for a frame beyond all bounds. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length >= this.#wanted) this.#read()
  }

  #read(): void {
    let bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
    this.#wanted = HEADER_BYTES
    while (bytes.length >= HEADER_BYTES) {
      const start = bytes.indexOf(this.#secret)
      const stray = start < 0 ? bytes.length - HEADER_BYTES + 1 : start
      if (stray > 0) {
        this.#onStray(bytes.subarray(0, stray))
        bytes = bytes.subarray(stray)
        continue
      }
      const end = HEADER_BYTES + frameLength(bytes)
      if (bytes.length < end) {
        this.#wanted = end
        break
      }
      this.#onFrame(bytes.toString('utf8', HEADER_BYTES, end))
      bytes = bytes.subarray(end)
    }
    this.#chunks = bytes.length > 0 ? [bytes] : []
    this.#length = bytes.length
  }
}

function frameLength(bytes: Buffer): number {
  const length = Number.parseInt(bytes.toString('latin1', SECRET, SECRET + 8), 16)
  if (!(length <= MAX_FRAME)) throw new RangeError('The kernel sent a frame without bounds')
  return length
}
