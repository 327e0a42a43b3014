import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { heldAnswer } from '../support/heldAnswer.ts'
import { TestIssuer } from '../support/issuer.ts'
import { RawSocket } from '../support/rawSocket.ts'
import { Follower, problemOf, TestServer } from '../support/testServer.ts'

/** How many WebSockets there may be: of one user, and of one address as long as they are nobody's. */

const NAME = 'notebooks.example.org'
const REFUSED = { kind: 'too-many-requests', what: 'sockets', retryAfterMs: expect.any(Number) }

let server: TestServer
beforeAll(async () => {
  const limits = { SOCKETS_PER_USER: '3', UNKNOWN_SOCKETS_PER_ADDRESS: '4' }
  server = await TestServer.start({ ...limits, PUBLIC_URL: `https://${NAME}` }, { handshakeMs: 1_500 })
})
afterAll(() => server.close())

/** Each test at an address of its own. */
const from = (address: string) => ({ host: NAME, 'x-forwarded-for': address })

async function socketOf(token: string, address: string) {
  const socket = await RawSocket.open(server.url, { params: { token }, headers: from(address) })
  const said = socket.query(1, 'whoami').then(({ error }) => error?.data.problem ?? 'welcome')
  const refused = socket.until(({ id, error }) => id === null && error !== undefined).then(({ error }) => error?.data)
  return { socket, answer: Promise.race([refused.then((data) => data?.problem), said]), refused }
}

const answers = (sockets: { answer: Promise<unknown> }[]) => Promise.all(sockets.map(({ answer }) => answer))

describe('sockets of a user', () => {
  test('[C8] so many; another one is told so and closed, one that closes makes room, and others are not concerned', async () => {
    const [{ token }, other] = [await server.guest(), await server.guest()]
    const held = await Promise.all(['a', 'b', 'c'].map((address) => socketOf(token, address)))
    expect(await answers(held)).toEqual(['welcome', 'welcome', 'welcome'])
    const fourth = await socketOf(token, 'd')
    expect(await fourth.refused).toMatchObject({ code: 'TOO_MANY_REQUESTS', httpStatus: 429, problem: REFUSED })
    await fourth.socket.closed
    expect(await (await socketOf(other.token, 'a')).answer).toBe('welcome')
    held[0]?.socket.close()
    await expect.poll(async () => (await socketOf(token, 'a')).answer).toBe('welcome')
    for (const { socket } of held) socket.close()
  })

  test('[C8] who goes while the token is looked at leaves no place taken', async () => {
    const issuer = await TestIssuer.start()
    const keys = await heldAnswer(await (await fetch(issuer.entry.jwksUrl)).text())
    const TRUSTED_ISSUERS = JSON.stringify([{ ...issuer.entry, jwksUrl: `http://${keys.host}/` }])
    const slow = await TestServer.start({ SOCKETS_PER_USER: '1', TRUSTED_ISSUERS })
    const open = async () => RawSocket.open(slow.url, { params: { token: await issuer.token('ada') } })
    const gone = await open()
    await keys.wasAsked
    gone.close()
    await expect.poll(async () => (await fetch(`${slow.url}/metrics`)).text()).toContain('rivulet_sockets_open 0')
    keys.answer()
    const staying = await open()
    expect(await staying.query(1, 'whoami')).toMatchObject({ result: { data: { name: 'ada' } } })
    await slow.close()
    keys.close()
    issuer.close()
  })

  test('[C8] tRPC’s client waits longer each time, and comes back by itself', async () => {
    const { token } = await server.guest()
    const held = await Promise.all(['h', 'i', 'j'].map((address) => socketOf(token, address)))
    expect(await answers(held)).toEqual(['welcome', 'welcome', 'welcome'])
    const waits: number[] = []
    const { client } = server.ws(token, {
      retryDelayMs: (attempt) => {
        waits.push(attempt)
        return 50 * 2 ** attempt
      },
    })
    // The socket may close before the refusal is read; who asks again hears it.
    await expect.poll(() => problemOf(new Follower(client, 'demo').snapshot()), { timeout: 10_000 }).toEqual(REFUSED)
    await expect.poll(() => waits.length, { timeout: 10_000 }).toBeGreaterThan(3)
    expect(waits).toEqual(waits.map((_, n) => n + (waits[0] ?? 0)))
    for (const { socket } of held) socket.close()
    const follows = async () => (await new Follower(client, 'demo').snapshot()).kind
    await expect.poll(() => follows().catch(() => 'refused'), { timeout: 10_000 }).toBe('demo')
  })
})

describe('sockets that have not said whose they are', () => {
  const silent = (address: string) => RawSocket.open(server.url, { params: null, headers: from(address) })

  test('[C8] so many of one address; those with a user do not count, and time makes room', async () => {
    const { token } = await server.guest()
    const mine = await Promise.all(['k', 'k', 'k'].map((address) => socketOf(token, address)))
    expect(await answers(mine)).toEqual(['welcome', 'welcome', 'welcome'])
    const sockets = await Promise.all(['k', 'k', 'k', 'k'].map(silent))
    expect(await RawSocket.status(server.url, from('k'))).toBe(429)
    expect(await RawSocket.status(server.url, from('l'))).toBe(101)
    expect((await sockets[0]?.closed)?.code).toBe(4408)
    await expect.poll(() => RawSocket.status(server.url, from('k'))).toBe(101)
    for (const { socket } of mine) socket.close()
  })

  test('[C8] what never became a socket counts no longer', async () => {
    for (let n = 0; n < 10; n += 1)
      await RawSocket.status(server.url, { ...from('m'), 'sec-websocket-version': '7' }).catch(() => undefined)
    await expect.poll(() => RawSocket.status(server.url, from('m'))).toBe(101)
  })
})
