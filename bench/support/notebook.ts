import type { NotebookEvent } from '@rivulet/server/notebook/events'
import type { Cell as Inserted } from '@rivulet/server/notebook/model'
import type { Client } from '@rivulet/tests/support/connection.ts'
import type { BenchServer } from './server.ts'

type Cell = Pick<Inserted, 'language' | 'source'>

/** One notebook with somebody watching it: counts messages, and knows when runs have ended. */
export class WatchedNotebook {
  readonly http: Client
  readonly id: string
  cellIds: string[] = []
  messages = 0
  private readonly ended = new Set<string>()
  private printed: () => void = () => {}
  private readonly waiting = new Map<string, () => void>()

  private constructor(http: Client, id: string) {
    this.http = http
    this.id = id
  }

  /** A new guest's notebook with these cells of TypeScript, or of what they say, none of them run, and a live subscription. */
  static async open(server: BenchServer, cells: readonly (string | Cell)[]): Promise<WatchedNotebook> {
    const { cookie } = await server.guest()
    const token = server.lasting(cookie)
    const http = server.http(token)
    const { id } = await http.createNotebook.mutate({ title: 'Bench' })
    const notebook = new WatchedNotebook(http, id)
    const edits = cells.map((cell) => ({
      insert: typeof cell === 'string' ? { language: 'typescript' as const, source: cell } : cell,
    }))
    notebook.cellIds = (await http.applyEdits.mutate({ notebookId: id, edits })).cellIds
    await notebook.watch(server.ws(token).client)
    return notebook
  }

  /** Asks for a run and resolves when all of it has ended, as seen by the subscription. */
  async run(cell: number): Promise<void> {
    const { runIds } = await this.http.runCell.mutate({ notebookId: this.id, cellId: this.cellIds[cell] ?? '' })
    for (const runId of runIds) await this.finished(runId)
  }

  async runAll(): Promise<void> {
    const { runIds } = await this.http.runAll.mutate({ notebookId: this.id })
    for (const runId of runIds) await this.finished(runId)
  }

  /** Starts what will not end by itself, and resolves when it has printed something: starting a kernel is another matter. */
  async start(): Promise<void> {
    const printed = new Promise<void>((resolve) => {
      this.printed = resolve
    })
    await this.http.runAll.mutate({ notebookId: this.id })
    await printed
  }

  async interrupt(): Promise<void> {
    await this.http.interrupt.mutate({ notebookId: this.id })
  }

  private finished(runId: string): Promise<void> {
    if (this.ended.has(runId)) return Promise.resolve()
    return new Promise((resolve) => this.waiting.set(runId, resolve))
  }

  private watch(ws: Client): Promise<void> {
    return new Promise((resolve, reject) => {
      ws.notebook.subscribe(
        { id: this.id },
        {
          onData: ({ data }) => {
            this.heard(data as NotebookEvent)
            resolve()
          },
          onError: reject,
        },
      )
    })
  }

  private heard(event: NotebookEvent): void {
    this.messages += 1
    if (event.type !== 'changes') return
    for (const change of event.changes) {
      if (change.type === 'output.appended') this.printed()
      if (change.type !== 'run.finished') continue
      this.ended.add(change.runId)
      this.waiting.get(change.runId)?.()
      this.waiting.delete(change.runId)
    }
  }
}
