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
  #chunks: Buffer[] = []
  #length = 0
  /** Bytes to wait for before looking again. */
  #wanted = HEADER

  constructor(onFrame: (content: unknown, body: Uint8Array) => void) {
    this.#onFrame = onFrame
  }

  /** Throws for what is no frame. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length >= this.#wanted) this.#read()
  }

  #read(): void {
    let bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
    this.#wanted = HEADER
    while (bytes.length >= HEADER) {
      const [json, body] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)]
      if (json > MAX_JSON || body > MAX_BODY) throw new RangeError('a frame without bounds')
      const end = HEADER + json + body
      if (bytes.length < end) {
        this.#wanted = end
        break
      }
      const content: unknown = JSON.parse(bytes.toString('utf8', HEADER, HEADER + json))
      this.#onFrame(content, bytes.subarray(HEADER + json, end))
      bytes = bytes.subarray(end)
    }
    this.#chunks = bytes.length > 0 ? [bytes] : []
    this.#length = bytes.length
  }
}
