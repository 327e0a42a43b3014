import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NotebookEvent } from '@rivulet/server/notebook/events'
import { evolveAll, fromWire, toWire } from '@rivulet/server/notebook/evolve'
import type { Notebook } from '@rivulet/server/notebook/model'
import type { Problem } from '@rivulet/server/notebook/problems'
import { loadEnv } from '@rivulet/server/src/env.ts'
import { type Overrides, type RunningServer, startServer } from '@rivulet/server/src/server.ts'
import { type Client, Connection } from './connection.ts'

/** A real server on a free port with a database of its own, and everything a client needs. */
export class TestServer extends Connection {
  readonly dataDir: string
  private readonly running: RunningServer
  private readonly keepsData: boolean

  private constructor(running: RunningServer, dataDir: string, keepsData: boolean) {
    super(running.url)
    this.running = running
    this.dataDir = dataDir
    this.keepsData = keepsData
  }

  /** `dataDir`: start again on the data of another; it is not removed then. */
  static async start(env: Record<string, string> = {}, overrides: Overrides & { dataDir?: string } = {}): Promise<TestServer> {
    const dataDir = overrides.dataDir ?? mkdtempSync(join(tmpdir(), 'rivulet-test-'))
    const variables = { PORT: '0', DATA_DIR: dataDir, NODE_ENV: 'test', LOG_LEVEL: 'error', KERNEL_WARM_SPARE: 'false', ...env }
    return new TestServer(await startServer(loadEnv(variables), overrides), dataDir, overrides.dataDir !== undefined)
  }

  /** One with default settings, and a guest who is signed in to it. */
  static async withGuest(): Promise<{ server: TestServer; token: string; client: Client }> {
    const server = await TestServer.start()
    const { token } = await server.guest()
    return { server, token, client: server.http(token) }
  }

  /** Bytes that the server holds for the slowest of its sockets. */
  backlog(): number {
    return this.running.backlog()
  }

  /** As `close`, and the data stays for another. */
  async stop(): Promise<void> {
    await this.closeSockets()
    await this.running.close()
  }

  async close(): Promise<void> {
    await this.stop()
    if (!this.keepsData) rmSync(this.dataDir, { recursive: true, force: true })
  }
}

/** One subscription to a notebook, as a list of what came and a way to wait for more. */
export class Follower {
  readonly events: { id: string; data: NotebookEvent }[] = []
  error: unknown
  private readonly waiting = new Set<() => void>()
  private readonly subscription: { unsubscribe(): void }

  constructor(client: Client, id: string, lastEventId?: string) {
    this.subscription = client.notebook.subscribe(
      { id, lastEventId: lastEventId ?? null },
      {
        onData: (event) => {
          this.events.push(event as { id: string; data: NotebookEvent })
          this.wake()
        },
        onError: (error) => {
          this.error = error
          this.wake()
        },
      },
    )
  }

  /** The first value `find` gives for what has come so far; an error of the subscription is thrown. */
  async until<T>(find: (events: NotebookEvent[]) => T | undefined | false): Promise<T> {
    for (;;) {
      const found = find(this.events.map((event) => event.data))
      if (found) return found
      if (this.error) throw this.error
      await new Promise<void>((resolve) => this.waiting.add(resolve))
    }
  }

  private wake(): void {
    for (const wake of this.waiting) wake()
    this.waiting.clear()
  }

  snapshot(): Promise<Notebook> {
    return this.until((events) => events.find((event) => event.type === 'snapshot')?.notebook)
  }

  /** The result of a run, once it has ended. */
  finished(runId: string) {
    return this.until((events) =>
      events
        .flatMap((event) => (event.type === 'changes' ? event.changes : []))
        .find((change) => change.type === 'run.finished' && change.runId === runId),
    )
  }

  /** The start of a run. */
  started(runId: string) {
    return this.until((events) =>
      events
        .flatMap((event) => (event.type === 'changes' ? event.changes : []))
        .find((change) => change.type === 'run.started' && change.runId === runId),
    )
  }

  /** Resolves when everything up to `rev` has come. */
  reached(rev: number): Promise<true> {
    return this.until(() => this.rev >= rev)
  }

  /** The last position that came. */
  get rev(): number {
    return Number(this.position?.split(':').at(-1) ?? -1)
  }

  get position(): string | undefined {
    return this.events.at(-1)?.id
  }

  /** Revisions of the decisions that came, in the order in which they came. */
  get revs(): number[] {
    return this.events.flatMap(({ data }) => (data.type === 'changes' ? [data.rev] : []))
  }

  get snapshots(): number {
    return this.events.filter(({ data }) => data.type === 'snapshot').length
  }

  /** What a client that folds everything has on its screen; `from` when it had something before. */
  state(from?: Notebook): Notebook {
    let state = from && fromWire(from)
    for (const { data } of this.events) {
      if (data.type === 'snapshot') state = fromWire(data.notebook)
      if (data.type === 'changes' && state) state = evolveAll(state, data.changes, data.rev)
    }
    if (!state) throw new Error('nothing came to begin with')
    return toWire(state)
  }

  stop(): void {
    this.subscription.unsubscribe()
  }
}

/** The code of a tRPC error, or what else was thrown. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
    return 'no error'
  } catch (error) {
    return (error as { data?: { code?: string } }).data?.code ?? error
  }
}

/** `data.problem` of a tRPC error. */
export async function problemOf(promise: Promise<unknown>): Promise<Problem | undefined> {
  try {
    await promise
    return undefined
  } catch (error) {
    return (error as { data?: { problem?: Problem } }).data?.problem
  }
}
