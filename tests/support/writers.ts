import type { Client } from './connection.ts'

/** What somebody has typed into a cell of their own and was told is saved. */
export interface Writer {
  cellId: string
  /** Counts up in the text; of the last edit that was acknowledged. */
  acknowledged: number
  version: number
}

const textOf = (writer: number) => `# ${writer}`
/** The number in a text that a writer typed. */
export const countIn = (source: string | undefined): number => Number(/^# (\d+)$/.exec(source ?? '')?.[1] ?? 0)

/** Several people who type as fast as they are answered, each into a cell of their own. */
export class Writers {
  readonly all: Writer[] = []
  private readonly client: Client
  private readonly notebookId: string
  private stopped = false
  private readonly waiting = new Set<() => void>()
  private readonly typing: Promise<void>[] = []

  private constructor(client: Client, notebookId: string) {
    this.client = client
    this.notebookId = notebookId
  }

  static async start(client: Client, notebookId: string, count: number): Promise<Writers> {
    const writers = new Writers(client, notebookId)
    const edits = Array.from({ length: count }, () => ({ insert: { language: 'markdown' as const, source: textOf(0) } }))
    const { cellIds } = await client.applyEdits.mutate({ notebookId, edits, run: false })
    for (const cellId of cellIds) writers.all.push({ cellId, acknowledged: 0, version: 1 })
    for (const writer of writers.all) writers.typing.push(writers.type(writer))
    return writers
  }

  /** Resolves when everybody has been answered `more` times from now on. */
  async typed(more: number): Promise<void> {
    const goal = this.all.map(({ acknowledged }) => acknowledged + more)
    while (this.all.some(({ acknowledged }, index) => acknowledged < (goal[index] ?? 0)))
      await new Promise<void>((resolve) => this.waiting.add(resolve))
  }

  counts(): number[] {
    return this.all.map(({ acknowledged }) => acknowledged)
  }

  async stop(): Promise<void> {
    this.stopped = true
    await Promise.all(this.typing)
  }

  private async type(writer: Writer): Promise<void> {
    const { client, notebookId } = this
    while (!this.stopped) {
      const { cellId, version: baseVersion } = writer
      const source = textOf(writer.acknowledged + 1)
      const { version } = await client.editCell.mutate({ notebookId, cellId, baseVersion, source })
      writer.version = version
      writer.acknowledged += 1
      for (const wake of this.waiting) wake()
      this.waiting.clear()
    }
  }
}
