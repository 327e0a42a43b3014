import { WebSocket } from 'ws'

/** Clients number their calls, and have made some before: their subscriptions have different numbers. */
const OWN_IDS = 10

/** Many sockets with one subscription each, which count what they are told and look no further into it. */
export class Crowd {
  private readonly sockets: WebSocket[] = []
  private heard = 0
  private waiting: { goal: number; resolve: () => void } | undefined

  /** Joins so many, each in its turn; resolves when all have had their first event. */
  static async join(url: string, count: number, subscription: { path: string; input?: object; token?: string }): Promise<Crowd> {
    const crowd = new Crowd()
    const first = crowd.hears(count)
    for (let n = 0; n < count; n += 1) await crowd.open(url, 1 + (n % OWN_IDS), subscription)
    await first
    return crowd
  }

  /** Resolves when so many more events have come, to all of them together. */
  hears(more: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting = { goal: this.heard + more, resolve }
    })
  }

  leave(): void {
    for (const socket of this.sockets) socket.terminate()
  }

  private async open(
    url: string,
    id: number,
    { path, input, token }: { path: string; input?: object; token?: string },
  ): Promise<void> {
    const query = token === undefined ? '' : '?connectionParams=1'
    const socket = new WebSocket(`${url.replace('http', 'ws')}/trpc${query}`, { perMessageDeflate: false })
    this.sockets.push(socket)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    socket.on('message', (data: Buffer) => this.take(data))
    if (token !== undefined) socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
    socket.send(JSON.stringify({ id, method: 'subscription', params: { path, input } }))
  }

  /** Only snapshots and changes count: who else is there is told at its own pace. */
  private take(data: Buffer): void {
    if (data.includes('"type":"changes"') || data.includes('"type":"snapshot"')) this.heard += 1
    if (this.waiting && this.heard >= this.waiting.goal) this.waiting.resolve()
  }
}
