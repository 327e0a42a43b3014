import type { NotebookEvent } from '@rivulet/server/notebook/events'
import { evolveAll, fromWire, type NotebookState } from '@rivulet/server/notebook/evolve'
import type { TRPCWebSocketClient } from '@trpc/client'
import { WebSocket } from 'ws'
import { Following } from '../../web/src/features/notebook/following.ts'
import { Connection } from './connection.ts'
import type { Ledger } from './ledger.ts'

/** As a browser's socket, but gives up sooner on a peer that does not answer its good-bye. */
class Impatient extends WebSocket {
  constructor(url: string) {
    // The types of ws do not know `closeTimeout` yet.
    const options = { perMessageDeflate: false, closeTimeout: 50 }
    super(url, options)
  }
}

export interface TravellerOptions {
  /** Where its line begins. */
  url: string
  notebookId: string
  /** Asked for at every connection. */
  token: () => Promise<string>
  ledger: Ledger
  name: string
}

/**
 * A page's client: the page's own `Following` on a socket that comes back by itself, with the times of `web/src/trpc.ts` made short.
 * It folds what comes, and tells the ledger what it has at every position.
 */
export class Traveller {
  readonly name: string
  state: NotebookState | undefined
  snapshots = 0
  /** Events that came. */
  heard = 0
  /** Codes with which sockets have closed. */
  readonly closings: (number | undefined)[] = []
  /** How often a token was refused. */
  renewals = 0
  private failure: unknown
  private readonly socket: TRPCWebSocketClient
  private readonly following: Following
  private readonly ledger: Ledger
  private readonly waiting = new Set<() => void>()

  constructor(options: TravellerOptions) {
    this.name = options.name
    this.ledger = options.ledger
    const { client, socket } = new Connection(options.url).ws(options.token, {
      WebSocket: Impatient as unknown as typeof globalThis.WebSocket,
      retryDelayMs: (attempt) => (attempt === 0 ? 0 : 30),
      keepAlive: { enabled: true, intervalMs: 150, pongTimeoutMs: 600 },
      onClose: (cause) => {
        this.closings.push(cause?.code)
        this.wake()
      },
    })
    this.socket = socket
    this.following = new Following({
      ...{ api: client, id: options.notebookId, clientId: options.name, pauseMs: 30 },
      renew: async () => {
        this.renewals += 1
        this.wake()
      },
      onEvent: (event) => this.receive(event),
      onRefused: (error) => {
        this.failure ??= error
        this.wake()
      },
    })
    this.following.begin()
  }

  /** Resolves when `so` is true; rejects when anything was wrong. */
  async until(so: () => boolean): Promise<void> {
    for (;;) {
      if (this.failure) throw this.failure
      if (so()) return
      await new Promise<void>((resolve) => this.waiting.add(resolve))
    }
  }

  /** Resolves when everything up to `rev` has come. */
  reached(rev: number): Promise<void> {
    return this.until(() => (this.state?.rev ?? -1) >= rev)
  }

  /** Resolves when so many more events have come. */
  hears(more: number): Promise<void> {
    const goal = this.heard + more
    return this.until(() => this.heard >= goal)
  }

  async leave(): Promise<void> {
    this.following.end()
    await this.socket.close()
  }

  private receive(event: NotebookEvent): void {
    try {
      this.fold(event)
    } catch (error) {
      this.failure ??= error
    }
    this.wake()
  }

  private fold(event: NotebookEvent): void {
    if (event.type === 'presence') return
    if (event.type === 'snapshot') {
      if (this.state && event.notebook.rev < this.state.rev) throw new Error(`${this.name} was sent back in time`)
      this.snapshots += 1
      this.state = fromWire(event.notebook)
    } else {
      if (!this.state) throw new Error(`${this.name} was told of changes before anything else`)
      const expected = this.state.rev + 1
      if (event.rev !== expected) throw new Error(`${this.name} got ${event.rev} where ${expected} was next`)
      this.state = evolveAll(this.state, event.changes, event.rev)
    }
    this.heard += 1
    this.ledger.see(this.state, this.name)
  }

  private wake(): void {
    for (const wake of this.waiting) wake()
    this.waiting.clear()
  }
}
