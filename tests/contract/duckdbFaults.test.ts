import { readdirSync } from 'node:fs'
import { EngineGone, RunCancelled } from '@rivulet/server/src/kernel/sql/engine.ts'
import { describe, expect, test } from 'vitest'
import { batches, TestDuckDb } from '../support/duckdb.ts'
import { until } from '../support/until.ts'

const ENDLESS = 'select count(*) from range(1000000) a, range(1000000) b where a.range + b.range = 3'
/** Native code that looks at nothing while it runs. */
const UNRULY = "select sum(levenshtein(repeat('abc', 300000) || i, repeat('bca', 300000))) from range(10) t(i)"

/** Whoever obeys is given all the time it takes on a machine that is busy. */
const PATIENT = { patienceMs: 60_000 }

const reasonOf = (run: Promise<unknown>) =>
  run.then(
    () => 'ended well',
    (error: unknown) => error,
  )

describe('[S13] stopping', () => {
  test.each([
    ['a join', ENDLESS],
    ['a sort', 'select * from range(100000000) t(i) order by hash(i)'],
    ['a recursion', 'with recursive r as (select 1 as n union all select n + 1 from r) select max(n) from r'],
    ['rows that go into a table', 'create table big as select i, i::varchar as s from range(1000000000) t(i)'],
    ['rows that nobody sees', 'select * from range(10000000000) t(i) where i < 0; select 1'],
  ])('%s: the run ends, what others have stays', async (_, source) => {
    await using duckdb = new TestDuckDb(PATIENT)
    const kept = await duckdb.result('select 42 as a', { cell: 'kept' })
    await duckdb.run('create table made as select 1 as a', { cell: 'maker' })
    const ended = reasonOf(duckdb.run(source, { cell: 'stopped', runId: 'stopped' }))
    const next = duckdb.rows('select a from made', { cell: 'next' })
    await busy(duckdb)
    await duckdb.engine.cancel('stopped')
    expect(await ended).toBeInstanceOf(RunCancelled)
    expect(await next).toEqual([[1]])
    expect((await duckdb.page(kept.handle, { offset: 0, limit: 1 })).rows).toEqual([[42]])
    expect((await duckdb.engine.schema()).map(({ name }) => name)).toEqual(['made'])
    expect(duckdb.lost).toBe(0)
  })

  test('one that waits for its turn, one that has ended, and nobody', async () => {
    await using duckdb = new TestDuckDb(PATIENT)
    const first = reasonOf(duckdb.run(ENDLESS, { runId: 'first' }))
    const waiting = reasonOf(duckdb.run('select 1', { cell: 'other', runId: 'waiting' }))
    const cancelled = duckdb.engine.cancel('waiting')
    await duckdb.engine.cancel('first')
    await cancelled
    expect([await first, await waiting]).toEqual([expect.any(RunCancelled), expect.any(RunCancelled)])
    await duckdb.engine.cancel('first')
    await duckdb.engine.cancel('nobody')
    expect(await duckdb.rows('select 2')).toEqual([[2]])
  })

  test('one whose rows are on their way', async () => {
    await using duckdb = new TestDuckDb(PATIENT)
    let asked = 0
    const next = async () => {
      asked += 1
      return [Array.from({ length: 1_000 }, (_, n) => n)]
    }
    const tables = [{ name: 'endless', from: 'batches' as const, columns: ['n'], next }]
    const ended = reasonOf(duckdb.run('from endless', { runId: 'loads', tables }))
    await until(() => asked > 5)
    await duckdb.engine.cancel('loads')
    expect(await ended).toBeInstanceOf(RunCancelled)
    expect(await duckdb.rows('from endless', { tables: [batches('endless', { n: [7] })] })).toEqual([[7]])
  })

  test('one that does not obey ends with its process, and says so to the others; the next run starts another', async () => {
    await using duckdb = new TestDuckDb()
    const kept = await duckdb.result('select 42 as a', { cell: 'kept' })
    const ended = reasonOf(duckdb.run(UNRULY, { cell: 'stopped', runId: 'stopped' }))
    await busy(duckdb)
    const before = duckdb.engine.pid
    await duckdb.engine.cancel('stopped')
    expect(await ended).toBeInstanceOf(RunCancelled)
    await until(() => duckdb.lost === 1)
    expect(await duckdb.engine.page(kept.handle, { offset: 0, limit: 1 })).toBeUndefined()
    const tables = [{ name: 'kept', from: 'result' as const, handle: kept.handle }]
    expect(await reasonOf(duckdb.run('from kept', { tables }))).toBeInstanceOf(EngineGone)
    expect(await duckdb.rows('select 2')).toEqual([[2]])
    expect(duckdb.engine.pid).not.toBe(before)
  })
})

