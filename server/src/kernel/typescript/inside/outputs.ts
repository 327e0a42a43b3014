import type { Outbox } from './outbox.ts'
import type { MimeBundle } from './protocol.ts'

const STREAM_SEGMENT = 64 * 1024
const TAIL = 64 * 1024

/** The outputs of one run, bounded: a head, and the end of what was printed. */
export class Outputs {
  readonly #runId: string
  readonly #outbox: Outbox
  /** Leaves room for the tail and the last value. */
  readonly #headBytes: number
  #sentBytes = 0
  #count = 0
  #stream: { id: string; name: 'stdout' | 'stderr'; length: number } | undefined
  #tail: { name: 'stdout' | 'stderr'; chunks: string[]; length: number } | undefined
  #droppedBytes = 0

  constructor(runId: string, outbox: Outbox, outputBytes: number) {
    this.#runId = runId
    this.#outbox = outbox
    this.#headBytes = outputBytes * 0.7
  }

  write(name: 'stdout' | 'stderr', text: string): void {
    const room = this.#tail ? 0 : this.#headBytes - this.#sentBytes
    // A character costs at most six bytes, and at least one.
    const cost = room > 0 && text.length <= room ? jsonBytes(text) : Number.POSITIVE_INFINITY
    if (cost <= room) return this.#send(name, text, cost)
    this.#keepTail(name, text)
  }

  #send(name: 'stdout' | 'stderr', text: string, cost: number): void {
    if (this.#stream?.name !== name || this.#stream.length >= STREAM_SEGMENT)
      this.#stream = { id: this.#nextId(), name, length: 0 }
    this.#stream.length += text.length
    this.#sentBytes += cost
    this.#outbox.pushText(this.#runId, this.#stream.id, name, text)
  }

  #keepTail(name: 'stdout' | 'stderr', text: string): void {
    this.#tail ??= { name, chunks: [], length: 0 }
    const tail = this.#tail
    const kept = text.slice(-TAIL)
    this.#droppedBytes += text.length - kept.length
    tail.chunks.push(kept)
    tail.length += kept.length
    if (tail.length <= 2 * TAIL) return
    const joined = tail.chunks.join('')
    tail.chunks = [joined.slice(-TAIL)]
    this.#droppedBytes += joined.length - TAIL
    tail.length = TAIL
  }

  display(data: MimeBundle): void {
    const cost = JSON.stringify(data).length
    if (this.#sentBytes + cost > this.#headBytes) {
      this.#droppedBytes += cost
      return
    }
    this.#sentBytes += cost
    this.#push('display', data)
  }

  /** The last expression, which is kept however much came before it; comes after everything else. */
  value(data: MimeBundle): void {
    this.end()
    this.#push('value', data)
  }

  #push(kind: 'value' | 'display', data: MimeBundle): void {
    this.#stream = undefined
    this.#outbox.push({ kind: 'output', runId: this.#runId, output: { id: this.#nextId(), kind, data } })
    this.#outbox.flushSoon()
  }

  /** Sends the tail of what did not fit. */
  end(): void {
    if (!this.#tail && this.#droppedBytes === 0) return
    const { name, chunks } = this.#tail ?? { name: 'stderr' as const, chunks: [] }
    const text = chunks.join('')
    const truncated = { bytes: this.#droppedBytes }
    this.#tail = undefined
    this.#droppedBytes = 0
    const output = { id: this.#nextId(), kind: 'stream' as const, name, text, ...(truncated.bytes > 0 ? { truncated } : {}) }
    this.#outbox.push({ kind: 'output', runId: this.#runId, output })
  }

  #nextId(): string {
    this.#count += 1
    return `${this.#runId}:${this.#count}`
  }
}

/** Length in UTF-8 of a text as a JSON string. */
export function jsonBytes(text: string): number {
  let bytes = 2
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code < 0x20) bytes += code === 10 || code === 9 || code === 13 ? 2 : 6
    else if (code === 34 || code === 92) bytes += 2
    else if (code < 0x80) bytes += 1
    else if (code < 0x800) bytes += 2
    else bytes += code >= 0xd800 && code <= 0xdfff ? 6 : 3
  }
  return bytes
}
