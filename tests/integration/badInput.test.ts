import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LIMITS } from '@rivulet/server/notebook/model'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { RawSocket } from '../support/rawSocket.ts'
import { codeOf, Follower, problemOf, TestServer } from '../support/testServer.ts'

/** Whatever is sent: a clear answer, nobody else is harmed, nothing is lost. */

let server: TestServer
let token: string
let client: Client
beforeAll(async () => {
  ;({ server, token, client } = await TestServer.withGuest())
})
afterAll(() => server.close())

function post(procedure: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  const base = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return fetch(`${server.url}/trpc/${procedure}`, { method: 'POST', headers: { ...base, ...headers }, body })
}

async function notebook(): Promise<{ id: string; cellId: string }> {
  const { id } = await client.createNotebook.mutate({})
  const { cellId } = await client.insertCell.mutate({ notebookId: id, language: 'typescript', source: 'const kept = 1' })
  return { id, cellId }
}

describe('over HTTP', () => {
  test('JSON that does not parse', async () => {
    const response = await post('createNotebook', '{"title": ')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { data: { code: 'BAD_REQUEST', httpStatus: 400, problem: { kind: 'invalid-input' } } },
    })
  })

  test('a type that is no JSON', async () => {
    const response = await post('createNotebook', '{}', { 'content-type': 'text/plain' })
    expect(response.status).toBe(415)
    const data = { code: 'UNSUPPORTED_MEDIA_TYPE', httpStatus: 415, problem: { kind: 'invalid-input' } }
    expect(await response.json()).toMatchObject({ error: { code: TRPC_ERROR_CODES_BY_KEY.UNSUPPORTED_MEDIA_TYPE, data } })
  })

  test('a procedure that does not exist, and one called by the wrong method', async () => {
    const unknown = await post('dropEverything', '{}')
    expect(unknown.status).toBe(404)
    expect(await unknown.json()).toMatchObject({
      error: { data: { code: 'NOT_FOUND', problem: { kind: 'not-found', what: 'procedure', id: 'dropEverything' } } },
    })
    const mutation = await fetch(`${server.url}/trpc/createNotebook`, { headers: { authorization: `Bearer ${token}` } })
    expect(mutation.status).toBe(405)
  })

  test('wrong types: every issue is listed with its place', async () => {
    const response = await post('insertCell', JSON.stringify({ notebookId: 7, language: 'cobol', source: [] }))
    expect(response.status).toBe(400)
    const { error } = (await response.json()) as { error: { data: { code: string; problem: { issues: { path: string }[] } } } }
    expect(error.data.code).toBe('BAD_REQUEST')
    expect(error.data.problem.issues.map((issue) => issue.path).sort()).toEqual(['language', 'notebookId', 'source'])
  })

  test('a message over 1 MiB is refused in the shape of every other error', async () => {
    const actual = LIMITS.messageBytes + 1
    const response = await post('createNotebook', `{"title":"${'x'.repeat(actual - 12)}"}`)
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({
      error: {
        code: -32_013,
        data: {
          ...{ code: 'PAYLOAD_TOO_LARGE', httpStatus: 413 },
          problem: { kind: 'too-large', what: 'message', limit: LIMITS.messageBytes, actual },
        },
      },
    })
  })

  test('more calls at once than a request may hold', async () => {
    const path = Array.from({ length: 51 }, () => 'whoami').join(',')
    const response = await fetch(`${server.url}/trpc/${path}?batch=1`, { headers: { authorization: `Bearer ${token}` } })
    expect(response.status).toBe(400)
  })
})

describe('over a socket', () => {
  test('JSON that does not parse, a binary frame, an unknown procedure, wrong types: answered, and the socket goes on', async () => {
    const socket = await RawSocket.open(server.url, { params: { token } })
    await socket.query(1, 'whoami')
    socket.send('{"id": 2, ')
    const malformed = await socket.until(({ id, error }) => id === null && error !== undefined)
    expect(malformed.error?.data).toMatchObject({ code: 'BAD_REQUEST', problem: { kind: 'invalid-input' } })
    const before = socket.messages.length
    socket.socket.send(Buffer.from('{"id":3,"method":"query","params":{"path":"whoami"}}'), { binary: true })
    await socket.until((message) => socket.messages.indexOf(message) >= before && message.error !== undefined)
    expect((await socket.query(4, 'dropEverything')).error?.data).toMatchObject({
      code: 'NOT_FOUND',
      problem: { what: 'procedure', id: 'dropEverything' },
    })
    const issues = (await socket.query(5, 'getNotebook', { id: 5 })).error?.data.problem
    expect(issues).toMatchObject({ kind: 'invalid-input', issues: [{ path: 'id' }] })
    socket.send({ id: 6, method: 'divide', params: {} })
    socket.send('null')
    socket.subscribe(7, 'notebook', { id: 'nowhere' })
    expect((await socket.until(({ id, error }) => id === 7 && error !== undefined)).error?.data.code).toBe('NOT_FOUND')
    expect((await socket.query(8, 'whoami')).result?.type).toBe('data')
    socket.close()
  })

  test('a first message that is no connectionParams', async () => {
    const socket = await RawSocket.open(server.url, { params: null })
    socket.send('{"data":')
    expect((await socket.until(({ error }) => error !== undefined)).error?.data.code).toBe('BAD_REQUEST')
    await socket.closed
  })

  test('a frame over 1 MiB closes its own socket with 1009, and no other', async () => {
    const { id } = await notebook()
    const mine = await RawSocket.open(server.url, { params: { token } })
    const other = new Follower(server.ws(token).client, id)
    await Promise.all([mine.query(1, 'whoami'), other.snapshot()])
    mine.send(JSON.stringify({ id: 2, method: 'query', params: { path: 'whoami', input: 'x'.repeat(LIMITS.messageBytes) } }))
    expect((await mine.closed).code).toBe(1009)
    const { rev } = await client.renameNotebook.mutate({ id, title: 'Unharmed' })
    await other.reached(rev)
    expect(other.snapshots).toBe(1)
    other.stop()
  })
})

