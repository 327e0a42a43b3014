import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { encode } from './frames.ts'

/** A WebSocket by hand: sends any bytes, and understands what a server says in return. */
export class RawLine {
  readonly answers: string[] = []
  private readonly socket: Socket
  private rest = Buffer.alloc(0)
  private upgraded = false
  private readonly waiting = new Set<() => void>()

  private constructor(socket: Socket) {
    this.socket = socket
    // How it ended is all the same: that it did is seen.
    socket.on('error', () => undefined)
    socket.on('close', () => this.wake())
    socket.on('data', (bytes: Buffer) => this.take(bytes))
  }

  static async open(url: string, connectionParams = true): Promise<RawLine> {
    const { port, host } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    const line = new RawLine(socket)
    await once(socket, 'connect')
    const query = connectionParams ? '?connectionParams=1' : ''
    const head = [
      `GET /trpc${query} HTTP/1.1`,
      `Host: ${host}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Version: 13',
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    await line.until(() => line.upgraded)
    return line
  }

  get closed(): boolean {
    return this.socket.destroyed || this.socket.readableEnded
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  say(message: object): void {
    this.write(encode({ payload: Buffer.from(JSON.stringify(message)) }))
  }

  /** Resolves when `so`, when the connection has ended, or when it took too long: half a frame leaves the server waiting for the rest. */
  async until(so: () => boolean, patienceMs = 10_000): Promise<boolean> {
    const deadline = setTimeout(() => this.end(), patienceMs)
    let is = so()
    while (!is && !this.closed) {
      await new Promise<void>((resolve) => this.waiting.add(resolve))
      is = so()
    }
    clearTimeout(deadline)
    return is
  }

  end(): void {
    this.socket.destroy()
  }

  private take(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes])
    if (!this.upgraded) {
      const end = this.rest.indexOf('\r\n\r\n')
      if (end < 0) return
      this.upgraded = true
      this.rest = this.rest.subarray(end + 4)
    }
    while (this.takeFrame());
    this.wake()
  }

  /** A server's frames are whole and not masked. */
  private takeFrame(): boolean {
    const { rest } = this
    const [first = 0, short = 0] = rest
    const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0
    const start = 2 + lengthBytes
    if (rest.length < start) return false
    const length = short === 127 ? Number(rest.readBigUInt64BE(2)) : short === 126 ? rest.readUInt16BE(2) : short
    if (rest.length < start + length) return false
    if ((first & 0x0f) === 1) this.answers.push(rest.subarray(start, start + length).toString())
    this.rest = rest.subarray(start + length)
    return true
  }

  private wake(): void {
    for (const wake of this.waiting) wake()
    this.waiting.clear()
  }
}
