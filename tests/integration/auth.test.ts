import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nowInSeconds, TestIssuer, unsigned } from '../support/issuer.ts'
import { RawSocket } from '../support/rawSocket.ts'
import { codeOf, Follower, problemOf, TestServer } from '../support/testServer.ts'

let issuer: TestIssuer
let server: TestServer
beforeAll(async () => {
  issuer = await TestIssuer.start()
  server = await TestServer.start({
    TRUSTED_ISSUERS: JSON.stringify([issuer.entry]),
    ALLOWED_ORIGINS: 'https://friend.example',
    SUBSCRIPTIONS_PER_SOCKET: '2',
    RATE_LIMIT_PER_MINUTE: '1000000',
  })
})
afterAll(async () => {
  await server.close()
  issuer.close()
})

describe('a token', () => {
  const refused: Record<string, { token: () => Promise<string> | string; reason: string }> = {
    'that is missing': { token: () => '', reason: 'no-token' },
    'that is no token': { token: () => 'nonsense', reason: 'bad-token' },
    'that has expired': {
      token: () => issuer.token('eve', { expiresAt: nowInSeconds() - 60 }),
      reason: 'expired-token',
    },
    'that somebody else signed': { token: () => issuer.forged('eve'), reason: 'bad-token' },
    'for another audience': { token: () => issuer.token('eve', { aud: 'elsewhere' }), reason: 'bad-token' },
    'of an unknown issuer': { token: () => issuer.token('eve', { iss: 'https://unknown.example' }), reason: 'bad-token' },
    'that pretends to be of the built-in issuer': { token: () => issuer.token('eve', { iss: 'rivulet' }), reason: 'bad-token' },
    'without a signature': {
      token: () => unsigned({ iss: issuer.issuer, aud: issuer.audience, sub: 'eve' }),
      reason: 'bad-token',
    },
    'of the built-in issuer without a signature': {
      token: () => unsigned({ iss: 'rivulet', aud: 'rivulet', sub: 'eve' }),
      reason: 'bad-token',
    },
    'signed with HMAC and the public key': { token: () => issuer.signedWithPublicKey('eve'), reason: 'bad-token' },
  }

  test.each(Object.entries(refused))('%s is refused on HTTP and on the socket alike', async (_name, { token, reason }) => {
    const text = await token()
    const response = await fetch(`${server.url}/trpc/whoami`, { headers: { authorization: `Bearer ${text}` } })
    const expected = { data: { code: 'UNAUTHORIZED', problem: { kind: 'unauthorized', reason } } }
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: expected })
    const { client } = server.ws(text)
    const follower = new Follower(client, 'demo')
    await expect(follower.snapshot()).rejects.toMatchObject(expected)
    await expect(client.whoami.query()).rejects.toMatchObject(expected)
    await expect(client.createNotebook.mutate({})).rejects.toMatchObject(expected)
  })

  test('of a second issuer is as good as one of the built-in one', async () => {
    const token = await issuer.token('ada')
    const me = await server.http(token).whoami.query()
    expect(me).toMatchObject({ name: 'ada', kind: 'member' })
    const follower = new Follower(server.ws(token).client, 'demo')
    const demo = await follower.snapshot()
    expect((await server.http(await issuer.token('ada')).getNotebook.query({ id: 'demo' })).id).toBe(demo.id)
    expect((await server.http(await issuer.token('bob')).whoami.query()).userId).not.toBe(me.userId)
    follower.stop()
  })

  test('in the URL is not looked at, and a cookie alone is nobody', async () => {
    const { token, cookie } = await server.guest()
    const inUrl = `token=${token}&access_token=${token}&connectionParams=${encodeURIComponent(JSON.stringify({ token }))}`
    const answer = await fetch(`${server.url}/trpc/whoami?${inUrl}`, { headers: { cookie } })
    expect(answer.status).toBe(401)
    const socket = await RawSocket.open(server.url, { headers: { cookie }, query: inUrl })
    expect((await socket.query(1, 'whoami')).error?.data).toMatchObject({
      code: 'UNAUTHORIZED',
      problem: { kind: 'unauthorized', reason: 'no-token' },
    })
    socket.subscribe(2, 'notebook', { id: 'demo' })
    expect((await socket.until(({ id }) => id === 2)).error?.data.code).toBe('UNAUTHORIZED')
    socket.close()
  })
})

