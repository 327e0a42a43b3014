import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '../support/connection.ts'
import { heldAnswer } from '../support/heldAnswer.ts'
import { TestIssuer } from '../support/issuer.ts'
import { type Message, RawSocket } from '../support/rawSocket.ts'
import { growthMb } from '../support/resident.ts'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { TestServer } from '../support/testServer.ts'

/** Those who ask for more than they read, or than others leave them: what it costs the program, and everybody else. */

const MIB = 1024 * 1024
const data = temporaryFolder()
let server: ServerProcess
beforeAll(async () => {
  server = await ServerProcess.start({ DATA_DIR: data.path, NODE_OPTIONS: '--max-semi-space-size=4' })
}, 60_000)
afterAll(async () => {
  await server.closeSockets()
  await server.kill('SIGKILL')
  data.remove()
})

const metrics = async () => (await fetch(`${server.url}/metrics`)).text()
const backlog = async () => Number(/^rivulet_socket_backlog_bytes (\S+)$/m.exec(await metrics())?.[1])

const ask = (id: number, path: string, input?: unknown) => ({ id, method: 'query', params: { path, input } })
const codesOf = (messages: readonly Message[]) => messages.map(({ id, error }) => [id, error?.data.code ?? 'OK'])

/** A guest's notebook of about 2 MB. */
async function largeNotebook(of: Connection): Promise<{ token: string; id: string }> {
  const { token } = await of.guest()
  const client = of.http(token)
  const { id } = await client.createNotebook.mutate({})
  for (let n = 0; n < 8; n += 1)
    await client.insertCell.mutate({ notebookId: id, language: 'markdown', source: 'x'.repeat(250_000) })
  return { token, id }
}

describe('a socket', () => {
  test('[C6] that asks for a hundred answers of 2 MB and reads none: one waits for it, and it is cut', async () => {
    const { token, id } = await largeNotebook(server)
    const socket = await RawSocket.open(server.url, { params: { token } })
    await socket.query(0, 'whoami')
    let most = 0
    const grown = await growthMb(server.pid, async () => {
      socket.socket.pause()
      socket.send(Array.from({ length: 100 }, (_, n) => ask(n + 1, 'getNotebook', { id })))
      await expect.poll(backlog, { timeout: 10_000 }).toBeGreaterThan(0)
      for (let now = await backlog(); now > 0; now = await backlog()) most = Math.max(most, now)
    })
    // A limit and the one answer that goes beyond it.
    expect(most).toBeLessThan(4 * MIB)
    if (process.platform === 'linux') expect(grown).toBeLessThan(100)
    socket.socket.resume()
    expect((await socket.closed).code).toBe(1006)
  }, 60_000)

  test.each(['whoami', 'noSuchProcedure'])(
    '[C8] of nobody with ten thousand calls of %s in one frame: others are answered meanwhile',
    async (path) => {
      const socket = await RawSocket.open(server.url)
      socket.send(Array.from({ length: 10_000 }, (_, n) => ask(n, path)))
      await socket.until(({ id }) => id === 0)
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      expect(socket.messages.length).toBeLessThan(10_000)
      socket.close()
    },
  )

  test('[C8] whose token takes its time to be looked at: what it asks meanwhile is answered one by one, too', async () => {
    const issuer = await TestIssuer.start()
    const keys = await heldAnswer(await (await fetch(issuer.entry.jwksUrl)).text())
    const own = temporaryFolder()
    const TRUSTED_ISSUERS = JSON.stringify([{ ...issuer.entry, jwksUrl: `http://${keys.host}/` }])
    const slow = await ServerProcess.start({ DATA_DIR: own.path, TRUSTED_ISSUERS })
    const socket = await RawSocket.open(slow.url, { params: { token: await issuer.token('ada') } })
    socket.send(Array.from({ length: 10_000 }, (_, n) => ask(n, 'whoami')))
    await keys.wasAsked
    await pause(2_000)
    keys.answer()
    await socket.until(({ id }) => id === 0)
    expect((await fetch(`${slow.url}/healthz`)).status).toBe(200)
    expect(socket.messages.length).toBeLessThan(10_000)
    socket.close()
    await slow.kill('SIGKILL')
    own.remove()
    keys.close()
    issuer.close()
  }, 60_000)

  test('that says several things in one frame: each is answered for itself, and what is no call is said to be none', async () => {
    const { token } = await server.guest()
    const socket = await RawSocket.open(server.url, { params: { token } })
    await socket.query(0, 'whoami')
    socket.send(` \n${JSON.stringify([ask(1, 'whoami'), 5, [ask(2, 'whoami')], ask(3, 'whoami')])}`)
    await socket.until(({ id }) => id === 3)
    expect(codesOf(socket.messages)).toEqual([
      [0, 'OK'],
      [1, 'OK'],
      [null, 'BAD_REQUEST'],
      [null, 'BAD_REQUEST'],
      [3, 'OK'],
    ])
    socket.close()
  })
})

/** The raw connection of a request for several snapshots in one answer; what comes is for the caller to take. */
function askOverHttp(url: string, { token, id }: { token: string; id: string }, count: number): Socket {
  const { host, port } = new URL(url)
  const input = JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [n, { id }])))
  const path = `/trpc/${Array(count).fill('getNotebook').join(',')}?batch=1&input=${encodeURIComponent(input)}`
  const connection = connect(Number(port), '127.0.0.1')
  connection.on('error', () => undefined)
  connection.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`)
  return connection
}

describe('an answer over HTTP', () => {
  let brisk: TestServer
  let notebook: { token: string; id: string }
  beforeAll(async () => {
    brisk = await TestServer.start({}, { pace: { cutAfterMs: 1_000 } })
    notebook = await largeNotebook(brisk)
  })
  afterAll(() => brisk.close())
  const COUNT = 5
  const WHOLE = COUNT * 2_000_000

  test('[C6] of which nothing is taken is not kept: its connection is cut', async () => {
    const connection = askOverHttp(brisk.url, notebook, COUNT).pause()
    // Whether something still goes out is looked at once more before it is cut.
    await pause(4_000)
    // Who does not read does not learn of the end.
    connection.resume()
    await new Promise((resolve) => connection.once('close', resolve))
    expect(connection.bytesRead).toBeLessThan(WHOLE)
  }, 30_000)

  test('that is taken slowly comes whole', async () => {
    const connection = askOverHttp(brisk.url, notebook, COUNT)
    connection.on('data', () => {
      connection.pause()
      setTimeout(() => connection.resume(), 25)
    })
    await new Promise((resolve) => connection.once('close', resolve))
    expect(connection.bytesRead).toBeGreaterThan(WHOLE)
  }, 60_000)
})
