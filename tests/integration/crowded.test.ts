import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { growthMb } from '../support/resident.ts'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { Follower } from '../support/testServer.ts'

/**
 * Two hundred notebooks at once, each with somebody who follows it. In some of them a kernel of its own prints all the time
 * (`KERNELS=200` gives every notebook one: that takes 13 GB); in the others somebody writes.
 */

const NOTEBOOKS = 200
const KERNELS = Number(process.env.KERNELS ?? 10)
const LINES = 200
const EDITS = 8
/** Below the limit of one socket. */
const A_SOCKET = 40

const data = temporaryFolder()
let server: ServerProcess
let token: string
let client: Client
beforeAll(async () => {
  server = await ServerProcess.start({
    DATA_DIR: data.path,
    RATE_LIMIT_PER_MINUTE: '1000000',
    KERNELS_PER_USER: String(NOTEBOOKS + 1),
    NODE_OPTIONS: '--max-semi-space-size=4',
  })
  token = (await server.guest()).token
  client = server.http(token)
}, 60_000)
afterAll(async () => {
  await server.closeSockets()
  await server.kill('SIGTERM')
  data.remove()
})

const PRINTER = `for (let n = 0; n < ${LINES}; n += 1) { console.log('line', n); await new Promise((go) => setTimeout(go, 5)) }`
const PRINTED = Array.from({ length: LINES }, (_, n) => `line ${n}\n`).join('')

interface Watched {
  notebookId: string
  cellId: string
  follower: Follower
  start: number
}

async function watched(socket: Client, source: string): Promise<Watched> {
  const { id: notebookId } = await client.createNotebook.mutate({})
  const { cellId } = await client.insertCell.mutate({ notebookId, language: 'typescript', source })
  const follower = new Follower(socket, notebookId)
  return { notebookId, cellId, follower, start: (await follower.snapshot()).rev }
}

async function prints({ notebookId, cellId, follower }: Watched): Promise<void> {
  const { runId } = await client.runCell.mutate({ notebookId, cellId })
  await follower.finished(runId)
  const printed = follower.state().cells[0]?.outputs.map((output) => (output.kind === 'stream' ? output.text : ''))
  expect(printed?.join('')).toBe(PRINTED)
}

async function writes({ notebookId, cellId, follower }: Watched): Promise<void> {
  let rev = 0
  for (let baseVersion = 1; baseVersion <= EDITS; baseVersion += 1)
    ({ rev } = await client.editCell.mutate({ notebookId, cellId, baseVersion, source: `const x = ${baseVersion}` }))
  await follower.reached(rev)
}

test('[C4] [C8] two hundred notebooks that change at once: nothing is lost, and the server holds little of it', async () => {
  const all: Watched[] = []
  let socket = server.ws(token).client
  for (let n = 0; n < NOTEBOOKS; n += 1) {
    if (n % A_SOCKET === 0) socket = server.ws(token).client
    all.push(await watched(socket, n < KERNELS ? PRINTER : ''))
  }
  const grown = await growthMb(server.pid, async () => {
    await Promise.all(all.map((notebook, n) => (n < KERNELS ? prints(notebook) : writes(notebook))))
  })
  for (const { notebookId, follower, start } of all) {
    const now = await client.getNotebook.query({ id: notebookId })
    await follower.reached(now.rev)
    expect(follower.snapshots).toBe(1)
    expect(follower.revs).toEqual(Array.from({ length: follower.rev - start }, (_, n) => start + 1 + n))
    if (follower.rev === now.rev) expect(follower.state()).toEqual(now)
    follower.stop()
  }
  if (process.platform === 'linux') expect(grown).toBeLessThan(150)
  const events = all.reduce((sum, { follower }) => sum + follower.revs.length, 0)
  console.log(`${KERNELS} of ${NOTEBOOKS} notebooks with a kernel: ${events} events, server +${Math.round(grown)} MB`)
}, 300_000)
