import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Follower, problemOf, TestServer } from '../support/testServer.ts'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ SUBSCRIPTIONS_PER_SOCKET: '2', SUBSCRIPTIONS_PER_USER: '3' })
})
afterAll(() => server.close())

describe('server-sent events', () => {
  test('[C8] a user holds so many of them at a time; one that ends makes room, and others are not concerned', async () => {
    const { token } = await server.guest()
    const followers = ['demo', 'blank'].map(
      (id) =>
        new Follower(
          server.sse(() => token),
          id,
        ),
    )
    for (const follower of followers) await follower.snapshot()
    const third = new Follower(
      server.sse(() => token),
      'demo',
    )
    const problem = { kind: 'too-many-requests', what: 'subscriptions', retryAfterMs: expect.any(Number) }
    expect(await problemOf(third.snapshot())).toMatchObject(problem)
    const { token: another } = await server.guest()
    const other = new Follower(
      server.sse(() => another),
      'demo',
    )
    expect((await other.snapshot()).kind).toBe('demo')
    followers[0]?.stop()
    await expect
      .poll(
        async () => {
          const again = new Follower(
            server.sse(() => token),
            'blank',
          )
          const kind = await again.snapshot().then(
            (notebook) => notebook.kind,
            () => 'refused',
          )
          again.stop()
          return kind
        },
        { timeout: 30_000 },
      )
      .toBe('blank')
    for (const follower of [...followers, third, other]) follower.stop()
  })

  test('end with the sign-in of their user, and nobody else’s do', async () => {
    const [mine, others] = [await server.guest(), await server.guest()]
    const follow = async ({ token }: { token: string }) => {
      const address = `${server.url}/trpc/notebook?input=${encodeURIComponent('{"id":"demo"}')}`
      const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` }
      const reader = (await fetch(address, { headers })).body?.getReader()
      await reader?.read()
      let ended = false
      const end = (async () => {
        while (!(await reader?.read())?.done);
      })().finally(() => {
        ended = true
      })
      return { reader, hasEnded: () => ended, end: end.catch(() => undefined) }
    }
    const [stream, other] = [await follow(mine), await follow(others)]
    expect((await server.auth('sign-out', {}, { cookie: mine.cookie })).status).toBe(200)
    await stream.end
    expect(other.hasEnded()).toBe(false)
    await other.reader?.cancel()
    await other.end
  })
})

describe('sockets', () => {
  test('[C8] a user holds so many over all sockets; one that ends makes room, and others are not concerned', async () => {
    const { token } = await server.guest()
    const followed = (user: string) => {
      const { client } = server.ws(user)
      return ['demo', 'blank'].map((id) => new Follower(client, id))
    }
    const first = followed(token)
    for (const follower of first) await follower.snapshot()
    const [third, fourth] = followed(token)
    expect((await third?.snapshot())?.kind).toBe('demo')
    const problem = { kind: 'too-many-requests', what: 'subscriptions', retryAfterMs: expect.any(Number) }
    expect(await problemOf(fourth?.snapshot() ?? Promise.resolve())).toMatchObject(problem)
    const { token: another } = await server.guest()
    for (const follower of followed(another)) expect((await follower.snapshot()).rev).toBe(0)
    first[0]?.stop()
    await expect
      .poll(async () => {
        const again = new Follower(server.ws(token).client, 'blank')
        return again.snapshot().then(
          ({ kind }) => kind,
          () => 'refused',
        )
      })
      .toBe('blank')
  })
})
