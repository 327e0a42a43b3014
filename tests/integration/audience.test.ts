import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { type Message, RawSocket } from '../support/rawSocket.ts'
import { Follower, TestServer } from '../support/testServer.ts'

/** What those who are up to date are told goes straight to their sockets: to the byte what a procedure would have answered. */

let server: TestServer
let token: string
let client: Client
beforeAll(async () => {
  ;({ server, token, client } = await TestServer.withGuest())
})
afterAll(() => server.close())

const dataOf = (socket: RawSocket, id: string | number) =>
  socket.messages.filter((message) => message.id === id && message.result?.type === 'data')
const changesOf = (messages: Message[]) =>
  messages.flatMap(({ result }) => {
    const carried = result?.data as { data: { type: string; rev: number } } | undefined
    return carried?.data.type === 'changes' ? [carried.data] : []
  })
const upToDate = (socket: RawSocket, id: string | number) =>
  socket.until((message) => {
    return message.id === id && (message.result?.data as { data?: { type: string } } | undefined)?.data?.type === 'presence'
  })

test('[C4] subscriptions with ids of their own, short and long events: each once, in order, and as a client of tRPC has them', async () => {
  const { id } = await client.createNotebook.mutate({})
  const { cellId } = await client.insertCell.mutate({ notebookId: id, language: 'markdown', source: '' })
  const witness = new Follower(server.ws(token).client, id)
  const { rev: start } = await witness.snapshot()
  const socket = await RawSocket.open(server.url, { params: { token } })
  const ids = [1, 2, 'one "more"'] as const
  for (const [n, subscription] of ids.entries()) {
    const version = n === 1 ? { jsonrpc: '2.0' } : {}
    socket.send({ id: subscription, ...version, method: 'subscription', params: { path: 'notebook', input: { id } } })
  }
  for (const subscription of ids) await upToDate(socket, subscription)
  // Frames say their length in 7, 16 or 64 bits; characters are more than one byte.
  const sources = ['é', 'ü'.repeat(200), '漢'.repeat(40_000), 'x']
  let rev = start
  for (const [baseVersion, source] of sources.entries())
    rev = (await client.editCell.mutate({ notebookId: id, cellId, baseVersion: baseVersion + 1, source })).rev
  await Promise.all(Array.from({ length: 20 }, (_, n) => client.renameNotebook.mutate({ id, title: `At once ${n}` })))
  rev += 20
  await witness.reached(rev)
  for (const subscription of ids) {
    const position = witness.events.at(-1)?.id.replace(/\d+$/, String(rev))
    await socket.until(({ id: of, result }) => of === subscription && result?.id === position)
    const messages = dataOf(socket, subscription)
    const events = changesOf(messages)
    expect(events.map((event) => event.rev)).toEqual(Array.from({ length: rev - start }, (_, n) => start + 1 + n))
    expect(events).toEqual(witness.events.map(({ data }) => data).filter(({ type }) => type === 'changes'))
    for (const { result, ...head } of messages) {
      expect(head).toEqual({ id: subscription, ...(subscription === 2 && { jsonrpc: '2.0' }) })
      expect(result).toEqual({ type: 'data', id: result?.id, data: { id: result?.id, data: expect.any(Object) } })
    }
  }
  socket.close()
  witness.stop()
})

test('[C4] after a subscription was stopped nothing more of it comes, while another of the same socket goes on', async () => {
  const { id } = await client.createNotebook.mutate({})
  const socket = await RawSocket.open(server.url, { params: { token } })
  for (const subscription of [1, 2]) socket.subscribe(subscription, 'notebook', { id })
  for (const subscription of [1, 2]) await upToDate(socket, subscription)
  await client.renameNotebook.mutate({ id, title: 'Both' })
  socket.send({ id: 1, method: 'subscription.stop' })
  const renames = Array.from({ length: 10 }, (_, n) => client.renameNotebook.mutate({ id, title: `Title ${n}` }))
  await Promise.all(renames)
  const { rev } = await client.renameNotebook.mutate({ id, title: 'Last' })
  await socket.until((message) => message.id === 2 && message.result?.id?.endsWith(`:${rev}`) === true)
  const ofFirst = socket.messages.filter((message) => message.id === 1)
  expect(ofFirst.at(-1)?.result).toEqual({ type: 'stopped' })
  const revs = changesOf(dataOf(socket, 2)).map((event) => event.rev)
  expect(revs).toEqual(Array.from({ length: 12 }, (_, n) => rev - 11 + n))
  socket.close()
})
