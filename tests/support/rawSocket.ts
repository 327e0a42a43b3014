import { WebSocket } from 'ws'

export interface Message {
  id: string | number | null
  error?: { message: string; code: number; data: { code: string; problem: { kind: string } & Record<string, unknown> } }
  result?: { type: string; id?: string; data?: unknown }
}

export interface RawOptions {
  /** Sent as connectionParams; `null`: the socket says that it will send them, and does not. */
  params?: Record<string, string> | null
  headers?: Record<string, string>
  /** Of the URL, besides what `params` needs. */
  query?: string
}

/** A WebSocket without tRPC's client: sends what it likes, and can stop reading. */
export class RawSocket {
  readonly messages: Message[] = []
  readonly socket: WebSocket
  /** How the socket was closed. */
  readonly closed: Promise<{ code: number; reason: string }>
  private readonly waiting = new Set<() => void>()

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8')
      if (text !== 'PING' && text !== 'PONG') this.messages.push(JSON.parse(text))
      this.wake()
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() })
        this.wake()
      })
    })
    // How it ended is told by `closed`.
    socket.on('error', () => undefined)
  }

  static async open(url: string, { params, headers = {}, query = '' }: RawOptions = {}): Promise<RawSocket> {
    const search = [params === undefined ? '' : 'connectionParams=1', query].filter(Boolean).join('&')
    const socket = new WebSocket(`${url.replace('http', 'ws')}/trpc?${search}`, { headers })
    const raw = new RawSocket(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    if (params) raw.send({ method: 'connectionParams', data: params })
    return raw
  }

  /** The HTTP status with which the upgrade is answered; 101 when it is accepted. */
  static status(url: string, headers: Record<string, string>, path = '/trpc'): Promise<number> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, { headers })
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        socket.close()
        resolve(101)
      })
      socket.once('unexpected-response', (request, response) => {
        request.destroy()
        resolve(response.statusCode ?? 0)
      })
      socket.once('error', reject)
    })
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
  }

  query(id: number, path: string, input?: unknown): Promise<Message> {
    this.send({ id, method: 'query', params: { path, input } })
    return this.until((message) => message.id === id)
  }

  subscribe(id: number, path: string, input?: unknown): void {
    this.send({ id, method: 'subscription', params: { path, input } })
  }

  /** The first message that `matches`, come or still to come; rejects when the socket closes before. */
  async until(matches: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(matches)
      if (found) return found
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the socket is closed')
      await new Promise<void>((resolve) => this.waiting.add(resolve))
    }
  }

  close(): void {
    this.socket.terminate()
  }

  private wake(): void {
    for (const wake of this.waiting) wake()
    this.waiting.clear()
  }
}
