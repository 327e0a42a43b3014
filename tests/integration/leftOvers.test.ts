import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { Follower } from '../support/testServer.ts'

/** What is on the disk after a server has ended, in whatever way. */

let data: ReturnType<typeof temporaryFolder>
let temp: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  data = temporaryFolder()
  temp = temporaryFolder()
})
afterEach(() => {
  data.remove()
  temp.remove()
})

/** A server with a kernel and an SQL engine at work. */
async function atWork(): Promise<ServerProcess> {
  const server = await ServerProcess.start({ DATA_DIR: data.path, TMPDIR: temp.path })
  const { token } = await server.guest()
  const client = server.http(token)
  const { id: notebookId } = await client.createNotebook.mutate({})
  const insert = (language: 'typescript' | 'sql', source: string) => client.insertCell.mutate({ notebookId, language, source })
  const cells = [await insert('typescript', 'const x = 1'), await insert('sql', 'select 42')]
  const follower = new Follower(server.ws(token).client, notebookId)
  for (const { cellId } of cells) {
    const { runId } = await client.runCell.mutate({ notebookId, cellId })
    expect(await follower.finished(runId)).toMatchObject({ result: { kind: 'ok' } })
  }
  await server.closeSockets()
  return server
}

/** Of this product: what runs the sources has a cache of its own in there. */
const inTemp = () => readdirSync(temp.path).filter((name) => name.startsWith('rivulet'))
const kernels = () => existsSync(join(data.path, 'kernels'))
const engines = () => readdirSync(join(data.path, 'sql'))

test('[D5] told to stop: nothing, neither in the temporary folder nor in its own', async () => {
  const server = await atWork()
  expect(kernels()).toBe(true)
  expect(await server.kill('SIGTERM')).toBe(0)
  expect([inTemp(), kernels(), engines()]).toEqual([[], false, []])
}, 60_000)

test('[D1] killed: nothing in the temporary folder, and the next server clears up in its own', async () => {
  const first = await atWork()
  await first.kill('SIGKILL')
  expect([inTemp(), kernels()]).toEqual([[], true])
  const second = await atWork()
  await second.kill('SIGTERM')
  expect([inTemp(), kernels(), engines()]).toEqual([[], false, []])
}, 60_000)
