import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** The line between a browser and a server, which can be cut and mended. */
export class Cable {
  readonly url: string
  private server: Server
  private readonly target: number
  private readonly port: number
  private readonly ends = new Set<Socket>()

  private constructor(server: Server, target: number) {
    this.server = server
    this.target = target
    this.port = (server.address() as AddressInfo).port
    this.url = `http://127.0.0.1:${this.port}`
    server.on('connection', (socket) => this.join(socket))
  }

  static async to(url: string): Promise<Cable> {
    return new Cable(await listening(0), Number(new URL(url).port))
  }

  /** Everything that is under way breaks, and nothing new gets through. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    for (const end of this.ends) end.destroy()
    await closed
  }

  async mend(): Promise<void> {
    this.server = await listening(this.port)
    this.server.on('connection', (socket) => this.join(socket))
  }

  private join(near: Socket): void {
    const far = connect(this.target, '127.0.0.1')
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.ends.add(end)
      end.pipe(other)
      // Either end breaking breaks the other: that is what a cable does.
      end.on('error', () => other.destroy())
      end.on('close', () => {
        this.ends.delete(end)
        other.destroy()
      })
    }
  }
}

function listening(port: number): Promise<Server> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
