import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Follower, TestServer } from '../support/testServer.ts'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(async () => server.close())

describe('a guest who gets an account', () => {
  const account = () => ({ name: 'Ada', email: `${crypto.randomUUID()}@example.org`, password: 'long enough' })
  const cookieOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')

  test('by signing up is the same user, with every notebook', async () => {
    const guest = await server.guest()
    const before = await server.http(guest.token).listNotebooks.query()
    const { userId } = await server.http(guest.token).whoami.query()
    const response = await server.auth('sign-up/email', account(), { cookie: guest.cookie })
    expect(response.status).toBe(200)
    const client = server.http(await server.token(cookieOf(response)))
    expect(await client.whoami.query()).toMatchObject({ userId, name: 'Ada', kind: 'member' })
    expect(await client.listNotebooks.query()).toEqual(before)
  })

  test('[C4] by signing in takes every notebook along, also one that is open and running', async () => {
    const person = account()
    const member = server.http(await server.token(cookieOf(await server.auth('sign-up/email', person))))
    const own = await member.listNotebooks.query()
    let { token, cookie } = await server.guest()
    const guest = server.http(token)
    const { id } = await guest.createNotebook.mutate({ title: 'Brought along' })
    const demo = await guest.getNotebook.query({ id: 'demo' })
    const socket = server.ws(() => token)
    const follower = new Follower(socket.client, id)
    await follower.snapshot()
    const ran = await guest.applyEdits.mutate({
      notebookId: id,
      edits: [{ insert: { language: 'typescript', source: 'const a = {}' } }],
      run: true,
    })
    await follower.finished(ran.runIds[0] ?? '')

    const response = await server.auth('sign-in/email', person, { cookie })
    cookie = cookieOf(response)
    token = await server.token(cookie)
    const client = server.http(token)
    const titles = (await client.listNotebooks.query()).map((row) => row.id)
    expect(titles).toEqual(expect.arrayContaining([id, demo.id, ...own.map((row) => row.id)]))
    expect(await client.getNotebook.query({ id: demo.id })).toMatchObject({ kind: 'user', cells: demo.cells })
    expect((await client.getNotebook.query({ id: 'demo' })).id).toBe(own.find((row) => row.kind === 'demo')?.id)

    // The open page goes on: same history, same kernel with its values, nothing twice.
    const next = await client.applyEdits.mutate({
      notebookId: id,
      edits: [{ insert: { language: 'typescript', source: 'a' } }],
      run: true,
    })
    expect(next.runIds).toHaveLength(1)
    await follower.finished(next.runIds[0] ?? '')
    expect(follower.snapshots).toBe(1)
    expect(follower.state()).toEqual(await client.getNotebook.query({ id }))
    follower.stop()
  })
})