describe('ids', () => {
  test('unknown, deleted and of another notebook: NOT_FOUND, and nothing changes', async () => {
    const [{ id, cellId }, elsewhere] = [await notebook(), await notebook()]
    const { cellId: deleted } = await client.insertCell.mutate({ notebookId: id, language: 'markdown' })
    await client.deleteCell.mutate({ notebookId: id, cellId: deleted })
    const before = await client.getNotebook.query({ id })
    for (const wrong of ['unknown', deleted, elsewhere.cellId]) {
      const inCell = { notebookId: id, cellId: wrong }
      const calls = [
        client.editCell.mutate({ ...inCell, baseVersion: 1, source: 'x' }),
        client.moveCell.mutate({ ...inCell, after: null }),
        client.moveCell.mutate({ notebookId: id, cellId, after: wrong }),
        client.deleteCell.mutate(inCell),
        client.setCell.mutate({ ...inCell, disabled: true }),
        client.runCell.mutate(inCell),
        client.runCells.mutate({ notebookId: id, cellIds: [cellId, wrong] }),
        client.insertCell.mutate({ notebookId: id, language: 'sql', after: wrong }),
        client.applyEdits.mutate({ notebookId: id, edits: [{ cellId, source: 'lost' }, { delete: wrong }] }),
        client.getOutput.query({ ...inCell, outputId: 'x' }),
        client.plan.query({ notebookId: id, run: [wrong] }),
      ]
      expect(new Set(await Promise.all(calls.map(codeOf)))).toEqual(new Set(['NOT_FOUND']))
    }
    expect(await problemOf(client.deleteCell.mutate({ notebookId: id, cellId: 'unknown' }))).toEqual({
      ...{ kind: 'not-found', what: 'cell', id: 'unknown' },
    })
    expect(await client.getNotebook.query({ id })).toEqual(before)
    await client.deleteNotebook.mutate({ id })
    expect(await codeOf(client.runAll.mutate({ notebookId: id }))).toBe('NOT_FOUND')
    expect(await codeOf(new Follower(server.ws(token).client, id).snapshot())).toBe('NOT_FOUND')
  })
})

describe('text', () => {
  const texts = {
    'with NUL': 'a\0b',
    'of a lone high surrogate': 'x\ud800',
    'of a lone low surrogate': '\udc00y',
    'that looks like how such text is stored': '\u0001json:"x"',
    'of all planes': '𝒳 é \u2028 \ufeff "\\',
  }

  test.each(Object.entries(texts))(
    '%s comes back equal, from memory and from the file, over HTTP and over the socket',
    async (_, text) => {
      const source = `// ${text}\n"${text.replace(/["\\\u2028]/g, '')}"`
      const { id } = await client.createNotebook.mutate({ title: text })
      const { client: socket } = server.ws(token)
      const follower = new Follower(socket, id)
      await follower.snapshot()
      const overHttp = await client.insertCell.mutate({ notebookId: id, language: 'typescript', source })
      const overSocket = await socket.insertCell.mutate({ notebookId: id, language: 'markdown', source: text })
      await follower.reached(overSocket.rev)
      const stored = await client.getNotebook.query({ id })
      expect(stored.title).toBe(text)
      expect(stored.cells.map((cell) => [cell.id, cell.source])).toEqual([
        [overHttp.cellId, source],
        [overSocket.cellId, text],
      ])
      expect(follower.state()).toEqual(stored)
      follower.stop()
      // A server of its own reads a copy of the file: nothing comes from memory.
      const copy = mkdtempSync(join(tmpdir(), 'rivulet-copy-'))
      cpSync(server.dataDir, copy, { recursive: true })
      const second = await TestServer.start({}, { dataDir: copy })
      expect(await second.http(token).getNotebook.query({ id })).toEqual(stored)
      expect((await second.http(token).listNotebooks.query()).find((row) => row.id === id)?.title).toBe(text)
      await second.close()
      rmSync(copy, { recursive: true, force: true })
    },
  )

  test('a title without letters, or too long; a result name that is no name', async () => {
    const { id, cellId } = await notebook()
    const wrong = [
      client.renameNotebook.mutate({ id, title: '  ' }),
      client.renameNotebook.mutate({ id, title: 'x'.repeat(LIMITS.titleLength + 1) }),
      client.setCell.mutate({ notebookId: id, cellId, resultName: 'no name' }),
    ]
    expect(await Promise.all(wrong.map(codeOf))).toEqual(['BAD_REQUEST', 'BAD_REQUEST', 'BAD_REQUEST'])
  })
})

