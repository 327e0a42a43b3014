type Headers = () => Promise<Record<string, string>>

export interface EventSourceInit {
  headers: Headers
}

const RETRY_MS = 2_000

/**
 * EventSource over fetch: the browser's own cannot send an Authorization header, and a token in the URL would end in
 * logs. Speaks as much of the protocol as tRPC uses: named events, ids, retry with `Last-Event-ID`.
 */
export class FetchEventSource extends EventTarget {
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSED = 2
  readyState = 0
  private readonly url: string
  private readonly init: EventSourceInit
  private readonly controller = new AbortController()
  private lastEventId = ''

  constructor(url: string, init?: EventSourceInit) {
    super()
    if (!init) throw new Error('FetchEventSource needs headers')
    this.url = url
    this.init = init
    void this.run()
  }

  close(): void {
    this.readyState = this.CLOSED
    this.controller.abort()
  }

  private async run(): Promise<void> {
    while (this.readyState !== this.CLOSED) {
      try {
        await this.connect()
      } catch (error) {
        if (this.readyState === this.CLOSED) return
        this.fail(error)
      }
      if (this.readyState === this.CLOSED) return
      this.readyState = this.CONNECTING
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }

  private fail(cause: unknown): void {
    this.dispatchEvent(new CustomEvent('error', { detail: cause }))
  }

  private async connect(): Promise<void> {
    const headers = { accept: 'text/event-stream', ...(await this.init.headers()) }
    const response = await fetch(this.url, {
      headers: this.lastEventId ? { ...headers, 'last-event-id': this.lastEventId } : headers,
      signal: this.controller.signal,
      cache: 'no-store',
    })
    if (!response.ok || !response.body) {
      this.readyState = this.CLOSED
      throw new Error(`The event stream was refused: ${response.status}`)
    }
    this.readyState = this.OPEN
    this.dispatchEvent(new Event('open'))
    await this.read(response.body.pipeThrough(new TextDecoderStream()))
  }

  private async read(stream: ReadableStream<string>): Promise<void> {
    let rest = ''
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + value.replaceAll('\r\n', '\n')).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) this.deliver(block)
    }
  }

  private deliver(block: string): void {
    const fields = block.split('\n').map((line) => {
      const at = line.indexOf(':')
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')]
    })
    const all = (name: string) => fields.filter(([field]) => field === name).map(([, value]) => value ?? '')
    const id = all('id').at(-1)
    if (id !== undefined) this.lastEventId = id
    const event = all('event').at(-1) ?? 'message'
    const data = all('data')
    if (data.length || event !== 'message') {
      this.dispatchEvent(new MessageEvent(event, { data: data.join('\n'), lastEventId: id ?? '' }))
    }
  }
}
