// biome-ignore-all lint/suspicious/noTemplateCurlyInString: holes of SQL cells look like those of templates.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { errorOf, type Page, sql as sqlHere, tableOf, ts, usePages } from '../support/page.ts'
import { usePostgres } from '../support/postgres.ts'
import { descendantsOf, stillRunning } from '../support/processes.ts'
import { useSignedIn } from '../support/signedIn.ts'

const postgres = usePostgres()
const shared = useSignedIn()

let connectionId: string
const pages = usePages(shared)
beforeAll(async () => {
  const url = postgres.server.url()
  connectionId = (await shared.client.addConnection.mutate({ name: 'Shop', url, readOnly: false })).id
})
const sql = (source: string, on: { connectionId?: string } = {}) => ({ ...sqlHere(source), ...on })

/** Processes of the notebooks that are open, by what stands in their command. */
const processesOf = (what: string) =>
  stillRunning(descendantsOf(process.pid)).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(what))

const sleeping = (seconds: number) =>
  `select 1 from pg_stat_activity where state = 'active' and query like 'select pg_sleep(${seconds})%'`

/** Runs the last cell, kills what its query runs beside, and answers how the cell ended. */
async function killedWhile(page: Page, what: string, isBusy: () => Promise<unknown>) {
  const last = page.cellIds.length - 1
  const ended = page.run(last)
  await isBusy()
  // The innermost, where one runs in another.
  process.kill(Math.max(...processesOf(what)), 'SIGKILL')
  return await ended
}

describe('a process that is killed in the middle of a query', () => {
  const ENDLESS = 'select count(*) from range(1000000) a, range(1000000) b where a.range + b.range = 3'

  const started = async (page: Page) => {
    const cell = async () => (await page.cells()).at(-1)?.status
    await expect.poll(cell, { timeout: 20_000 }).toBe('running')
    await expect.poll(() => processesOf('rivulet-duckdb').length, { timeout: 20_000 }).toBeGreaterThan(0)
  }

  test('the SQL engine: the cell says so, code goes on, tables are made again when they are needed', async () => {
    const page = await pages.of(
      ts('const kept = 41'),
      sql('create table made as select 1 as n'),
      sql('select ${kept} + n as x from made'),
      sql(ENDLESS),
    )
    for (const cell of [0, 1, 2]) await page.run(cell)
    const cell = await killedWhile(page, 'rivulet-duckdb', () => started(page))
    expect(errorOf(cell)).toMatchObject({ kind: 'kernel-died', message: expect.stringContaining('ended unexpectedly') })
    expect(tableOf(await page.run(2))?.rows).toEqual([[42]])
  })

  test('the kernel of the notebook: its engine goes with it, and both are there again with the next run', async () => {
    const page = await pages.of(sql(ENDLESS))
    const cell = await killedWhile(page, 'deno', () => started(page))
    expect(errorOf(cell)).toMatchObject({ kind: 'kernel-died' })
    await expect.poll(() => processesOf('rivulet-duckdb'), { timeout: 20_000 }).toEqual([])
    expect(tableOf((await page.edit(0, 'select 2 as n'))[0])?.rows).toEqual([[2]])
  })

  test('the kernel, while PostgreSQL computes: the query ends there, too', async () => {
    const page = await pages.of(sql('select pg_sleep(611)', { connectionId }))
    const cell = await killedWhile(page, 'deno', () => postgres.server.until(sleeping(611)))
    expect(errorOf(cell)).toMatchObject({ kind: 'kernel-died' })
    await postgres.server.until(`select 1 where not exists (${sleeping(611)})`)
    expect(tableOf((await page.edit(0, 'select 2 as n'))[0])?.rows).toEqual([[2]])
  })
})

describe('two cells that create one table', () => {
  test('[G2] [X4] are in error on one connection, and strangers on two', async () => {
    const page = await pages.of(
      sql('create table twice as select 1 as n', { connectionId }),
      sql('create table public.twice as select 2 as n', { connectionId }),
      sql('create table twice as select 3 as n'),
    )
    const errors = (await page.cells()).map((cell) => errorOf(cell)?.kind)
    expect(errors).toEqual(['duplicate', 'duplicate', undefined])
  })

  test('under a name that only the run knows: the second is told by the engine, and the first one’s table stays', async () => {
    for (const settings of [{}, { connectionId }]) {
      const page = await pages.of(
        ts('const name = "named_by_a_value"'),
        sql('create table ${ident(name)} as select 1 as n', settings),
        sql('create table ${ident(name)} as select 2 as n', settings),
        sql('select n from named_by_a_value', settings),
      )
      const [, first, second] = await page.runAll()
      expect(first?.result).toMatchObject({ kind: 'ok' })
      expect(errorOf(second)).toMatchObject({ kind: 'database', message: expect.stringContaining('already exists') })
      expect(tableOf(await page.run(3))?.rows).toEqual([[1]])
    }
  })
})

describe('a table that changes between two runs of what reads it', () => {
  test.each([['the embedded engine'], ['PostgreSQL']])('%s: the same text gives the columns that there are', async (where) => {
    const settings = where === 'PostgreSQL' ? { connectionId } : {}
    const name = where === 'PostgreSQL' ? 'shape_there' : 'shape_here'
    const page = await pages.of(
      ts('const least = 0'),
      sql(`create table ${name} as select 1 as a`, settings),
      sql(`select * from ${name} where a > \${least}`, settings),
    )
    const [, , before] = await page.runAll()
    expect(tableOf(before)).toMatchObject({ columns: [{ name: 'a', type: 'number' }], rows: [[1]] })
    const after = await page.edit(1, `drop table if exists ${name}; create table ${name} as select 'x' as b, 7::bigint as a`)
    expect(after.map((cell) => errorOf(cell))).toEqual([undefined, undefined, undefined])
    expect(tableOf(after[2])).toMatchObject({
      columns: [
        { name: 'b', type: 'string' },
        { name: 'a', type: 'bigint' },
      ],
      rows: [['x', 7]],
    })
  })
})
