import type { Shown } from './bundle.ts'
import type { Outbox } from './outbox.ts'
import { codeAt, cut, find, joined } from './text.ts'

const STREAM_SEGMENT = 64 * 1024
const TAIL = 64 * 1024
/** What an output takes beside its text, bytes. */
const FRAME = 128
/** While a run goes on, the end of what is long is shown so often, and so much of it. */
const SHOW_EVERY_MS = 1_000
const SHOWN_TAIL = 4 * 1024
/** Looking at the clock would cost as much as keeping a short text. */
const LOOK_EVERY = 16
const REST = 'This output is long. From here on only its end is kept.\n'

/** The outputs of one run, bounded: a head, and the end of what was printed. */
export class Outputs {
  readonly #runId: string
  readonly #outbox: Outbox
  /** Leaves room for the tail and the last value. */
  readonly #headBytes: number
  #sentBytes = 0
  #count = 0
  #stream: { id: string; name: 'stdout' | 'stderr'; length: number } | undefined
  readonly #now: () => number
  #tail: { name: 'stdout' | 'stderr'; chunks: string[]; length: number } | undefined
  /** When the tail, which has changed, is to be shown. */
  #showAt: number | undefined
  #hasTimer = false
  #untilLook = LOOK_EVERY
  #toldRest = false
  #droppedBytes = 0

  constructor(runId: string, outbox: Outbox, options: { outputBytes: number; now: () => number }) {
    this.#runId = runId
    this.#outbox = outbox
    this.#headBytes = options.outputBytes * 0.7
    this.#now = options.now
  }

  write(name: 'stdout' | 'stderr', text: string): void {
    const room = this.#tail ? 0 : this.#headBytes - this.#sentBytes
    const fits = room > 0 ? fitting(text, room) : { length: 0, bytes: 0 }
    if (fits.length === text.length) return this.#send(name, text, fits.bytes)
    // Lines stay whole; only a text that is long by itself is cut in two.
    const head = text.length > STREAM_SEGMENT ? fits : { length: 0, bytes: 0 }
    if (head.length > 0) this.#send(name, cut(text, 0, head.length), head.bytes)
    this.#keepTail(name, cut(text, head.length))
  }

  #send(name: 'stdout' | 'stderr', text: string, cost: number): void {
    if (this.#stream?.name !== name || this.#stream.length >= STREAM_SEGMENT) {
      this.#stream = { id: this.#nextId(), name, length: 0 }
      this.#sentBytes += FRAME
    }
    this.#stream.length += text.length
    this.#sentBytes += cost
    this.#outbox.pushText(this.#runId, this.#stream.id, name, text)
  }

  #keepTail(name: 'stdout' | 'stderr', text: string): void {
    this.#tail ??= { name, chunks: [], length: 0 }
    const tail = this.#tail
    const kept = lastOf(text)
    this.#droppedBytes += text.length - kept.length
    tail.chunks[tail.chunks.length] = kept
    tail.length += kept.length
    this.#showSometimes()
    if (tail.length <= 2 * TAIL) return
    const whole = joined(tail.chunks, '')
    const last = lastOf(whole)
    tail.chunks = [last]
    this.#droppedBytes += whole.length - last.length
    tail.length = last.length
  }

  /** By a timer, and by looking at the clock: code that never lets go of the thread has no timers. */
  #showSometimes(): void {
    if (this.#showAt === undefined) {
      this.#showAt = this.#now() + SHOW_EVERY_MS
      this.#setTimer(SHOW_EVERY_MS)
    }
    this.#untilLook -= 1
    if (this.#untilLook > 0) return
    this.#untilLook = LOOK_EVERY
    this.#showWhenDue()
  }

  #setTimer(ms: number): void {
    if (this.#hasTimer) return
    this.#hasTimer = true
    this.#outbox.later(() => {
      this.#hasTimer = false
      this.#showWhenDue()
      if (this.#showAt !== undefined) this.#setTimer(this.#showAt - this.#now())
    }, ms)
  }

  /** Whoever watches would otherwise take a run that prints for one that hangs. */
  #showWhenDue(): void {
    if (this.#showAt === undefined || this.#now() < this.#showAt || !this.#tail) return
    this.#showAt = undefined
    if (!this.#toldRest) this.#outbox.pushText(this.#runId, this.#nextId(), 'stderr', REST)
    this.#toldRest = true
    this.#outbox.push({ kind: 'tail', runId: this.#runId, text: lastLinesOf(joined(this.#tail.chunks, '')) })
    this.#outbox.flushSoon()
  }

  /** Returns the output's id, unless there was no room. */
  display(shown: Shown): string | undefined {
    const cost = FRAME + JSON.stringify(shown.data).length
    if (this.#sentBytes + cost > this.#headBytes) {
      this.#droppedBytes += cost
      return undefined
    }
    this.#sentBytes += cost
    const id = this.#push('display', shown)
    this.#outbox.flushSoon()
    return id
  }

  /** The last expression, which is kept however much came before it; comes after everything else. */
  value(shown: Shown): string {
    this.end()
    return this.#push('value', shown)
  }

  #push(kind: 'value' | 'display', shown: Shown): string {
    this.#stream = undefined
    const id = this.#nextId()
    this.#outbox.push({ kind: 'output', runId: this.#runId, output: { id, kind, ...shown } })
    return id
  }

  /** Sends the tail of what did not fit. */
  end(): void {
    if (!this.#tail && this.#droppedBytes === 0) return
    const { name, chunks } = this.#tail ?? { name: 'stderr' as const, chunks: [] }
    const text = joined(chunks, '')
    const truncated = { bytes: this.#droppedBytes }
    this.#tail = undefined
    this.#showAt = undefined
    this.#droppedBytes = 0
    const output = { id: this.#nextId(), kind: 'stream' as const, name, text, ...(truncated.bytes > 0 ? { truncated } : {}) }
    this.#outbox.push({ kind: 'output', runId: this.#runId, output })
  }

  #nextId(): string {
    this.#count += 1
    return `${this.#runId}:${this.#count}`
  }
}

/** How much of a text, in characters, takes at most `room` bytes of UTF-8 as a JSON string. */
function fitting(text: string, room: number): { length: number; bytes: number } {
  let bytes = 2
  for (let i = 0; i < text.length; i += 1) {
    const more = jsonBytes(codeAt(text, i))
    if (bytes + more > room) return isLowSurrogate(text, i) ? { length: i - 1, bytes: bytes - 6 } : { length: i, bytes }
    bytes += more
  }
  return { length: text.length, bytes }
}

function jsonBytes(code: number): number {
  if (code < 0x20) return code === 10 || code === 9 || code === 13 ? 2 : 6
  if (code === 34 || code === 92) return 2
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code >= 0xd800 && code <= 0xdfff ? 6 : 3
}

function lastOf(text: string, length = TAIL): string {
  if (text.length <= length) return text
  const start = text.length - length
  return cut(text, isLowSurrogate(text, start) ? start + 1 : start)
}

/** What is shown of a tail; begins with a line unless one alone is longer. */
function lastLinesOf(text: string): string {
  const last = lastOf(text, SHOWN_TAIL)
  const line = find(last, '\n') + 1
  return last.length < text.length && line < last.length ? cut(last, line) : last
}

/** The second half of a character that must not be cut in two. */
function isLowSurrogate(text: string, at: number): boolean {
  const code = codeAt(text, at)
  return code >= 0xdc00 && code <= 0xdfff
}
