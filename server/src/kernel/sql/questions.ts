import { z } from 'zod'
import type { ToInside } from '../typescript/inside/protocol.ts'
import { decode } from './decode.ts'

/** What the sandbox says about queries, checked: the code in there is a stranger's. */
const TableInfo = z.union([
  z.object({ name: z.string(), handle: z.string() }),
  z.object({ name: z.string(), columns: z.array(z.string()).max(1_000), total: z.number().int().min(0) }),
])
export const FromQueries = [
  z.object({ kind: z.literal('query'), runId: z.string(), values: z.array(z.unknown()), tables: z.array(TableInfo).max(5_000) }),
  z.object({ kind: z.literal('table-rows'), ask: z.number(), columns: z.array(z.array(z.unknown())) }),
  z.object({ kind: z.literal('read'), ask: z.number(), handle: z.string(), next: z.literal(true).optional() }),
] as const
export type FromQueries = z.infer<(typeof FromQueries)[number]>

/** Rows a batch: their JSON, and what is made of it, is all that the server holds at a time. */
const BATCH_ROWS = 5_000

type Columns = readonly (readonly unknown[])[]

/** Asks the sandbox for the rows of values that queries read as tables, batch by batch. */
export class Questions {
  readonly #send: (message: ToInside) => void
  readonly #waiting = new Map<number, { answer(columns: Columns): void; giveUp(): void }>()
  #asks = 0

  constructor(send: (message: ToInside) => void) {
    this.#send = send
  }

  /** Gives the next batch with each call; rejects when the run is over before its rows have come. */
  batches(runId: string, { name, columns, total }: { name: string; columns: string[]; total: number }) {
    let offset = 0
    return async (): Promise<Columns | undefined> => {
      if (offset >= total) return undefined
      const limit = Math.min(BATCH_ROWS, total - offset)
      const answer = await this.#ask({ runId, name, offset, limit })
      if (answer.length !== columns.length || answer.some((values) => values.length !== limit))
        throw new Error(`${name} changed while it was read`)
      offset += limit
      return answer.map((values) => values.map(decode))
    }
  }

  answered({ ask, columns }: Extract<FromQueries, { kind: 'table-rows' }>): void {
    const waiting = this.#waiting.get(ask)
    this.#waiting.delete(ask)
    waiting?.answer(columns)
  }

  close(): void {
    for (const { giveUp } of this.#waiting.values()) giveUp()
    this.#waiting.clear()
  }

  #ask(question: { runId: string; name: string; offset: number; limit: number }): Promise<Columns> {
    this.#asks += 1
    const ask = this.#asks
    return new Promise((resolve, reject) => {
      this.#waiting.set(ask, { answer: resolve, giveUp: () => reject(new Error('The kernel ended')) })
      this.#send({ kind: 'table-rows', ask, ...question })
    })
  }
}
