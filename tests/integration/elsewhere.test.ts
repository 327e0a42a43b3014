import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { upload } from '../support/files.ts'
import { RawSocket } from '../support/rawSocket.ts'
import { codeOf, TestServer } from '../support/testServer.ts'

/** What a page of somebody else's can do with the browser of a person who is signed in here: with their cookie, or with a name of its own. */

let server: TestServer
let port: string
let person: { token: string; cookie: string }
let notebookId: string
beforeAll(async () => {
  server = await TestServer.start({ ALLOWED_ORIGINS: 'https://friend.example' })
  port = new URL(server.url).port
  person = await server.guest()
  notebookId = (await server.http(person.token).createNotebook.mutate({ title: 'Theirs' })).id
})
afterAll(() => server.close())

/** As a request says it: `fetch` would not send such a Host. */
function ask(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    call.once('error', reject)
    call.end()
  })
}

const stillSignedIn = async () => (await server.token(person.cookie)).split('.').length === 3

describe('a page of another origin, with the cookie of somebody who is signed in', () => {
  const origins = () => [
    'null',
    'https://evil.example',
    `http://evil.example:${port}`,
    `http://127.0.0.1.evil.example:${port}`,
    `http://127.0.0.1:${port}.evil.example`,
    'http://127.0.0.1',
    `http://127.0.0.1:${Number(port) + 1}`,
    `http://127.0.0.1:${port}@evil.example`,
    'https://friend.example.evil.example',
    'http://friend.example',
    'https://friend.example:8443',
  ]

  test('changes nothing of a sign-in, opens no socket and sends no file, whatever its origin looks like', async () => {
    for (const origin of origins()) {
      const headers = { origin, cookie: person.cookie }
      for (const path of ['sign-out', 'sign-in/anonymous', 'sign-in/email', 'sign-up/email', 'update-user', 'revoke-sessions'])
        expect((await server.auth(path, {}, headers)).status, `${origin} ${path}`).toBe(403)
      expect((await fetch(`${server.url}/api/auth/token`, { headers })).status, origin).toBe(403)
      expect(await RawSocket.status(server.url, headers), origin).toBe(403)
      const file = { url: server.url, token: person.token, notebookId, name: 'a.csv', headers: { origin } }
      expect(await upload(file, 'n\n1\n'), origin).toMatchObject({ status: 403 })
    }
    expect(await stillSignedIn()).toBe(true)
    expect((await server.http(person.token).listFiles.query({ notebookId })).files).toEqual([])
  })

  test('is nobody to the API, and changes nothing', async () => {
    const before = await server.http(person.token).getNotebook.query({ id: notebookId })
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const headers = { origin: 'https://evil.example', cookie: person.cookie, 'content-type': type }
      const body = JSON.stringify({ id: notebookId, title: 'Mine now' })
      const answer = await fetch(`${server.url}/trpc/renameNotebook`, { method: 'POST', headers, body })
      expect([401, 415], type).toContain(answer.status)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
    expect(await server.http(person.token).getNotebook.query({ id: notebookId })).toEqual(before)
  })

  test('can be left by a link to here, which signs nobody out', async () => {
    for (const path of ['sign-out', 'sign-in/anonymous', 'revoke-sessions', 'delete-user'])
      expect(await ask(`/api/auth/${path}`, { cookie: person.cookie }), path).toBeGreaterThanOrEqual(400)
    expect(await stillSignedIn()).toBe(true)
  })

  test('gets no cookie to send with its own requests, and its scripts could not read it', async () => {
    const response = await server.auth('sign-in/anonymous', {})
    for (const cookie of response.headers.getSetCookie()) {
      expect(cookie).toMatch(/; HttpOnly/i)
      expect(cookie).toMatch(/; SameSite=Lax/i)
      expect(cookie).not.toMatch(/; Domain=/i)
    }
    expect(response.headers.getSetCookie()).not.toEqual([])
  })
})

describe('a name that a stranger’s DNS points here', () => {
  const names = () => [
    `evil.example:${port}`,
    'evil.example',
    `127.0.0.1.evil.example:${port}`,
    `localhost.evil.example:${port}`,
    `evil.example#127.0.0.1:${port}`,
    `127.0.0.1:${port}@evil.example`,
    `evil.example/127.0.0.1:${port}`,
    `friend.example.evil.example:${port}`,
  ]
  const paths = [
    ['GET', '/'],
    ['GET', '/demo'],
    ['GET', '/sandbox.html'],
    ['GET', '/healthz'],
    ['GET', '/metrics'],
    ['GET', '/cells.d.ts'],
    ['GET', '/trpc/whoami'],
    ['POST', '/trpc/createNotebook'],
    ['GET', '/api/auth/token'],
    ['POST', '/api/auth/sign-in/anonymous'],
    ['GET', '/api/download?ticket=x'],
    ['POST', '/api/notebooks/demo/files?name=a.csv'],
  ] as const

  test.each(paths)('gets nothing: %s %s', async (method, path) => {
    for (const host of names()) {
      const headers = { host, cookie: person.cookie, authorization: `Bearer ${person.token}` }
      expect(await ask(path, headers, method), host).toBe(421)
    }
  })

  test('opens no socket; the server goes on under its own', async () => {
    for (const host of names()) expect(await RawSocket.status(server.url, { host }), host).toBe(421)
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'friend.example'])
      expect(await ask('/healthz', { host }), host).toBe(200)
    expect(await codeOf(server.http(person.token).whoami.query())).toBe('no error')
  })
})