describe('a socket', () => {
  test('without a user does not stay: 4408 when nothing comes, 4401 when the token is no good', async () => {
    const strict = await TestServer.start({}, { handshakeMs: 100 })
    const silent = await RawSocket.open(strict.url, { params: null })
    const anonymous = await RawSocket.open(strict.url)
    const forged = await RawSocket.open(strict.url, { params: { token: await issuer.forged('eve') } })
    expect((await silent.closed).code).toBe(4408)
    expect((await anonymous.closed).code).toBe(4408)
    expect((await forged.closed).code).toBe(4401)
    await strict.close()
  })

  test('[C4] closes with 4401 when its token ends; the client goes on with a fresh one, without a second snapshot and without a gap', async () => {
    const codes: (number | undefined)[] = []
    let lives = 0
    const token = () => {
      lives += 1
      return issuer.token('carol', lives === 1 ? { expiresAt: nowInSeconds() + 3 } : {})
    }
    const http = server.http(await issuer.token('carol'))
    const { id } = await http.createNotebook.mutate({ title: 'Long' })
    const { client } = server.ws(token, { onClose: (cause) => codes.push(cause?.code) })
    const follower = new Follower(client, id)
    await follower.snapshot()
    const edit = () => http.insertCell.mutate({ notebookId: id, language: 'markdown', source: 'x' })
    await edit()
    // Edits until well after the socket was replaced: none may be missed and none may come twice.
    while (lives < 2) await edit()
    const { rev } = await edit()
    await follower.reached(rev)
    expect(codes).toEqual([4401])
    expect(follower.snapshots).toBe(1)
    expect(follower.revs).toEqual(Array.from({ length: rev }, (_, index) => index + 1))
    expect(follower.state()).toEqual(await http.getNotebook.query({ id }))
    follower.stop()
  })

  test('signing out closes the user’s sockets, and nobody else’s', async () => {
    const [mine, other] = await Promise.all([server.guest(), server.guest()])
    const [first, second, others] = await Promise.all([
      RawSocket.open(server.url, { params: { token: mine.token } }),
      RawSocket.open(server.url, { params: { token: mine.token } }),
      RawSocket.open(server.url, { params: { token: other.token } }),
    ])
    for (const socket of [first, second, others]) await socket.query(1, 'whoami')
    expect((await server.auth('sign-out', {}, { cookie: mine.cookie })).status).toBe(200)
    expect(await Promise.all([first.closed, second.closed])).toMatchObject([{ code: 4401 }, { code: 4401 }])
    expect((await others.query(2, 'whoami')).result?.type).toBe('data')
    expect((await fetch(`${server.url}/api/auth/token`, { headers: { cookie: mine.cookie } })).status).toBe(401)
    others.close()
  })

  test('holds so many subscriptions; one that ends makes room', async () => {
    const { token } = await server.guest()
    const { client } = server.ws(token)
    const followers = [new Follower(client, 'demo'), new Follower(client, 'blank')]
    for (const follower of followers) await follower.snapshot()
    const problem = { kind: 'too-many-requests', what: 'subscriptions', retryAfterMs: expect.any(Number) }
    await expect(new Follower(client, 'demo').snapshot()).rejects.toMatchObject({ data: { code: 'TOO_MANY_REQUESTS', problem } })
    followers[0]?.stop()
    // The server hears of the end a moment later.
    let again = new Follower(client, 'demo')
    while ((await codeOf(again.snapshot())) !== 'no error') again = new Follower(client, 'demo')
    await expect(new Follower(server.ws(token).client, 'demo').snapshot()).resolves.toMatchObject({ kind: 'demo' })
  })
})

