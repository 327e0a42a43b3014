import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDbEngine } from '@rivulet/server/src/kernel/sql/duckdb/engine.ts'
import { DuckDbPool, type DuckDbPoolOptions } from '@rivulet/server/src/kernel/sql/duckdb/pool.ts'
import type {
  DatabaseError,
  InputTable,
  PageQuery,
  QueryAnswer,
  QueryRequest,
  QueryResult,
} from '@rivulet/server/src/kernel/sql/engine.ts'
import { bind } from '@rivulet/server/src/language/sql/bind.ts'
import { readSql } from '@rivulet/server/src/language/sql/sql.ts'
import { tableFromIPC } from '@uwdata/flechette'

interface RunOptions {
  /** Of the holes, in their order. */
  values?: readonly unknown[]
  tables?: readonly InputTable[]
  cell?: string
  runId?: string
}

/** The real engine in its process, as a notebook has it. */
export class TestDuckDb implements AsyncDisposable {
  readonly engine: DuckDbEngine
  readonly pool: DuckDbPool
  readonly tempRoot: string
  lost = 0
  #runs = 0

  constructor(options: Partial<DuckDbPoolOptions> = {}) {
    this.tempRoot = options.tempRoot ?? mkdtempSync(join(tmpdir(), 'rivulet-duckdb-'))
    const limits = { memoryMb: 256, threads: 2, tempMb: 512, tempRoot: this.tempRoot, sandbox: 'auto' as const, warmSpare: false }
    this.pool = new DuckDbPool({ ...limits, ...options })
    this.engine = this.pool.engine()
    this.engine.onLost(() => {
      this.lost += 1
    })
  }

  /** The cell's text goes the way that it goes in the product. */
  request(source: string, { values = [], tables = [], cell = 'cell', runId }: RunOptions = {}): QueryRequest {
    const read = readSql(source, 'duckdb')
    if (!read.ok) throw new Error(`${read.message} (${read.offset})`)
    const statements = read.statements.map((statement) => {
      const bound = bind(read, statement, values)
      if (!bound.ok) throw new Error(bound.error.message)
      return { kind: statement.kind, text: bound.text, parameters: bound.parameters }
    })
    this.#runs += 1
    return { runId: runId ?? `run ${this.#runs}`, cellId: cell, statements, creates: [], tables }
  }

  run(source: string, options?: RunOptions): Promise<QueryAnswer> {
    return this.engine.run(this.request(source, options))
  }

  async result(source: string, options?: RunOptions): Promise<QueryResult> {
    const { result } = await this.run(source, options)
    if (!result) throw new Error(`${source} gave no rows`)
    return result
  }

  /** The first rows, as the page shows them. */
  async rows(source: string, options?: RunOptions): Promise<unknown[][]> {
    return (await this.result(source, options)).rows
  }

  /** What the database refused. */
  async refusal(source: string, options?: RunOptions): Promise<DatabaseError> {
    const error: unknown = await this.run(source, options).then(
      (answer) => new Error(`${source} ran: ${JSON.stringify(answer)}`),
      (reason: unknown) => reason,
    )
    if (error instanceof Error && error.name === 'DatabaseError') return error as DatabaseError
    throw error
  }

  async page(handle: string, query: PageQuery): Promise<{ rows: unknown[][]; total: number }> {
    const page = await this.engine.page(handle, query)
    if (!page) throw new Error('the result is not kept any more')
    return page
  }

  /** Every row of a result, through Arrow, as a list of objects. */
  async objects(handle: string): Promise<Record<string, unknown>[]> {
    const table = tableFromIPC(await this.arrow(handle), { useBigInt: true, useDate: true, useDecimalInt: true })
    return table.toArray().map((row) => ({ ...row }))
  }

  async arrow(handle: string): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    for await (const piece of this.pieces(handle)) pieces.push(piece)
    return new Uint8Array(Buffer.concat(pieces))
  }

  async *pieces(handle: string): AsyncGenerator<Uint8Array> {
    const reader = await this.engine.read(handle)
    if (!reader) throw new Error('the result is not kept any more')
    for (;;) {
      const piece = await reader.next()
      if (!piece) return
      yield piece
    }
  }

  /** Process ids of what the engine has started, the innermost last; Linux only. */
  pids(): number[] {
    const { pid } = this.engine
    return pid === undefined ? [] : withChildren(pid)
  }

  /** Memory of the innermost one, MiB. */
  residentMb(): number {
    const status = readFileSync(`/proc/${this.pids().at(-1)}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024
  }

  /** Time that the innermost one has computed, in hundredths of a second. */
  cpuTicks(): number {
    const [, fields = ''] = readFileSync(`/proc/${this.pids().at(-1)}/stat`, 'utf8').split(') ')
    const [user, system] = fields.split(' ').slice(11, 13).map(Number)
    return (user ?? 0) + (system ?? 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.dispose()
    await this.pool.disposeAll()
    rmSync(this.tempRoot, { recursive: true, force: true })
  }
}

function withChildren(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(withChildren)]
}

/** Rows as a value of the notebook comes to an engine: lists by column, in batches. */
export function batches(name: string, columns: Record<string, readonly unknown[]>, size = Number.POSITIVE_INFINITY): InputTable {
  const names = Object.keys(columns)
  const rows = columns[names[0] ?? '']?.length ?? 0
  let at = 0
  return {
    name,
    from: 'batches',
    columns: names,
    next: async () => {
      if (at >= rows) return undefined
      const from = at
      at += size
      return names.map((each) => (columns[each] ?? []).slice(from, at))
    },
  }
}
