import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, Follower, TestServer } from '../support/testServer.ts'

let site: Server
let host: string
beforeAll(async () => {
  site = createServer((_request, response) => response.end('hello from the site'))
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(site.address() as AddressInfo).port}`
})
afterAll(() => site.close())

async function open(env: Record<string, string>) {
  const server = await TestServer.start(env)
  const { token } = await server.guest()
  const client = server.http(token)
  const { id: notebookId } = await client.createNotebook.mutate({})
  const source = `const answer = await (await fetch('http://${host}/')).text()`
  const edits = [{ insert: { language: 'typescript' as const, source } }]
  const { cellIds } = await client.applyEdits.mutate({ notebookId, edits })
  const follower = new Follower(server.ws(token).client, notebookId)
  await follower.snapshot()
  const run = async () => {
    const { runId } = await client.runCell.mutate({ notebookId, cellId: cellIds[0] ?? '' })
    await follower.finished(runId)
    return (await client.getNotebook.query({ id: notebookId })).cells[0]?.result
  }
  return { server, client, notebookId, run }
}

describe('hosts that a notebook may reach', () => {
  test('none at first; what the owner grants by name, and nothing else; taken back, none again', async () => {
    const { server, client, notebookId, run } = await open({ CELL_NETWORK: 'any' })
    try {
      const refused = { kind: 'error', error: { kind: 'thrown', message: expect.stringContaining('cannot reach the network') } }
      expect(await run()).toMatchObject(refused)
      await client.setNotebook.mutate({ notebookId, network: [host] })
      expect((await client.getNotebook.query({ id: notebookId })).network).toEqual([host])
      expect(await run()).toMatchObject({ kind: 'ok' })
      await client.setNotebook.mutate({ notebookId, network: ['example.org'] })
      expect(await run()).toMatchObject({ kind: 'error', error: { kind: 'thrown' } })
      await client.setNotebook.mutate({ notebookId, network: [] })
      expect(await run()).toMatchObject(refused)
    } finally {
      await server.close()
    }
  })

  test('the operator decides what may be granted', async () => {
    const { server, client, notebookId } = await open({})
    try {
      const grant = (network: string[]) => codeOf(client.setNotebook.mutate({ notebookId, network }))
      for (const bad of [host, 'localhost', '10.0.0.1', 'metadata.google.internal', 'printer.local', 'intranet']) {
        expect(await grant([bad]), bad).toBe('BAD_REQUEST')
      }
      for (const bad of ['*', 'https://example.org', 'example.org/path', 'a b.org', '', '-x.org', 'example.org,other.org']) {
        expect(await grant([bad]), bad).toBe('BAD_REQUEST')
      }
      expect(await grant(['api.example.org', 'example.org:8443'])).toBe('no error')
    } finally {
      await server.close()
    }
  })
})
