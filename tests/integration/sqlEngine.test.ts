import { readFileSync } from 'node:fs'
import type { KernelState } from '@rivulet/server/notebook/model'
import { afterEach, describe, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { TestDuckDb } from '../support/duckdb.ts'
import { descendantsOf, stillRunning } from '../support/processes.ts'
import { Follower, TestServer } from '../support/testServer.ts'

const servers: TestServer[] = []
afterEach(async () => {
  // One after another, the last first: the folder goes with the first, and the second may still be at work in it.
  for (const server of servers.splice(0).reverse()) await server.close()
})

interface World {
  server: TestServer
  client: Client
  token: string
}

async function start(env: Record<string, string>): Promise<World> {
  const server = await TestServer.start(env)
  servers.push(server)
  const { token } = await server.guest()
  return { server, client: server.http(token), token }
}

/** A notebook of one cell, and its engine as its readers are told of it. */
async function notebook({ server, client, token }: World, language: 'sql' | 'typescript', source: string) {
  const { id } = await client.createNotebook.mutate({})
  const follower = new Follower(server.ws(token).client, id)
  await follower.snapshot()
  const { cellIds } = await client.applyEdits.mutate({ notebookId: id, edits: [{ insert: { language, source } }] })
  const engine = (): KernelState | undefined => follower.state().kernels.find((kernel) => kernel.language === 'sql')
  const begin = async () => (await client.runCell.mutate({ notebookId: id, cellId: cellIds[0] ?? '' })).runId
  const run = async () => void (await follower.finished(await begin()))
  return { id, follower, engine, begin, run }
}

async function running(server: TestServer): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^rivulet_sql_engines_running (\d+)$/m.exec(text)?.[1])
}

/** The only one that this process has; the innermost, where walls are around it. */
function killEngine(): void {
  const command = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  // Who has listed them is among them.
  const own = stillRunning(descendantsOf(process.pid)).filter((pid) => command(pid).includes('rivulet-duckdb'))
  process.kill(Math.max(...own), 'SIGKILL')
}

describe('what is told of the SQL engine', () => {
  test('without bubblewrap: that there is none, and its memory; nothing before the first query', async () => {
    const world = await start({ SQL_SANDBOX: 'off' })
    const { engine, run } = await notebook(world, 'sql', 'select 1 as n')
    expect(engine()).toBeUndefined()
    await run()
    await expect.poll(engine, { timeout: 20_000 }).toEqual({
      language: 'sql',
      status: 'ready',
      detail: expect.stringMatching(/^\d+ MB$/),
      sandbox: 'process',
    })
  })

  test('with it, where it works', async () => {
    await using own = new TestDuckDb()
    await own.run('select 1')
    const { engine, run } = await notebook(await start({ SQL_SANDBOX: 'auto' }), 'sql', 'select 1 as n')
    await run()
    await expect.poll(() => engine()?.sandbox, { timeout: 20_000 }).toBe(own.engine.sandbox)
  })

  test('that it is at work while a query runs, and not any more when that is stopped', async () => {
    const world = await start({})
    const { id, follower, engine, begin } = await notebook(
      world,
      'sql',
      'select sum(hash(i)) as s from range(1000000000000) t(i)',
    )
    const runId = await begin()
    await expect.poll(() => engine()?.status, { timeout: 20_000 }).toBe('busy')
    await world.client.interrupt.mutate({ notebookId: id })
    await follower.finished(runId)
    await expect.poll(() => engine()?.status, { timeout: 20_000 }).toBe('ready')
    expect(engine()).toMatchObject({ detail: expect.stringMatching(/^\d+ MB$/), sandbox: expect.any(String) })
  })

  test('that it grew, that it ended, that it is there again, and that it was put away', async () => {
    const world = await start({})
    const { id, engine, run } = await notebook(world, 'sql', 'select i, hash(i) as h from range(8000000) t(i)')
    const megabytes = () => Number.parseInt(engine()?.detail ?? '', 10)
    await run()
    await expect.poll(megabytes, { timeout: 20_000 }).toBeGreaterThan(150)
    killEngine()
    await expect.poll(() => engine()?.status, { timeout: 20_000 }).toBe('died')
    expect(engine()?.sandbox).toBeUndefined()
    await run()
    await expect.poll(() => engine()?.status, { timeout: 20_000 }).toBe('ready')
    await world.client.restartKernel.mutate({ notebookId: id })
    await expect.poll(engine, { timeout: 20_000 }).toEqual({ language: 'sql', status: 'none' })
  })

  test('that it went with the kernel, when that ended', async () => {
    const world = await start({ KERNEL_HEAP_MB: '64' })
    const { id, follower, engine, run } = await notebook(world, 'sql', 'select 1 as n')
    await run()
    await expect.poll(() => engine()?.status, { timeout: 20_000 }).toBe('ready')
    const source = 'const all = []; while (true) all.push({ n: all.length })'
    const edits = [{ insert: { language: 'typescript' as const, source } }]
    const { runIds } = await world.client.applyEdits.mutate({ notebookId: id, edits, run: true })
    await follower.finished(runIds[0] ?? '')
    await expect.poll(engine, { timeout: 20_000 }).toEqual({ language: 'sql', status: 'none' })
  })
})

describe('a spare engine', () => {
  test('is started when a notebook with SQL in it is opened, and not for one without', async () => {
    const first = await start({})
    const plain = await notebook(first, 'typescript', '1 + 1')
    const sql = await notebook(first, 'sql', 'select 1 as n')
    await first.server.stop()
    // Another server finds them stored, and opens them.
    const server = await TestServer.start({ KERNEL_WARM_SPARE: 'true' }, { dataDir: first.server.dataDir })
    servers.push(server)
    const client = server.http(first.token)
    await client.listNotebooks.query()
    await client.getNotebook.query({ id: plain.id })
    await client.runAll.mutate({ notebookId: plain.id })
    expect(await running(server)).toBe(0)
    await client.getNotebook.query({ id: sql.id })
    await expect.poll(() => running(server), { timeout: 20_000 }).toBe(1)
  })
})
