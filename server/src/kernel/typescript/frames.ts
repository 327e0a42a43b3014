import { ByteQueue, type Left } from '../byteQueue.ts'

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
  readonly #queue = new ByteQueue((bytes) => this.#read(bytes))

  constructor(secret: string, onFrame: (text: string) => void, onStray: (bytes: Buffer) => void) {
    this.#secret = Buffer.from(secret)
    this.#onFrame = onFrame
    this.#onStray = onStray
  }

  /** Throws RangeError for a frame beyond all bounds. */
  push(chunk: Buffer): void {
    this.#queue.push(chunk)
  }

  #read(all: Buffer): Left {
    let bytes = all
    while (bytes.length >= HEADER_BYTES) {
      const start = bytes.indexOf(this.#secret)
      const stray = start < 0 ? bytes.length - HEADER_BYTES + 1 : start
      if (stray > 0) {
        this.#onStray(bytes.subarray(0, stray))
        bytes = bytes.subarray(stray)
        continue
      }
      const end = HEADER_BYTES + frameLength(bytes)
      if (bytes.length < end) return { rest: bytes, wanted: end }
      this.#onFrame(bytes.toString('utf8', HEADER_BYTES, end))
      bytes = bytes.subarray(end)
    }
    return { rest: bytes, wanted: HEADER_BYTES }
  }
}

function frameLength(bytes: Buffer): number {
  const length = Number.parseInt(bytes.toString('latin1', SECRET, SECRET + 8), 16)
  if (!(length <= MAX_FRAME)) throw new RangeError('The kernel sent a frame without bounds')
  return length
}
