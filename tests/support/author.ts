import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from './connection.ts'
import type { Chance } from './random.ts'

interface Page {
  id: string
  version: number
  source: string
}

/** A cell that prints in several decisions before it ends. */
const PRINTING = 'for (let n = 0; n < 4; n += 1) { console.log("line", n); await new Promise((go) => setTimeout(go, 25)) }'
const MOST_CELLS = 9

/**
 * One person who changes a notebook without end, and repeats under the same `opId` whatever was not answered, until it is.
 * Knows what the page must be: everything that was answered, once.
 */
export class Author {
  /** Position of the last answer. */
  rev = 0
  answered = 0
  repeated = 0
  title = 'Faults'
  readonly cells: Page[] = []
  private readonly client: () => Client
  private readonly notebookId: string
  private readonly chance: Chance
  private stopped = false
  private count = 0

  /** `client` is asked before every attempt: the server may be another by then. */
  constructor(client: () => Client, notebookId: string, chance: Chance) {
    this.client = client
    this.notebookId = notebookId
    this.chance = chance
  }

  stop(): void {
    this.stopped = true
  }

  async work(pauseMs: number): Promise<void> {
    await this.insert('typescript', PRINTING)
    while (!this.stopped) {
      await this.step()
      await pause(pauseMs)
    }
  }

  /** One more change, by chance. */
  async step(): Promise<void> {
    this.count += 1
    const dice = this.chance.next()
    const others = this.cells.slice(1)
    if (others.length < 2 || (dice < 0.2 && others.length < MOST_CELLS)) return this.insert('markdown', `made ${this.count}`)
    const cell = this.chance.oneOf(others)
    if (dice < 0.3) return this.run()
    if (dice < 0.45) return this.remove(cell)
    if (dice < 0.6) return this.move(cell)
    if (dice < 0.65) return this.rename(`Faults ${this.count}`)
    return this.edit(cell)
  }

  private async insert(language: 'markdown' | 'typescript', source: string): Promise<void> {
    const input = { notebookId: this.notebookId, language, source, opId: randomUUID() }
    const { cellId } = await this.asked((client) => client.insertCell.mutate(input))
    this.cells.push({ id: cellId, version: 1, source })
  }

  private async edit(cell: Page): Promise<void> {
    const source = `edit ${this.count}`
    const input = { ...this.in(cell), baseVersion: cell.version, source }
    const { version } = await this.asked((client) => client.editCell.mutate(input))
    Object.assign(cell, { version, source })
  }

  private async remove(cell: Page): Promise<void> {
    const input = this.in(cell)
    await this.asked((client) => client.deleteCell.mutate(input))
    this.cells.splice(this.cells.indexOf(cell), 1)
  }

  private async move(cell: Page): Promise<void> {
    const after = this.chance.oneOf(this.cells.filter((other) => other !== cell))
    const input = { ...this.in(cell), after: after.id }
    await this.asked((client) => client.moveCell.mutate(input))
    this.cells.splice(this.cells.indexOf(cell), 1)
    this.cells.splice(this.cells.indexOf(after) + 1, 0, cell)
  }

  private async rename(title: string): Promise<void> {
    const input = { id: this.notebookId, title, opId: randomUUID() }
    await this.asked((client) => client.renameNotebook.mutate(input))
    this.title = title
  }

  /** Answers when it is accepted; what it prints comes meanwhile. */
  private async run(): Promise<void> {
    const input = { notebookId: this.notebookId, cellId: this.cells[0]?.id ?? '', opId: randomUUID() }
    await this.asked((client) => client.runCell.mutate(input))
  }

  private in({ id }: Page) {
    return { notebookId: this.notebookId, cellId: id, opId: randomUUID() }
  }

  private async asked<R extends { rev: number }>(send: (client: Client) => Promise<R>): Promise<R> {
    for (;;) {
      try {
        const answer = await send(this.client())
        this.rev = Math.max(this.rev, answer.rev)
        this.answered += 1
        return answer
      } catch (error) {
        if (!isLater(error)) throw error
        this.repeated += 1
        await pause(50)
      }
    }
  }
}

/** No answer at all, or that the server is about to stop: to be asked again. Anything else is a bug. */
function isLater(error: unknown): boolean {
  const { data } = error as { data?: { problem?: { kind: string } } | null }
  return !data || data.problem?.kind === 'unavailable'
}