describe('[S14] a process that dies', () => {
  test('ends what ran, waited and was asked, with a reason; the next run starts another, and its folder is gone', async () => {
    await using duckdb = new TestDuckDb()
    const { handle } = await duckdb.result('select 1', { cell: 'kept' })
    const running = reasonOf(duckdb.run(ENDLESS))
    await busy(duckdb)
    const pid = duckdb.pids().at(-1) ?? 0
    const reader = await duckdb.engine.read(handle)
    process.kill(pid, 'SIGKILL')
    const gone = await running
    expect(gone).toBeInstanceOf(EngineGone)
    expect(String(gone)).toMatch(/ended unexpectedly \(.*\)\. It lost all results and tables/)
    await expect(reader?.next()).rejects.toBeInstanceOf(EngineGone)
    expect(duckdb.lost).toBe(1)
    expect(readdirSync(duckdb.tempRoot)).toEqual([])
    expect(await duckdb.engine.page(handle, { offset: 0, limit: 1 })).toBeUndefined()
    expect(await duckdb.engine.schema()).toEqual([])
    await duckdb.engine.forget('kept')
    expect(await duckdb.rows('select 2')).toEqual([[2]])
    expect(readdirSync(duckdb.tempRoot)).toHaveLength(1)
  })

  test('while nothing runs: whoever listens is told', async () => {
    await using duckdb = new TestDuckDb()
    await duckdb.run('select 1')
    process.kill(duckdb.pids().at(-1) ?? 0, 'SIGKILL')
    await until(() => duckdb.lost === 1)
    expect(duckdb.engine.sandbox).toBeUndefined()
  })

  test('put away: what ran ends, nobody is told that something was lost, and nothing starts again', async () => {
    const duckdb = new TestDuckDb()
    const running = reasonOf(duckdb.run(ENDLESS))
    const waiting = reasonOf(duckdb.run('select 1', { cell: 'other' }))
    await busy(duckdb)
    await duckdb[Symbol.asyncDispose]()
    await duckdb.engine.dispose()
    expect(String(await running)).toContain('put away')
    expect(String(await waiting)).toContain('put away')
    expect(await reasonOf(duckdb.run('select 1'))).toBeInstanceOf(EngineGone)
    expect([duckdb.lost, duckdb.engine.pid]).toEqual([0, undefined])
  })

  test('one engine’s end is nothing to another', async () => {
    await using duckdb = new TestDuckDb()
    const other = duckdb.pool.engine()
    const request = duckdb.request('select 5 as a')
    const { result } = await other.run(request)
    await duckdb.run('select 1')
    process.kill(duckdb.pids().at(-1) ?? 0, 'SIGKILL')
    await until(() => duckdb.lost === 1)
    expect(await other.page(result?.handle ?? '', { offset: 0, limit: 1 })).toEqual({ rows: [[5]], total: 1 })
    await other.dispose()
  })
})

