import { expect, test } from 'vitest'
import { problemOf, TestServer } from '../support/testServer.ts'

/** How many notebooks one user may have. */

test("a user has so many notebooks, the bin's among them; one more is refused with the reason, nobody else is, and the demo is always there", async () => {
  const server = await TestServer.start({ NOTEBOOKS_PER_USER: '4' })
  const [mine, other] = await Promise.all([server.guest(), server.guest()])
  const client = server.http(mine.token)
  const { id } = await client.createNotebook.mutate({ title: 'One' })
  expect(await client.listNotebooks.query()).toHaveLength(3)
  const opId = crypto.randomUUID()
  const copy = await client.duplicateNotebook.mutate({ id, opId })
  const full = { kind: 'too-large', what: 'notebooks', limit: 4, actual: 5 }
  await expect(client.createNotebook.mutate({})).rejects.toMatchObject({
    message: expect.stringContaining('You may have 4 notebooks'),
    data: { code: 'PAYLOAD_TOO_LARGE', problem: full },
  })
  expect(await problemOf(client.duplicateNotebook.mutate({ id }))).toEqual(full)
  // What was done before is answered as it was then.
  expect(await client.duplicateNotebook.mutate({ id, opId })).toEqual(copy)
  await client.deleteNotebook.mutate({ id })
  expect(await problemOf(client.createNotebook.mutate({}))).toEqual(full)
  // Another demo would be made when somebody asks for it.
  expect(await problemOf(client.deleteNotebook.mutate({ id: 'demo' }))).toEqual(full)
  await client.restoreNotebook.mutate({ id })
  expect((await client.listNotebooks.query()).map((each) => each.kind).sort()).toEqual(['blank', 'demo', 'user', 'user'])
  await server.http(other.token).createNotebook.mutate({})
  await server.close()
})

test('at the limit the demo and the blank notebook are still made for whoever asks for them first', async () => {
  const server = await TestServer.start({ NOTEBOOKS_PER_USER: '1' })
  const { token } = await server.guest()
  const client = server.http(token)
  await client.createNotebook.mutate({})
  expect((await client.getNotebook.query({ id: 'demo' })).kind).toBe('demo')
  expect(await client.listNotebooks.query()).toHaveLength(3)
  await server.close()
})
