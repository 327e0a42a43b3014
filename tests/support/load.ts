import { randomUUID } from 'node:crypto'
import type { Client } from './connection.ts'

/** One mutation, repeatable: what it asks for, and what it was answered once it was. */
export interface Asked {
  send(client: Client): Promise<unknown>
  answer?: unknown
}

/** What somebody knows of a notebook after everything they were told. */
export interface Known {
  /** The cell that they type into. */
  cellId: string
  version: number
  source: string
  /** Cells that they have made. */
  made: Set<string>
  /** What was on its way when the server was gone: it has happened, or it has not. */
  inDoubt?: { asked: Asked; source?: string }
}

/** A person who types and makes cells until the server is gone; everything under an `opId`. */
export class Person {
  readonly known: Known
  /** Of this life of the server. */
  acknowledged: Asked[] = []
  private readonly notebookId: string
  private count = 0

  constructor(notebookId: string, cellId: string) {
    this.notebookId = notebookId
    this.known = { cellId, version: 1, source: '', made: new Set() }
  }

  /** Calls `told` after each answer. Resolves once a request has failed. */
  async workUntilGone(client: Client, told: () => void): Promise<void> {
    this.acknowledged = []
    for (;;) if (!(await this.step(client, told))) return
  }

  private async step(client: Client, told: () => void): Promise<boolean> {
    this.count += 1
    return this.count % 7 === 0 ? this.make(client, told) : this.type(client, told)
  }

  private async make(client: Client, told: () => void): Promise<boolean> {
    const input = { notebookId: this.notebookId, opId: randomUUID(), language: 'markdown' as const, source: `made ${this.count}` }
    const asked: Asked = { send: (to) => to.insertCell.mutate(input) }
    try {
      const answer = await client.insertCell.mutate(input)
      this.acknowledged.push({ ...asked, answer })
      this.known.made.add(answer.cellId)
      told()
      return true
    } catch (error) {
      return this.gone(error, { asked })
    }
  }

  private async type(client: Client, told: () => void): Promise<boolean> {
    const { cellId, version: baseVersion } = this.known
    const source = `// ${this.count}`
    const input = { notebookId: this.notebookId, opId: randomUUID(), cellId, baseVersion, source }
    const asked: Asked = { send: (to) => to.editCell.mutate(input) }
    try {
      const answer = await client.editCell.mutate(input)
      this.acknowledged.push({ ...asked, answer })
      Object.assign(this.known, { version: answer.version, source })
      told()
      return true
    } catch (error) {
      return this.gone(error, { asked, source })
    }
  }

  /** A refusal is no loss of the server: it is a bug, of the test or of the server. */
  private gone(error: unknown, inDoubt: NonNullable<Known['inDoubt']>): false {
    if (typeof error === 'object' && error !== null && 'data' in error && error.data) throw error
    this.known.inDoubt = inDoubt
    return false
  }
}
