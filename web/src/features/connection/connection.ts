import { Store } from '../../ui/store.ts'

/** `connecting`: never been live yet. `offline`: was live, or could not become so; retried by itself. */
export type ConnectionState = 'connecting' | 'live' | 'offline'

const SOCKETS_BEFORE_SSE = 3
const TOKEN_EXPIRED = 4401
const TRANSPORT_KEY = 'rivulet:transport'

/**
 * What the page knows about its line to the server. A network that never lets a WebSocket through, while plain HTTP
 * works, moves the subscriptions to server-sent events for the rest of the browser session.
 */
export class Connection {
  readonly state = new Store<ConnectionState>('connecting')
  readonly transport = new Store<'ws' | 'sse'>(sessionStorage.getItem(TRANSPORT_KEY) === 'sse' ? 'sse' : 'ws')
  private everOpened = false
  private socketUp = false
  private failures = 0

  constructor() {
    window.addEventListener('offline', this.lost)
    window.addEventListener('online', this.back)
  }

  socketOpened(): void {
    this.everOpened = true
    this.socketUp = true
    this.failures = 0
    if (this.transport.get() === 'ws') this.state.set('live')
  }

  socketClosed(code: number | undefined): void {
    this.socketUp = false
    if (this.transport.get() === 'sse') return
    if (code !== TOKEN_EXPIRED) this.lost()
    this.failures += 1
    if (!this.everOpened && this.failures >= SOCKETS_BEFORE_SSE) void this.tryServerSentEvents()
  }

  /** The subscription itself told us; over SSE it is the only one who can. */
  streaming(live: boolean): void {
    if (this.transport.get() === 'sse') this.state.set(live ? 'live' : 'offline')
  }

  dispose(): void {
    window.removeEventListener('offline', this.lost)
    window.removeEventListener('online', this.back)
  }

  private readonly lost = (): void => this.state.set('offline')

  /** A socket can outlive a short outage; nobody else would say that it is up. */
  private readonly back = (): void => {
    if (this.socketUp && this.transport.get() === 'ws') this.state.set('live')
  }

  private async tryServerSentEvents(): Promise<void> {
    const reachable = await fetch('/healthz').then(
      (answer) => answer.ok,
      () => false,
    )
    if (!reachable) return
    sessionStorage.setItem(TRANSPORT_KEY, 'sse')
    this.transport.set('sse')
  }
}
