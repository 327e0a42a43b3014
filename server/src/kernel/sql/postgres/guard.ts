import type { Duplex } from 'node:stream'

/** The server is whatever an address leads to. The messages are for the user. */
export class WireError extends Error {
  override readonly name = 'WireError'
}

/** One message, which is one row or less. */
const MAX_MESSAGE = 64 * 1024 * 1024
/** The type of a message, and its length with the length itself. */
const HEADER = 5

/**
 * What comes from a server is read by a library that trusts it: here nothing of it can end this process. An error while it is
 * read ends the connection, and so does a message that is longer than there is room for.
 */
export function guard(stream: Duplex): void {
  const emit = stream.emit.bind(stream)
  const meter = new Meter()
  stream.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event !== 'data') return emit(event, ...args)
    try {
      const [bytes] = args
      if (Buffer.isBuffer(bytes)) meter.add(bytes)
      return emit(event, ...args)
    } catch (error) {
      stream.destroy(
        error instanceof WireError ? error : new WireError('The server answers as no PostgreSQL does.', { cause: error }),
      )
      return true
    }
  }
}

/** Follows the messages from one to the next, however they are cut into pieces. */
class Meter {
  #header = Buffer.alloc(0)
  #left = 0

  add(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) {
      const skipped = Math.min(this.#left, bytes.length - at)
      this.#left -= skipped
      at += skipped
      if (this.#left > 0 || at === bytes.length) return
      const wanted = HEADER - this.#header.length
      this.#header = Buffer.concat([this.#header, bytes.subarray(at, at + wanted)])
      at += wanted
      if (this.#header.length < HEADER) return
      const length = this.#header.readUInt32BE(1)
      this.#header = Buffer.alloc(0)
      if (length < 4) throw new WireError('The server answers as no PostgreSQL does.')
      if (length > MAX_MESSAGE)
        throw new WireError(`One row of the result has more than ${MAX_MESSAGE / 1024 / 1024} MB: select less of it.`)
      this.#left = length - 4
    }
  }
}
