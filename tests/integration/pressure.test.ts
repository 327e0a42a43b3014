import { join } from 'node:path'
import type { NotebookEvent } from '@rivulet/server/notebook/events'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { RawSocket } from '../support/rawSocket.ts'
import { growthMb } from '../support/resident.ts'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { Follower } from '../support/testServer.ts'

/** More than anybody can take: what the program, in a process of its own and with its own limits, holds of it. */

const MIB = 1024 * 1024
const data = temporaryFolder()
let server: ServerProcess
let client: Client
let token: string
beforeAll(async () => {
  // As `pnpm start` has it: otherwise Node takes what a burst needs, and keeps it.
  server = await ServerProcess.start({ DATA_DIR: data.path, NODE_OPTIONS: '--max-semi-space-size=4' })
  token = (await server.guest()).token
  client = server.http(token)
}, 60_000)
afterAll(async () => {
  await server.closeSockets()
  await server.kill('SIGKILL')
  data.remove()
})

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}

/** A notebook with one cell that runs this, and somebody who reads it. */
async function running(source: string) {
  const { id: notebookId } = await client.createNotebook.mutate({})
  const { cellId } = await client.insertCell.mutate({ notebookId, language: 'typescript', source })
  const follower = new Follower(server.ws(token).client, notebookId)
  await follower.snapshot()
  const run = async () => (await client.runCell.mutate({ notebookId, cellId })).runId
  const outputs = () => follower.state().cells[0]?.outputs ?? []
  const missing = () => outputs().reduce((sum, output) => sum + (output.truncated?.bytes ?? 0), 0)
  const kept = () => outputs().reduce((sum, output) => sum + (output.kind === 'stream' ? output.text.length : 0), 0)
  return { notebookId, follower, run, missing, kept }
}

/** Sockets that ask for a notebook, and stop reading once they have it. */
async function stalled(notebookId: string, count: number): Promise<RawSocket[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => RawSocket.open(server.url, { params: { token } })))
  for (const socket of sockets) {
    socket.subscribe(1, 'notebook', { id: notebookId })
    await socket.until(({ result }) => result?.type === 'data')
    socket.socket.pause()
  }
  return sockets
}

test('[C6] 100 MB printed while ten readers do not read: the server holds little of it, and the readers are told what there is, or cut', async () => {
  const page = await running('const line = "x".repeat(99_999); for (let n = 0; n < 1_000; n += 1) console.log(line)')
  const slow = await stalled(page.notebookId, 10)
  let backlog = 0
  const grown = await growthMb(server.pid, async () => {
    const runId = await page.run()
    let over = false
    const ended = page.follower.finished(runId).then(() => (over = true))
    while (!over) backlog = Math.max(backlog, await metric('rivulet_socket_backlog_bytes'))
    await ended
  })
  expect(page.missing()).toBeGreaterThan(90_000_000)
  expect(page.kept()).toBeLessThanOrEqual(5 * MIB)
  // A limit and the one event that goes beyond it.
  expect(backlog).toBeLessThan(3 * MIB)
  if (process.platform === 'linux') expect(grown).toBeLessThan(150)
  const { rev } = await client.renameNotebook.mutate({ id: page.notebookId, title: 'After it' })
  await page.follower.reached(rev)
  for (const { socket } of slow) socket.resume()
  const ends = await Promise.all(
    slow.map((socket) =>
      Promise.race([
        socket.closed.then(() => 'cut'),
        socket
          .until(({ result }) => result?.id?.endsWith(`:${rev}`) === true)
          .then(
            () => 'resynchronised',
            () => 'cut',
          ),
      ]),
    ),
  )
  for (const end of ends) expect(['cut', 'resynchronised']).toContain(end)
  console.log(`server +${Math.round(grown)} MB, backlog ${backlog} bytes, readers ${ends.join(', ')}`)
  for (const socket of slow) socket.close()
  page.follower.stop()
}, 120_000)

