import { type Arrow, rowsOf } from './arrow.ts'
import { encodeAll } from './crossing.ts'
import { Interrupted } from './errors.ts'
import type { Memory } from './memory.ts'
import type { Outbox } from './outbox.ts'
import type { ResultInfo, ToInside } from './protocol.ts'
import { QueryResult } from './result.ts'
import type { Run } from './run.ts'
import { each, makeList, SafeMap } from './safe.ts'
import { type TableValue, tableValue } from './tables.ts'

/** The query did not end well; the other side knows why. */
export class QueryFailed extends Error {
  override readonly name = 'QueryFailed'
}

interface Asked {
  tables: SafeMap<string, TableValue>
  ended(message: Message<'query-ended'>): void
}

type Message<K extends ToInside['kind']> = Extract<ToInside, { kind: K }>

const ARROW = '@uwdata/flechette'

/** SQL cells, as far as they happen in here: their values go out, what comes back is a value of the notebook. */
export class Queries {
  readonly #outbox: Outbox
  readonly #memory: Memory
  readonly #importPackage: (specifier: string) => Promise<unknown>
  /** By run. */
  readonly #asked = new SafeMap<string, Asked>()
  readonly #reads = new SafeMap<number, (message: Message<'batch'>) => void>()
  #count = 0

  constructor(outbox: Outbox, memory: Memory, importPackage: (specifier: string) => Promise<unknown>) {
    this.#outbox = outbox
    this.#memory = memory
    this.#importPackage = importPackage
  }

  /** Runs the query of a cell whose parameters are known. */
  async ask(run: Run, values: readonly unknown[]): Promise<QueryResult | undefined> {
    const { runId } = run.request
    const tables = this.#tablesOf(run)
    const infos = makeList<TableValue['info']>()
    tables.each(({ info }) => {
      infos[infos.length] = info
    })
    const encoded = encodeAll(values)
    const result = await new Promise<ResultInfo | undefined>((resolve, reject) => {
      this.#asked.set(runId, {
        tables,
        ended: ({ result, failed }) => (failed === undefined ? resolve(result) : reject(new QueryFailed(failed))),
      })
      this.#send({ kind: 'query', runId, values: encoded, tables: Array.from(infos) })
    })
    return result && new QueryResult(result)
  }

  ended(message: Message<'query-ended'>): void {
    const asked = this.#asked.get(message.runId)
    this.#asked.delete(message.runId)
    asked?.ended(message)
  }

  /** A run that is over asks for nothing more. */
  slice({ ask, runId, name, offset, limit }: Message<'table-rows'>): void {
    const columns = this.#asked.get(runId)?.tables.get(name)?.slice(offset, limit) ?? []
    this.#send({ kind: 'table-rows', ask, columns })
  }

  batch(message: Message<'batch'>): void {
    const read = this.#reads.get(message.ask)
    this.#reads.delete(message.ask)
    read?.(message)
  }

  /** The rows of a result as objects; a new list for nobody: cells that change it change it for all, as with any value. */
  rows(result: QueryResult): Promise<unknown[]> {
    const rows = result.rows ?? this.#read(result.info)
    result.rows = rows
    rows.catch(() => {
      result.rows = undefined
    })
    return rows
  }

  #tablesOf({ request }: Run): SafeMap<string, TableValue> {
    const tables = new SafeMap<string, TableValue>()
    each(request.query?.tables ?? [], (name) => {
      if (request.binds.includes(name) && this.#memory.has(name)) tables.set(name, tableValue(name, this.#memory.get(name)))
    })
    return tables
  }

  async #read(info: ResultInfo): Promise<unknown[]> {
    const arrow = (await this.#importPackage(ARROW)) as Arrow
    const chunks: Uint8Array[] = []
    for (let first = true; ; first = false) {
      const { arrow: batch, failed } = await this.#next(info.handle, first)
      if (failed !== undefined) throw new Error(failed)
      if (batch === undefined) break
      chunks.push(bytesOf(batch))
    }
    return rowsOf(arrow, joined(chunks))
  }

  #next(handle: string, first: boolean): Promise<Message<'batch'>> {
    this.#count += 1
    const ask = this.#count
    return new Promise((resolve) => {
      this.#reads.set(ask, resolve)
      this.#send({ kind: 'read', ask, handle, ...(first ? {} : { next: true as const }) })
    })
  }

  #send(report: Parameters<Outbox['push']>[0]): void {
    this.#outbox.push(report)
    this.#outbox.flush(true)
  }
}

/** Rows instead of a result, for code that reads it. */
export function withRows(run: Run, parameters: SafeMap<string, unknown>, queries: Queries): Promise<void> | undefined {
  const results = makeList<{ name: string; result: QueryResult }>()
  parameters.each((value, name) => {
    if (QueryResult.is(value)) results[results.length] = { name, result: value }
  })
  return results.length > 0 ? readAll(run, parameters, { results, queries }) : undefined
}

async function readAll(
  run: Run,
  parameters: SafeMap<string, unknown>,
  { results, queries }: { results: readonly { name: string; result: QueryResult }[]; queries: Queries },
): Promise<void> {
  for (let i = 0; i < results.length; i += 1) {
    const { name, result } = results[i] as { name: string; result: QueryResult }
    parameters.set(name, await queries.rows(result))
    if (run.ended || run.givenUp) throw new Interrupted('Interrupted')
  }
}

/** Deno has it; the types that the server shares are those of a Node that does not. */
function bytesOf(base64: string): Uint8Array {
  return (Uint8Array as unknown as { fromBase64(text: string): Uint8Array }).fromBase64(base64)
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
