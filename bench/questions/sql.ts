import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { DuckDbEngine } from '@rivulet/server/src/kernel/sql/duckdb/engine.ts'
import { DuckDbPool } from '@rivulet/server/src/kernel/sql/duckdb/pool.ts'
import type { InputTable, QueryResult } from '@rivulet/server/src/kernel/sql/engine.ts'
import { median, quantile, type Row, samplesOf, timed } from '../support/figures.ts'
import type { BenchServer } from '../support/server.ts'
import { crossing } from './crossing.ts'

const TRIVIAL_RUNS = 300
const ROWS = 1_000_000

/** Whole number, fraction, text, text that is missing now and then, time. */
const wide = (rows: number) => `
  select i::int as i, i * 1.5::double as x, 'some text number ' || i as s, case when i % 3 = 0 then null else 'n' || i end as n,
    timestamp '2020-01-01' + to_seconds(i) as t from range(${rows}) r(i)`

/** The embedded engine in its process, beside the same engine in this one; and what a notebook adds. */
export async function sql(server: BenchServer): Promise<Row[]> {
  const tempRoot = mkdtempSync(join(tmpdir(), 'rivulet-bench-sql-'))
  const limits = { memoryMb: 1024, threads: 2, tempMb: 4096, tempRoot, sandbox: 'auto' as const, warmSpare: false }
  const pool = new DuckDbPool(limits)
  const alone = await (await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GiB' })).connect()
  const engine = pool.engine()
  try {
    const start = await timed(() => query(engine, 'select 1'))
    const first = { what: 'a new engine, until its first answer', value: start, unit: 'ms' as const, bar: '≤ 500 ms' }
    const small = await trivial(engine, alone)
    const out = await outwards(engine, alone)
    const into = await inwards(engine, alone, tempRoot)
    const first10M = await firstPage(engine, alone)
    await engine.dispose()
    const crossed = await crossing(server, { source: wide(ROWS), out: out.value, into: into.value })
    return [first, ...small, out, into, ...crossed, ...first10M]
  } finally {
    await engine.dispose()
    await pool.disposeAll()
    rmSync(tempRoot, { recursive: true, force: true })
  }
}

let runs = 0
async function query(engine: DuckDbEngine, text: string, tables: InputTable[] = [], cellId = 'bench'): Promise<QueryResult> {
  runs += 1
  const statements = [{ kind: 'select' as const, text, parameters: [] }]
  const { result } = await engine.run({ runId: `run ${runs}`, cellId, statements, creates: [], tables })
  if (!result) throw new Error(`${text} gave no rows`)
  return result
}

async function trivial(engine: DuckDbEngine, alone: DuckDBConnection): Promise<Row[]> {
  const own = await samplesOf(TRIVIAL_RUNS, () => query(engine, 'select 42 as a'))
  const floor = {
    what: 'the engine alone: into a table, and read',
    value: median(
      await samplesOf(TRIVIAL_RUNS, async () => {
        await alone.run('create or replace table bench as select 42 as a')
        await alone.runAndReadAll('from bench limit 100')
      }),
    ),
  }
  return [
    { what: '`select 42`: gate, table, first rows, p50', value: median(own), unit: 'ms', floor, bar: '≤ 5 ms' },
    { what: '… p99', value: quantile(own, 0.99), unit: 'ms', floor },
  ]
}

async function outwards(engine: DuckDbEngine, alone: DuckDBConnection): Promise<Row> {
  const { handle } = await query(engine, wide(ROWS))
  const read = async () => {
    const reader = await engine.read(handle)
    let bytes = 0
    for (;;) {
      const piece = await reader?.next()
      if (!piece) return bytes
      bytes += piece.length
    }
  }
  const bytes = await read()
  const own = median(await samplesOf(3, read))
  await alone.run(`create or replace table bench as ${wide(ROWS)}`)
  const chunks = async () => {
    const rows = await alone.stream('from bench')
    for (;;) {
      const chunk = await rows.fetchChunk()
      if (!chunk || chunk.rowCount === 0) return
    }
  }
  const json = await timed(async () => JSON.stringify((await alone.runAndReadAll('from bench')).getRowObjectsJson()))
  const floor = { what: 'the engine alone: its chunks, unread', value: median(await samplesOf(3, chunks)) }
  const note = `${Math.round(bytes / 1e6)} MB; as JSON, in this process: ${Math.round(json)} ms`
  return { what: '1 M × 5 out of the engine as Arrow', value: own, unit: 'ms', floor, bar: '≤ 1,500 ms', note }
}

async function inwards(engine: DuckDbEngine, alone: DuckDBConnection, folder: string): Promise<Row> {
  const objects = Array.from({ length: ROWS }, (_, i) => ({
    ...{ i, x: i * 1.5, s: `some text number ${i}`, n: i % 3 === 0 ? null : `n${i}`, t: new Date(1_577_836_800_000 + i * 1_000) },
  }))
  const own = await samplesOf(3, () => query(engine, 'select count(*) from given', [table(objects)], 'inwards'))
  const file = join(folder, 'rows.ndjson')
  const json = await timed(async () => {
    writeFileSync(file, objects.map((each) => JSON.stringify(each)).join('\n'))
    await alone.run(`create or replace table given as from read_json('${file}')`)
  })
  const floor = {
    what: 'the engine alone: makes such a table itself',
    value: await timed(() => alone.run(`create or replace table bench as ${wide(ROWS)}`)),
  }
  const note = `as JSON lines, in this process: ${Math.round(json)} ms`
  return { what: '1 M objects into the engine', value: median(own), unit: 'ms', floor, bar: '≤ 2,000 ms', note }
}

function table(objects: readonly Record<string, unknown>[]): InputTable {
  const columns = Object.keys(objects[0] ?? {})
  const size = 20_000
  let at = 0
  return {
    ...{ name: 'given', from: 'batches', columns },
    next: async () => {
      if (at >= objects.length) return undefined
      const batch = objects.slice(at, at + size)
      at += size
      return columns.map((column) => batch.map((row) => row[column]))
    },
  }
}

async function firstPage(engine: DuckDbEngine, alone: DuckDBConnection): Promise<Row[]> {
  const small = await query(engine, wide(1_000), [], 'small')
  let large: QueryResult | undefined
  const made = await timed(async () => {
    large = await query(engine, wide(10 * ROWS), [], 'large')
  })
  const makes = {
    what: 'the engine alone: makes the table',
    value: await timed(() => alone.run(`create or replace table bench as ${wide(10 * ROWS)}`)),
  }
  const page = (handle: string, offset: number) => () => engine.page(handle, { offset, limit: 100 })
  const floor = { what: 'the same of 1,000 rows', value: median(await samplesOf(50, page(small.handle, 0))) }
  const handle = large?.handle ?? ''
  const bar = 'as fast as 1,000 rows'
  return [
    { what: '10 M × 5, until its first page is there', value: made, unit: 'ms', floor: makes },
    { what: '… its first page again', value: median(await samplesOf(50, page(handle, 0))), unit: 'ms', floor, bar },
    { what: '… a page in its middle', value: median(await samplesOf(50, page(handle, 5 * ROWS))), unit: 'ms', floor, bar },
    { what: '… its last page', value: median(await samplesOf(50, page(handle, 10 * ROWS - 100))), unit: 'ms', floor, bar },
  ]
}
