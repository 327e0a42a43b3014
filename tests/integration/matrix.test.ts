import { appRouter } from '@rivulet/server/src/trpc/router.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { callsOn, callsOnConnection, callsOnSelf, everyCall, type Target } from '../support/everyCall.ts'
import { nowInSeconds, TestIssuer } from '../support/issuer.ts'
import { codeOf, problemOf, TestServer } from '../support/testServer.ts'

/** Every procedure and subscription, by everybody who may or may not. */

let issuer: TestIssuer
let server: TestServer
let owner: Client
beforeAll(async () => {
  issuer = await TestIssuer.start()
  const env = { TRUSTED_ISSUERS: JSON.stringify([issuer.entry]), RATE_LIMIT_PER_MINUTE: '1000000', KERNELS_PER_USER: '100' }
  server = await TestServer.start(env)
  owner = server.ws(await issuer.token('owner')).client
})
afterAll(async () => {
  await server.close()
  issuer.close()
})

const isSubscription = (name: string) =>
  Object.entries(appRouter._def.procedures).some(([each, { _def }]) => each === name && _def.type === 'subscription')

/** Every way to the server, with what goes that way. */
function ways(token: string): Record<string, { client: Client; carries: (name: string) => boolean }> {
  return {
    http: { client: server.http(token), carries: (name) => !isSubscription(name) },
    'server-sent events': { client: server.sse(() => token), carries: isSubscription },
    socket: { client: server.ws(token).client, carries: () => true },
  }
}

/** Something of the owner's to reach for. */
async function target(): Promise<Target> {
  const { id: notebookId } = await owner.createNotebook.mutate({ title: 'Private words' })
  const { cellId } = await owner.insertCell.mutate({ notebookId, language: 'markdown', source: 'private words' })
  const { id: connectionId } = await owner.addConnection.mutate({
    name: crypto.randomUUID(),
    url: 'postgres://a:b@127.0.0.1:1/none',
  })
  return { notebookId, cellId, connectionId }
}

test('the matrix is complete: a new procedure has to say here how it is called', () => {
  const made = everyCall(server.http(), { notebookId: '', cellId: '', connectionId: '' })
  expect(Object.keys(made).sort()).toEqual(Object.keys(appRouter._def.procedures).sort())
})

describe('without a user', () => {
  const tokens: Record<string, { token: () => Promise<string> | string; reason: string }> = {
    'no token': { token: () => '', reason: 'no-token' },
    'an expired one': { token: () => issuer.token('owner', { expiresAt: nowInSeconds() - 60 }), reason: 'expired-token' },
    'a forged one': { token: () => issuer.forged('owner'), reason: 'bad-token' },
  }

  test.each(Object.entries(tokens))(
    '[C2] %s: UNAUTHORIZED everywhere, over HTTP, server-sent events and the socket',
    async (_, { token, reason }) => {
      const aim = await target()
      const before = await owner.getNotebook.query({ id: aim.notebookId })
      for (const [way, { client, carries }] of Object.entries(ways(await token()))) {
        const calls = Object.entries(everyCall(client, aim)).filter(([name]) => carries(name))
        expect(calls).not.toEqual([])
        const problems = await Promise.all(calls.map(async ([name, call]) => [name, await problemOf(call())]))
        expect(problems, way).toEqual(calls.map(([name]) => [name, { kind: 'unauthorized', reason }]))
      }
      expect(await owner.getNotebook.query({ id: aim.notebookId })).toEqual(before)
    },
  )
})

describe('another user', () => {
  const others: Record<string, () => Promise<string>> = {
    'with an account': () => issuer.token('somebody else'),
    'who is a guest': async () => (await server.guest()).token,
  }

  test.each(Object.entries(others))(
    '[C2] %s: NOT_FOUND for what is the owner’s, and nothing of it in what is one’s own',
    async (_, token) => {
      const aim = await target()
      const before = await owner.getNotebook.query({ id: aim.notebookId })
      for (const [way, { client, carries }] of Object.entries(ways(await token()))) {
        const all = { ...callsOn(client, aim.notebookId, aim.cellId), ...callsOnConnection(client, aim.connectionId) }
        const reaching = Object.entries(all).filter(([name]) => carries(name))
        const codes = await Promise.all(reaching.map(async ([name, call]) => [name, await codeOf(call())]))
        expect(codes, way).toEqual(reaching.map(([name]) => [name, 'NOT_FOUND']))
        const self = Object.entries(callsOnSelf(client)).filter(([name]) => carries(name))
        const own = await Promise.all(self.map(([, call]) => call()))
        for (const secret of [...Object.values(aim), 'rivate words']) expect(JSON.stringify(own), way).not.toContain(secret)
      }
      expect(await owner.getNotebook.query({ id: aim.notebookId })).toEqual(before)
      expect((await owner.listConnections.query()).some(({ id }) => id === aim.connectionId)).toBe(true)
    },
  )
})

test('the owner: nothing is kept from them', async () => {
  const names = Object.keys(appRouter._def.procedures)
  const refusals = await Promise.all(
    names.map(async (name) => {
      const call = everyCall(owner, await target())[name]
      const problem = call && (await problemOf(call()))
      // What they ask for may not be there; that they may ask is what counts.
      const kept = problem?.kind === 'not-found' ? ['notebook', 'connection', 'cell'].includes(problem.what) : problem
      return [name, kept || undefined]
    }),
  )
  expect(refusals).toEqual(names.map((name) => [name, undefined]))
})
