import { ByteQueue, type Left } from '../../../byteQueue.ts'

/** A frame: the length of its JSON and of its bytes, each in four bytes, then both. */
const HEADER = 8

/** Nobody has more to say at once; more is a fault. */
const MAX_JSON = 64 * 1024 * 1024
const MAX_BODY = 512 * 1024 * 1024

const NOTHING = new Uint8Array()

export function writeFrame(content: object, body: Uint8Array = NOTHING): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(content))
  const header = Buffer.alloc(HEADER)
  header.writeUInt32LE(json.length, 0)
  header.writeUInt32LE(body.length, 4)
  return body.length > 0 ? [header, json, body] : [header, json]
}

/** Takes frames out of a stream of bytes. */
export class FrameReader {
  readonly #onFrame: (content: unknown, body: Uint8Array) => void
  readonly #queue = new ByteQueue((bytes) => this.#read(bytes))

  constructor(onFrame: (content: unknown, body: Uint8Array) => void) {
    this.#onFrame = onFrame
  }

  /** Throws for what is no frame. */
  push(chunk: Buffer): void {
    this.#queue.push(chunk)
  }

  #read(all: Buffer): Left {
    let bytes = all
    while (bytes.length >= HEADER) {
      const [json, body] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)]
      if (json > MAX_JSON || body > MAX_BODY) throw new RangeError('a frame without bounds')
      const end = HEADER + json + body
      if (bytes.length < end) return { rest: bytes, wanted: end }
      const content: unknown = JSON.parse(bytes.toString('utf8', HEADER, HEADER + json))
      this.#onFrame(content, bytes.subarray(HEADER + json, end))
      bytes = bytes.subarray(end)
    }
    return { rest: bytes, wanted: HEADER }
  }
}
