import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RawData, WebSocket } from 'ws'
import { drained, PACE, type Pace } from '../session/follow.ts'

/** As ws tells of it. */
type Frame = [data: RawData, isBinary: boolean]

const NO_BYTES = Buffer.alloc(0)
const SPACES: ReadonlySet<number | undefined> = new Set(Buffer.from(' \t\r\n'))
const LIST = '['.charCodeAt(0)

/** What was said in a list, by the frame that stands for it. */
const inList = new WeakMap<object, { said: unknown }>()

/** What a frame says, when it stands for a part of another one. */
export const partOf = (data: object): { said: unknown } | undefined => inList.get(data)

/**
 * A socket whose calls are answered one a turn of the loop, also those that come together in one frame, and only while the answers are
 * taken: however much somebody asks, others get their turns in between, and little more than one answer waits for a reader.
 */
export class PacedSocket extends WebSocket {
  pace: Pace = PACE
  private readonly frames: Frame[] = []
  private readonly gone = new AbortController()
  private isBusy = false
  private held: Promise<unknown> = Promise.resolve()

  /** What is asked from now on waits until then: calls that gathered meanwhile would all be answered in that one moment. */
  holdUntil(ready: Promise<unknown>): void {
    this.held = Promise.allSettled([ready])
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'close') this.gone.abort()
    if (event !== 'message') return super.emit(event, ...args)
    this.frames.push(args as Frame)
    // More is not read while there is something to do: it waits at the client.
    if (this.isBusy) this.pause()
    else void this.handOn()
    return true
  }

  private async handOn(): Promise<void> {
    this.isBusy = true
    const reader = { backlog: () => this.bufferedAmount, drop: () => this.terminate() }
    for (let frame = this.frames.shift(); frame; frame = this.frames.shift()) {
      for (const part of partsOf(frame)) {
        await this.held
        if (!(await drained({ ...this.pace, reader, signal: this.gone.signal }))) return
        super.emit('message', ...part)
        await nextTurn()
      }
    }
    this.isBusy = false
    if (this.isPaused) this.resume()
  }
}

/** Each element of a list as a frame of its own. Whatever else it is, is for the one who decodes it. */
function* partsOf(frame: Frame): Iterable<Frame> {
  const list = frame[1] ? undefined : listIn(frame[0])
  if (!list) return yield frame
  for (const said of list) {
    const part = Buffer.from(NO_BYTES)
    // A list in a list is no call.
    inList.set(part, { said: Array.isArray(said) ? null : said })
    yield [part, true]
  }
}

function listIn(data: RawData): unknown[] | undefined {
  if (!Buffer.isBuffer(data) || data.find((byte) => !SPACES.has(byte)) !== LIST) return undefined
  try {
    return JSON.parse(data.toString('utf8')) as unknown[]
  } catch {
    return undefined
  }
}
