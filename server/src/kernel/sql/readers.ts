import type { ToInside } from '../typescript/inside/protocol.ts'
import type { QueryEngine, ResultReader } from './engine.ts'
import type { FromQueries } from './questions.ts'

/** What code gets of a result at most; more is for SQL to make less of. Values are rows times columns. */
const MAX_VALUES = 30_000_000

/** Results on their way to code that reads them, a batch at a time. */
export class Readers {
  readonly #holderOf: (handle: string) => QueryEngine | undefined
  readonly #send: (message: ToInside) => void
  readonly #open = new Map<string, ResultReader>()

  constructor(holderOf: (handle: string) => QueryEngine | undefined, send: (message: ToInside) => void) {
    this.#holderOf = holderOf
    this.#send = send
  }

  async read({ ask, handle, next }: Extract<FromQueries, { kind: 'read' }>): Promise<void> {
    try {
      if (!next) await this.#begin(handle)
      const batch = await this.#open.get(handle)?.next()
      if (!batch) await this.#end(handle)
      this.#send({ kind: 'batch', ask, ...(batch && { arrow: Buffer.from(batch).toString('base64') }) })
    } catch (error) {
      this.#open.delete(handle)
      this.#send({ kind: 'batch', ask, failed: error instanceof Error ? error.message : String(error) })
    }
  }

  async #begin(handle: string): Promise<void> {
    await this.#end(handle)
    const reader = await this.#holderOf(handle)?.read(handle)
    if (!reader) throw new Error('The result is not kept any more: run its cell again')
    this.#open.set(handle, reader)
    const { total, columns } = reader
    if (total * columns.length <= MAX_VALUES) return
    await this.#end(handle)
    const size = `${total.toLocaleString('en')} rows of ${columns.length} columns`
    throw new RangeError(`The result has ${size}, which is too much to hand to code: let SQL choose or sum up`)
  }

  async #end(handle: string): Promise<void> {
    const reader = this.#open.get(handle)
    this.#open.delete(handle)
    await reader?.close()
  }
}
