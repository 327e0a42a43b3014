import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** One connection through the line: what the client has, and what the server has of it. */
class Link {
  readonly near: Socket
  readonly far: Socket
  /** The half that answers nobody, when every connection reaches the server twice. */
  readonly twin: Socket | undefined
  /** Bytes that still reach the client. */
  left = Number.POSITIVE_INFINITY
  stalled = false
  readonly gone: Promise<unknown>

  constructor(near: Socket, far: Socket, twin: Socket | undefined) {
    this.near = near
    this.far = far
    this.twin = twin
    this.gone = Promise.race([once(near, 'close'), once(far, 'close')].map((end) => end.catch(() => undefined)))
  }

  end(how: 'destroy' | 'resetAndDestroy' = 'destroy'): void {
    for (const socket of [this.near, this.far, this.twin]) socket?.[how]()
  }
}

/** A TCP line between clients and a server on which everything goes wrong that goes wrong on lines. */
export class FaultyLine {
  readonly url: string
  /** Connections that were accepted. */
  connections = 0
  private readonly server: Server
  private readonly target: () => string
  private readonly links = new Set<Link>()
  private isDown = false
  private twins = false
  private slow: { delayMs: number; pieceBytes: number } | undefined

  private constructor(server: Server, target: () => string) {
    this.server = server
    this.target = target
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('connection', (near) => this.join(near))
  }

  /** `target` is asked at every connection, so that a server may come back elsewhere. */
  static async to(target: () => string): Promise<FaultyLine> {
    const server = createServer({ allowHalfOpen: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new FaultyLine(server, target)
  }

  /** Connections end, as when somebody closes them. */
  cut(): void {
    for (const link of this.links) link.end()
  }

  /** Connections are reset (RST): both ends get an error, and what was under way is lost. */
  reset(): void {
    for (const link of this.links) link.end('resetAndDestroy')
  }

  /** Connections break after so many more bytes to the client: in the middle of a frame, mostly. */
  breakAfter(bytes: number): void {
    for (const link of this.links) link.left = bytes
  }

  /** Half-open: nothing gets through any more and nobody is told. New connections work. */
  stall(): void {
    for (const link of this.links) link.stalled = true
  }

  /** Nothing gets through and new connections are refused, as in a tunnel or with the lid closed, until `up`. */
  down(): void {
    this.isDown = true
    this.stall()
  }

  /** New connections are accepted again; those from before are dead, as after a sleep. */
  up(): void {
    this.isDown = false
    this.reset()
  }

  /** What the server says comes late and in pieces, until this is called with nothing. */
  trickle(slow?: { delayMs: number; pieceBytes: number }): void {
    this.slow = slow
  }

  /** Every connection from now on reaches the server twice, with the same words; one of the two is answered. */
  doubled(on: boolean): void {
    this.twins = on
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close')
    this.server.close()
    this.cut()
    await closed
  }

  private join(near: Socket): void {
    near.on('error', () => undefined)
    if (this.isDown) {
      near.resetAndDestroy()
      return
    }
    this.connections += 1
    const link = new Link(near, this.dial(), this.twins ? this.dial() : undefined)
    this.links.add(link)
    // Read and thrown away: it must not be the reason why the server waits.
    link.twin?.resume()
    void link.gone.then(() => {
      this.links.delete(link)
      link.end()
    })
    void this.carry(link, near, async (bytes) => {
      link.twin?.write(bytes)
      await written(link.far, bytes)
    })
    void this.carry(link, link.far, (bytes) => this.deliver(link, bytes))
  }

  private dial(): Socket {
    const far = connect(Number(new URL(this.target()).port), '127.0.0.1')
    far.on('error', () => undefined)
    return far
  }

  /** Reads one end for as long as the line lets it; a line that stalls stops reading, so that the sender's buffers fill. */
  private async carry(link: Link, from: Socket, pass: (bytes: Buffer) => Promise<void>): Promise<void> {
    try {
      for await (const bytes of from) {
        if (link.stalled) await link.gone
        await Promise.race([pass(bytes), link.gone])
      }
    } catch {
      // How an end broke is all the same: the other one breaks, too.
    }
    link.end()
  }

  private async deliver(link: Link, bytes: Buffer): Promise<void> {
    const { delayMs = 0, pieceBytes = bytes.length } = this.slow ?? {}
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      if (delayMs > 0) await pause(delayMs)
      const piece = bytes.subarray(at, at + pieceBytes)
      if (piece.length >= link.left) {
        await written(link.near, piece.subarray(0, link.left))
        link.end()
        return
      }
      link.left -= piece.length
      await written(link.near, piece)
    }
  }
}

async function written(to: Socket, bytes: Buffer): Promise<void> {
  if (!to.write(bytes)) await once(to, 'drain')
}