test('[C8] output that grows for long: what is kept of it, in memory and in the file, is bounded', async () => {
  const page = await running(
    'for (let m = 0; m < 80; m += 1) { for (let n = 0; n < 50; n += 1) console.log("y".repeat(20_000)); await new Promise((go) => setTimeout(go, 1)) }',
  )
  const grown = await growthMb(server.pid, async () => {
    await page.follower.finished(await page.run())
  })
  expect(page.missing()).toBeGreaterThan(70_000_000)
  expect(page.kept()).toBeLessThanOrEqual(5 * MIB)
  if (process.platform === 'linux') expect(grown).toBeLessThan(150)
  const file = new Sqlite(join(data.path, 'rivulet.db'), { readonly: true })
  const bytes = (table: string, column: string) =>
    Number(
      file.prepare(`select coalesce(sum(length(${column})), 0) from ${table} where notebook_id = ?`).pluck().get(page.notebookId),
    )
  expect(bytes('journal', 'changes')).toBeLessThan(8 * MIB)
  expect(bytes('outputs', 'text')).toBeLessThanOrEqual(6 * MIB)
  file.close()
  page.follower.stop()
}, 120_000)

describe('many subscriptions', () => {
  test('[C8] ten thousand on one socket: so many are held, the rest is told when to come back', async () => {
    const { token: greedy } = await server.guest()
    const socket = await RawSocket.open(server.url, { params: { token: greedy } })
    await socket.query(0, 'whoami')
    const refused = () => socket.messages.flatMap(({ error }) => (error ? [error.data] : []))
    const held = () => new Set(socket.messages.flatMap(({ id, result }) => (result?.type === 'data' && id !== 0 ? [id] : [])))
    const grown = await growthMb(server.pid, async () => {
      for (let id = 1; id <= 10_000; id += 1) socket.subscribe(id, 'notebook', { id: 'blank' })
      await expect.poll(() => held().size + refused().length, { timeout: 60_000 }).toBe(10_000)
    })
    expect(held().size).toBe(50)
    const refusals = refused()
    for (const { code, problem } of refusals) {
      expect(code).toBe('TOO_MANY_REQUESTS')
      expect(problem).toMatchObject({ kind: 'too-many-requests', retryAfterMs: expect.any(Number) })
      expect(Number(problem.retryAfterMs)).toBeGreaterThan(0)
    }
    expect(new Set(refusals.map(({ problem }) => problem.what))).toEqual(new Set(['subscriptions', 'rate']))
    expect(await metric('rivulet_readers')).toBeGreaterThanOrEqual(50)
    if (process.platform === 'linux') expect(grown).toBeLessThan(150)
    expect((await client.whoami.query()).kind).toBe('guest')
    socket.close()
    await expect.poll(() => metric('rivulet_readers'), { timeout: 30_000 }).toBe(0)
  }, 120_000)

  test('[C4] a thousand of one notebook: each has every event, once and in order', async () => {
    const own = temporaryFolder()
    const busy = await ServerProcess.start({ DATA_DIR: own.path, RATE_LIMIT_PER_MINUTE: '1000000' })
    const { token: mine } = await busy.guest()
    const author = busy.http(mine)
    const { id } = await author.createNotebook.mutate({ title: 'Crowd' })
    const heard: number[][] = []
    const grown = await growthMb(busy.pid, async () => {
      for (let socket = 0; socket < 20; socket += 1) {
        const { client: crowd } = busy.ws(mine)
        for (let n = 0; n < 50; n += 1) {
          const revs: number[] = []
          heard.push(revs)
          crowd.notebook.subscribe(
            { id },
            {
              onData: (event) => {
                const told = event.data as NotebookEvent
                if (told.type === 'changes') revs.push(told.rev)
                if (told.type === 'snapshot') revs.push(told.notebook.rev)
              },
            },
          )
        }
      }
      await expect.poll(() => heard.filter((revs) => revs.length > 0).length, { timeout: 60_000 }).toBe(1_000)
      for (let n = 0; n < 10; n += 1) await author.renameNotebook.mutate({ id, title: `Crowd ${n}` })
      await expect.poll(() => heard.filter((revs) => revs.at(-1) === 10).length, { timeout: 60_000 }).toBe(1_000)
    })
    for (const revs of heard) expect(revs).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    if (process.platform === 'linux') expect(grown).toBeLessThan(150)
    console.log(`a thousand subscriptions: server +${Math.round(grown)} MB`)
    await busy.closeSockets()
    await busy.kill('SIGKILL')
    own.remove()
  }, 180_000)
})
