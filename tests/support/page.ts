import type { Cell, Language } from '@rivulet/server/notebook/model'
import { afterEach } from 'vitest'
import type { Client } from './connection.ts'
import type { SignedIn } from './signedIn.ts'
import { Follower } from './testServer.ts'

export interface Given {
  language?: Language
  source: string
  resultName?: string
  /** Absent: the embedded engine. */
  connectionId?: string
}

export const sql = (source: string, resultName?: string): Given => ({
  language: 'sql',
  source,
  ...(resultName && { resultName }),
})
export const ts = (source: string): Given => ({ source })

/** A notebook of one's own, with these cells and somebody who watches it. */
export class Page {
  readonly id: string
  private readonly client: Client
  readonly follower: Follower
  cellIds: string[] = []

  private constructor(client: Client, id: string, follower: Follower) {
    this.client = client
    this.id = id
    this.follower = follower
  }

  static async of({ server, client, token }: Pick<SignedIn, 'server' | 'client' | 'token'>, ...given: Given[]): Promise<Page> {
    const { id } = await client.createNotebook.mutate({})
    const page = new Page(client, id, new Follower(server.ws(token).client, id))
    await page.follower.snapshot()
    const edits = given.map(({ language = 'typescript', source }) => ({ insert: { language, source } }))
    page.cellIds = (await client.applyEdits.mutate({ notebookId: id, edits })).cellIds
    for (const [n, { resultName, connectionId }] of given.entries())
      if (resultName ?? connectionId)
        await client.setCell.mutate({ notebookId: id, cellId: page.cellIds[n] ?? '', resultName, connectionId })
    return page
  }

  /** Runs everything, and answers how every cell stands. */
  async runAll(): Promise<Cell[]> {
    const { runIds } = await this.client.runAll.mutate({ notebookId: this.id })
    for (const runId of runIds) await this.follower.finished(runId)
    return this.cells()
  }

  async run(cell: number): Promise<Cell | undefined> {
    const { runId } = await this.client.runCell.mutate({ notebookId: this.id, cellId: this.cellIds[cell] ?? '' })
    await this.follower.finished(runId)
    return (await this.cells())[cell]
  }

  async cells(): Promise<Cell[]> {
    return (await this.client.getNotebook.query({ id: this.id })).cells
  }

  async edit(cell: number, source: string): Promise<Cell[]> {
    const cellId = this.cellIds[cell] ?? ''
    const { runIds } = await this.client.applyEdits.mutate({ notebookId: this.id, edits: [{ cellId, source }], run: true })
    for (const runId of runIds) await this.follower.finished(runId)
    return this.cells()
  }
}

/** Pages of one guest, for a file's tests. So many kernels a user may have: they go with their notebooks, after each test. */
export function usePages(shared: SignedIn) {
  const made: string[] = []
  afterEach(async () => {
    await Promise.all(made.splice(0).map((id) => shared.client.deleteNotebook.mutate({ id })))
  })
  return {
    of: async (...given: Given[]): Promise<Page> => {
      const page = await Page.of(shared, ...given)
      made.push(page.id)
      return page
    },
  }
}

export interface Table {
  columns: { name: string; type: string }[]
  rows: unknown[][]
  total: number
  handle?: string
}

export function dataOf(cell: Cell | undefined, mime: string): unknown {
  const output = cell?.outputs.findLast(({ kind }) => kind === 'value')
  return output?.kind === 'value' ? output.data[mime] : undefined
}

export const tableOf = (cell: Cell | undefined) => dataOf(cell, 'application/vnd.table+json') as Table | undefined
export const jsonOf = (cell: Cell | undefined) => dataOf(cell, 'application/json')
export const errorOf = (cell: Cell | undefined) => (cell?.result.kind === 'error' ? cell.result.error : undefined)