describe('too much', () => {
  test('a source over 256 KiB, counted in bytes', async () => {
    const { id, cellId } = await notebook()
    const fits = 'é'.repeat(LIMITS.sourceBytes / 2)
    const edit = (source: string) => client.editCell.mutate({ notebookId: id, cellId, baseVersion: 1, source })
    const problem = { kind: 'too-large', what: 'source', limit: LIMITS.sourceBytes, actual: LIMITS.sourceBytes + 1 }
    await expect(edit(`${fits}x`)).rejects.toMatchObject({ data: { code: 'PAYLOAD_TOO_LARGE', problem } })
    const insert = { language: 'markdown' as const, source: `${fits}x` }
    expect(await problemOf(client.insertCell.mutate({ notebookId: id, ...insert }))).toEqual(problem)
    expect(await problemOf(client.applyEdits.mutate({ notebookId: id, edits: [{ insert }] }))).toEqual(problem)
    expect(await edit(`/*${'é'.repeat(LIMITS.sourceBytes / 2 - 2)}*/`)).toMatchObject({ version: 2 })
  })

  test('the 5,001st cell', async () => {
    const { id } = await client.createNotebook.mutate({})
    const inserts = (count: number) =>
      Array.from({ length: count }, () => ({ insert: { language: 'markdown' as const, source: '' } }))
    const add = (count: number) => client.applyEdits.mutate({ notebookId: id, edits: inserts(count) })
    const problem = { kind: 'too-large', what: 'notebook', limit: LIMITS.cells, actual: LIMITS.cells + 1 }
    await expect(add(LIMITS.cells + 1)).rejects.toMatchObject({ data: { code: 'PAYLOAD_TOO_LARGE', problem } })
    expect((await client.getNotebook.query({ id })).cells).toHaveLength(0)
    const { cellIds } = await add(LIMITS.cells)
    expect(await problemOf(client.insertCell.mutate({ notebookId: id, language: 'sql' }))).toEqual(problem)
    expect(await problemOf(add(1))).toEqual(problem)
    const { cells } = await client.getNotebook.query({ id })
    expect(cells.map((cell) => cell.id)).toEqual(cellIds)
  })
})

describe('late and repeated', () => {
  test('[C5] the same opId twice in the same tick: one effect, one answer, over either transport', async () => {
    const { id } = await notebook()
    const insert = { notebookId: id, language: 'markdown' as const, opId: crypto.randomUUID() }
    const { client: socket } = server.ws(token)
    const answers = await Promise.all([client, client, socket, socket].map((via) => via.insertCell.mutate(insert)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    const create = { title: 'Once', opId: crypto.randomUUID() }
    const made = await Promise.all([client, socket].map((via) => via.createNotebook.mutate(create)))
    expect(made[0]).toEqual(made[1])
    expect((await client.getNotebook.query({ id })).cells).toHaveLength(2)
  })

  test('[C5] an opId of another procedure is refused; one of another user is another operation', async () => {
    const { id } = await notebook()
    const opId = crypto.randomUUID()
    await client.renameNotebook.mutate({ id, title: 'A', opId })
    expect(await problemOf(client.deleteNotebook.mutate({ id, opId }))).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'opId' }],
    })
    const stranger = server.http((await server.guest()).token)
    expect(await codeOf(stranger.renameNotebook.mutate({ id: 'demo', title: 'B', opId }))).toBe('no error')
    expect((await client.getNotebook.query({ id })).title).toBe('A')
  })

  test('an edit of an old version, and edits of an old rev: CONFLICT with what is current', async () => {
    const { id, cellId } = await notebook()
    const stale = client.editCell.mutate({ notebookId: id, cellId, baseVersion: 0, source: 'const lost = 1' })
    const current = { kind: 'version-conflict', cellId, version: 1, source: 'const kept = 1' }
    await expect(stale).rejects.toMatchObject({ data: { code: 'CONFLICT', problem: current } })
    const ahead = client.editCell.mutate({ notebookId: id, cellId, baseVersion: 9, source: 'const lost = 1' })
    expect(await problemOf(ahead)).toEqual(current)
    const edits = [{ cellId, source: 'const lost = 1' }]
    const { epoch, rev } = await client.getNotebook.query({ id })
    for (const baseRev of [0, rev + 1]) {
      expect(await problemOf(client.applyEdits.mutate({ notebookId: id, baseRev, edits }))).toEqual({
        ...{ kind: 'rev-conflict', rev, epoch },
      })
    }
    expect((await client.getNotebook.query({ id })).cells[0]?.source).toBe('const kept = 1')
  })
})