describe('limits', () => {
  test('a sort beyond memory goes to disk, into its own folder, and leaves nothing there', async () => {
    await using duckdb = new TestDuckDb({ memoryMb: 128, tempMb: 2_048 })
    let spilled = 0
    const run = duckdb.rows(
      'select max(s) from (select i, repeat(i::varchar, 3) as s from range(4000000) t(i) order by hash(i) limit 3999999)',
    )
    const watch = setInterval(() => {
      const [own = ''] = readdirSync(duckdb.tempRoot)
      spilled = Math.max(spilled, readdirSync(`${duckdb.tempRoot}/${own}`).length)
    }, 5)
    expect(await run).toEqual([[expect.stringMatching(/^9+/)]])
    clearInterval(watch)
    expect(spilled).toBeGreaterThan(0)
    await duckdb.engine.forget('cell')
    await duckdb.engine.dispose()
    expect(readdirSync(duckdb.tempRoot)).toEqual([])
  }, 120_000)

  test('without room on disk it fails, and says why; the engine answers', async () => {
    await using duckdb = new TestDuckDb({ memoryMb: 128, tempMb: 16 })
    const error = await duckdb.refusal('create table big as select i, repeat(i::varchar, 30) as s from range(20000000) t(i)')
    expect(error.code).toBe('Out of Memory')
    expect(error.message).toMatch(/^The query needs more memory than the SQL engine may use/)
    expect(await duckdb.rows('select 2', { cell: 'next' })).toEqual([[2]])
    expect(await duckdb.engine.schema()).toEqual([])
    expect(duckdb.lost).toBe(0)
  }, 120_000)

  test('what the engine does not count is limited all the same: it fails, or its process does, and the next run works', async () => {
    await using duckdb = new TestDuckDb({ memoryMb: 128 })
    const reason = await reasonOf(duckdb.run("select sum(length(repeat('abc', 30000000) || i)) from range(100) t(i)"))
    expect(String(reason)).toMatch(/memory|ended unexpectedly/i)
    expect(await duckdb.rows('select 2', { cell: 'next' })).toEqual([[2]])
  }, 120_000)

  test('a result of 1 GB in memory for a quarter of it: its first and last rows, all of it, and the next query', async () => {
    await using duckdb = new TestDuckDb({ memoryMb: 256, tempMb: 4_096 })
    const { handle, total } = await duckdb.result('select i, repeat(md5(i::varchar), 320) as s from range(105000) t(i)')
    expect(total).toBe(105_000)
    expect((await duckdb.page(handle, { offset: 104_999, limit: 5 })).rows).toMatchObject([[104_999, expect.any(String)]])
    let [bytes, most] = [0, 0]
    for await (const piece of duckdb.pieces(handle)) {
      bytes += piece.length
      most = Math.max(most, duckdb.residentMb())
    }
    expect(bytes).toBeGreaterThan(105_000 * 10_240)
    // Less than the result, with all that Node and the engine's code take.
    expect(most).toBeLessThan(1_000)
    expect(await duckdb.rows('select 2', { cell: 'next' })).toEqual([[2]])
  }, 120_000)

  test('ten million rows: the first page and all pieces, in bounded memory', async () => {
    await using duckdb = new TestDuckDb({ memoryMb: 512 })
    const { handle, rows, total } = await duckdb.result(
      "select i::int as i, 'text number ' || (i % 1000) as s from range(10000000) t(i)",
    )
    expect([rows.length, rows[99]?.[0], total]).toEqual([100, 99, 10_000_000])
    expect((await duckdb.page(handle, { offset: 9_999_999, limit: 5 })).rows).toEqual([[9_999_999, 'text number 999']])
    let [bytes, most, largest] = [0, 0, 0]
    for await (const piece of duckdb.pieces(handle)) {
      bytes += piece.length
      largest = Math.max(largest, piece.length)
      most = Math.max(most, duckdb.residentMb())
    }
    expect(bytes).toBeGreaterThan(10_000_000 * 16)
    expect(largest).toBeLessThan(9 * 1024 * 1024)
    // Its own limit, and what Node and the engine's code take.
    expect(most).toBeLessThan(512 + 400)
  }, 120_000)
})

/** Until its process computes. */
async function busy(duckdb: TestDuckDb): Promise<void> {
  await until(() => duckdb.pids().length > 0)
  const start = duckdb.cpuTicks()
  await until(() => duckdb.cpuTicks() > start + 30)
}