describe('where a request comes from', () => {
  const evil = { origin: 'https://evil.example' }

  test('a stranger’s page may neither open a socket nor sign in', async () => {
    expect(await RawSocket.status(server.url, evil)).toBe(403)
    expect(await RawSocket.status(server.url, { origin: 'null' })).toBe(403)
    const { cookie } = await server.guest()
    for (const headers of [{ ...evil }, { ...evil, cookie }, { origin: 'null', cookie }]) {
      expect((await server.auth('sign-in/anonymous', {}, headers)).status).toBe(403)
      expect((await fetch(`${server.url}/api/auth/token`, { headers })).status).toBe(403)
    }
  })

  test('the server’s own page, listed pages and scripts may', async () => {
    expect(await RawSocket.status(server.url, { origin: server.url })).toBe(101)
    expect(await RawSocket.status(server.url, { origin: 'https://friend.example' })).toBe(101)
    expect(await RawSocket.status(server.url, {})).toBe(101)
    const script = await fetch(`${server.url}/api/auth/sign-in/anonymous`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(script.status).toBe(200)
  })

  test('a page of a listed origin may also call the API, and no other may read the answer', async () => {
    const { token } = await server.guest()
    const call = (origin: string) => fetch(`${server.url}/trpc/whoami`, { headers: { origin, authorization: `Bearer ${token}` } })
    expect((await call('https://friend.example')).headers.get('access-control-allow-origin')).toBe('https://friend.example')
    expect((await call('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
    const asked = { origin: 'https://friend.example', 'access-control-request-method': 'POST' }
    const preflight = await fetch(`${server.url}/trpc/createNotebook`, { method: 'OPTIONS', headers: asked })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
  })

  test('under a name that a stranger’s DNS made up there is nothing: 421', async () => {
    const port = new URL(server.url).port
    expect(await RawSocket.status(server.url, { host: `evil.example:${port}` })).toBe(421)
    expect((await overHttp('/healthz', { headers: { host: `evil.example:${port}` } })).status).toBe(421)
    expect((await overHttp('/healthz', { headers: { host: `localhost:${port}` } })).status).toBe(200)
  })

  test('an upgrade of another path is refused, also with a path that does not parse', async () => {
    expect(await RawSocket.status(server.url, {}, '/elsewhere')).toBe(404)
    expect(await RawSocket.status(server.url, {}, '//')).toBe(404)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })
})

describe('limits', () => {
  test('so many sign-ins a minute from one address; what a client says of its address does not count', async () => {
    const strict = await TestServer.start({ SIGN_INS_PER_MINUTE: '3' })
    const tryFrom = (localAddress: string, headers: Record<string, string> = {}) =>
      overHttp('/api/auth/sign-in/email', {
        url: strict.url,
        localAddress,
        body: JSON.stringify({ email: 'nobody@example.org', password: 'wrong password' }),
        headers: { 'content-type': 'application/json', ...headers },
      })
    const statuses: number[] = []
    for (let n = 0; n < 3; n += 1) statuses.push((await tryFrom('127.0.0.3')).status)
    const spoofed = { 'x-rivulet-ip': '10.9.8.7', 'x-forwarded-for': '10.9.8.7' }
    statuses.push((await tryFrom('127.0.0.3', spoofed)).status, (await tryFrom('127.0.0.4')).status)
    expect(statuses).toEqual([401, 401, 401, 429, 401])
    await strict.close()
  })

  test('so many requests a minute for one user; the answer says how long to wait', async () => {
    const strict = await TestServer.start({ RATE_LIMIT_PER_MINUTE: '40' })
    const [mine, other] = await Promise.all([strict.guest(), strict.guest()])
    const client = strict.http(mine.token)
    const codes = await Promise.all(Array.from({ length: 12 }, () => codeOf(client.whoami.query())))
    expect(codes.filter((code) => code === 'no error')).toHaveLength(10)
    const problem = await problemOf(client.whoami.query())
    expect(problem).toMatchObject({ kind: 'too-many-requests', what: 'rate', retryAfterMs: expect.any(Number) })
    const wait = problem?.kind === 'too-many-requests' ? problem.retryAfterMs : 0
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(1_500)
    expect(await codeOf(strict.http(other.token).whoami.query())).toBe('no error')
    await strict.close()
  })
})

interface Call {
  url?: string
  headers: Record<string, string>
  localAddress?: string
  body?: string
}

/** `fetch` sets neither the Host header nor the address from which it calls. */
function overHttp(path: string, { url = server.url, headers, localAddress, body }: Call): Promise<{ status: number }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const call = request(`${url}${path}`, { method, headers, ...(localAddress && { localAddress }) }, (response) => {
      response.resume()
      response.once('end', () => resolve({ status: response.statusCode ?? 0 }))
    })
    call.once('error', reject)
    call.end(body)
  })
}
