import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { codeOf, Follower, TestServer } from '../support/testServer.ts'

/** What strangers try on the server from outside, without a user. */

const SECRET = 'what is outside of the folder'
const folder = temporaryFolder()
const pages = join(folder.path, 'pages')
let server: TestServer
beforeAll(async () => {
  mkdirSync(join(pages, 'assets'), { recursive: true })
  mkdirSync(join(folder.path, 'pages-beside'))
  writeFileSync(join(folder.path, 'secret'), SECRET)
  writeFileSync(join(folder.path, 'pages-beside/file.js'), SECRET)
  writeFileSync(join(pages, 'index.html'), '<!doctype html>')
  for (const frame of ['sandbox.html', 'frame.html']) writeFileSync(join(pages, frame), '<!doctype html>')
  writeFileSync(join(pages, 'assets/app-1a2b.js'), 'export {}')
  writeFileSync(join(pages, '.hidden'), SECRET)
  server = await TestServer.start({}, { pages, bodyMs: 600 })
})
afterAll(async () => {
  await server.close()
  folder.remove()
})

/** As it is written: `fetch` would tidy the path up first. */
function asIs(path: string): Promise<{ status: number; text: string }> {
  const { hostname: host, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const call = request({ host, port, path, method: 'GET' }, (response) => {
      let text = ''
      response.on('data', (part) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    call.once('error', reject)
    call.end()
  })
}

describe('files', () => {
  const ups = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '%252e%252e%252f', '..%c0%af', './../', '....//']
  const paths = ups.flatMap((up) => [`/${up}secret`, `/assets/${up}${up}secret`, `/${up}pages-beside/file.js`])
  const others = [
    '//etc/passwd',
    '/assets//etc/passwd',
    '/assets/%00',
    '/assets/app-1a2b.js%00.png',
    '/.hidden',
    '/assets/',
    '/%',
  ]

  test.each([...paths, ...others])('outside of the app’s folder are not given: %s', async (path) => {
    const { status, text } = await asIs(path)
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain('root:')
    expect(status).toBeLessThan(500)
  })
})

describe('headers', () => {
  const ALL = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
  const PAGE = { ...ALL, 'cross-origin-opener-policy': 'same-origin', 'permissions-policy': expect.stringContaining('camera=()') }
  const expected: Record<string, object> = {
    '/': { ...PAGE, 'cross-origin-resource-policy': 'same-origin' },
    '/n/x': { ...PAGE, 'cross-origin-resource-policy': 'same-origin' },
    '/sandbox.html': PAGE,
    '/frame.html': PAGE,
    '/assets/app-1a2b.js': PAGE,
    '/trpc/whoami': ALL,
    '/api/auth/get-session': ALL,
    '/healthz': ALL,
    '/metrics': ALL,
    '/cells.d.ts': ALL,
    '/nothing.js': ALL,
  }

  test.each(Object.entries(expected))('of %s', async (path, headers) => {
    const given = Object.fromEntries((await fetch(`${server.url}${path}`)).headers)
    expect(given).toMatchObject(headers)
    expect(given['x-powered-by'] ?? given.server).toBeUndefined()
  })

  const HOST = () => `Host: ${new URL(server.url).host}\r\n`
  const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
  const refused: Record<string, { said: () => string; status: number }> = {
    'an address that cannot be decoded': { said: () => `GET /trpc/%ff HTTP/1.1\r\n${HOST()}\r\n`, status: 400 },
    'what is no HTTP': { said: () => 'hello\r\n\r\n', status: 400 },
    'a head that is too large': { said: () => `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n${HOST()}\r\n`, status: 431 },
    'a head that does not come': { said: () => `GET / HTTP/1.1\r\n`, status: 408 },
    'a socket elsewhere': { said: () => `GET /n/x HTTP/1.1\r\n${HOST()}${UPGRADE}\r\n`, status: 404 },
    'a socket without its key': { said: () => `GET /trpc HTTP/1.1\r\n${HOST()}${UPGRADE}\r\n`, status: 400 },
    'a socket of a stranger’s page': {
      said: () => `GET /trpc HTTP/1.1\r\n${HOST()}${UPGRADE}Origin: https://evil.example\r\n\r\n`,
      status: 403,
    },
  }

  test.each(Object.entries(refused))('of what is refused before it is a request: %s', async (_, { said, status }) => {
    // Its own end stays open for as long as it can.
    const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', allowHalfOpen: true })
    let answer = ''
    let isOpen = true
    socket.on('error', () => undefined)
    socket.on('data', (part) => (answer += part))
    socket.on('close', () => (isOpen = false))
    socket.write(said())
    await expect.poll(() => answer, { timeout: 30_000 }).toContain('\r\n\r\n')
    while (isOpen) {
      socket.write('x')
      await pause(20)
    }
    expect(answer.split(' ')[1]).toBe(String(status))
    for (const [name, value] of Object.entries(ALL)) expect(answer.toLowerCase()).toContain(`${name}: ${value}\r\n`)
  })

  test('of what is private: nobody keeps it on the way', async () => {
    const { token, cookie } = await server.guest()
    const answers = [
      await fetch(`${server.url}/trpc/whoami`, { headers: { authorization: `Bearer ${token}` } }),
      await fetch(`${server.url}/api/auth/token`, { headers: { cookie } }),
    ]
    for (const { status, headers } of answers) expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
  })

  test('of the page forbid whatever it does not need', async () => {
    const policy = (await fetch(server.url)).headers.get('content-security-policy') ?? ''
    const rules = Object.fromEntries(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]))
    expect(rules).toMatchObject({
      ...{ 'default-src': "'none'", 'script-src': "'self'", 'object-src': "'none'", 'base-uri': "'none'" },
      ...{ 'frame-ancestors': "'none'", 'form-action': "'none'", 'require-trusted-types-for': "'script'" },
    })
    expect(policy).not.toContain('unsafe-eval')
  })
})

describe('a client that takes its time', () => {
  const HEAD = () =>
    `POST /trpc/createNotebook HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nContent-Type: application/json\r\n`
  const slow: Record<string, () => string> = {
    'says nothing': () => '',
    'sends the head byte by byte': () => HEAD(),
    'sends the body byte by byte': () => `${HEAD()}Content-Length: 100000\r\n\r\n{"title":"`,
    'sends chunks without end': () => `${HEAD()}Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n`,
  }

  test.each(Object.entries(slow))('and %s is hung up on; others are served meanwhile', async (_, first) => {
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    let ended = false
    let answer = ''
    socket.on('error', () => undefined)
    socket.on('data', (part) => (answer += part))
    socket.on('close', () => (ended = true))
    socket.write(first())
    // Without an end of its own: only the server can end this.
    while (!ended) {
      await pause(50)
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      if (first() !== '' && !ended) socket.write('1')
    }
    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/)
  })
})

test('a token is in no log, address or error, whatever is asked with it', async () => {
  const data = temporaryFolder()
  const own = await ServerProcess.start({ DATA_DIR: data.path, LOG_LEVEL: 'debug' })
  const { token, cookie } = await own.guest()
  const client = own.http(token)
  const follower = new Follower(own.ws(token).client, 'demo')
  await follower.snapshot()
  const errors = [
    await client.getNotebook.query({ id: 'x' }).catch((error: unknown) => JSON.stringify(error)),
    await own
      .http(`${token}x`)
      .whoami.query()
      .catch((error: unknown) => JSON.stringify(error)),
    await (await fetch(`${own.url}/trpc/whoami?token=${token}`, { headers: { cookie } })).text(),
    await codeOf(own.ws(`${token}x`).client.whoami.query()),
  ]
  follower.stop()
  await own.closeSockets()
  expect(await own.kill('SIGTERM')).toBe(0)
  expect(own.output.stderr).toContain('"path":"/trpc/whoami"')
  const [, , signature = ''] = token.split('.')
  const session = cookie.split('=')[1] ?? ''
  const said = [own.output.stdout, own.output.stderr, ...errors.map(String)].join('\n')
  for (const secret of [signature, session]) {
    expect(secret.length).toBeGreaterThan(20)
    expect(said).not.toContain(secret)
  }
  data.remove()
}, 60_000)
