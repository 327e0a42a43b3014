import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callsOn } from '../support/everyCall.ts'
import { TestIssuer } from '../support/issuer.ts'
import { codeOf, Follower, problemOf, TestServer } from '../support/testServer.ts'

let issuer: TestIssuer
let server: TestServer
beforeAll(async () => {
  issuer = await TestIssuer.start()
  server = await TestServer.start({ TRUSTED_ISSUERS: JSON.stringify([issuer.entry]) })
})
afterAll(async () => {
  await server.close()
  issuer.close()
})

function demosOf(dataDir: string): unknown[] {
  const file = new Sqlite(`${dataDir}/rivulet.db`, { readonly: true })
  try {
    return file
      .prepare("select owner_id, count(*) as count from notebooks where kind = 'demo' group by owner_id having count > 1")
      .all()
  } finally {
    file.close()
  }
}

function rowsOf(dataDir: string, ownerId: string): unknown {
  const file = new Sqlite(`${dataDir}/rivulet.db`, { readonly: true })
  try {
    return file.prepare('select count(*) from notebooks where owner_id = ?').pluck().get(ownerId)
  } finally {
    file.close()
  }
}

describe('a never-seen user', () => {
  test('[C1] the subscription alone is enough: the first event is a snapshot with outputs', async () => {
    const { token } = await server.guest()
    const follower = new Follower(server.ws(token).client, 'demo')
    const notebook = await follower.snapshot()
    expect(notebook.kind).toBe('demo')
    expect(notebook.cells).toHaveLength(9)
    expect(notebook.files.map(({ table, rows }) => [table, rows])).toEqual([['penguins', 344]])
    expect(notebook.cells.filter((cell) => cell.outputs.length > 0).length).toBeGreaterThanOrEqual(4)
    follower.stop()
  })

  test('[C1] runCell alone is enough to find the notebook there', async () => {
    const { token } = await server.guest()
    const client = server.http(token)
    expect(await codeOf(client.runCell.mutate({ notebookId: 'demo', cellId: 'nobody' }))).toBe('NOT_FOUND')
    const notebook = await client.getNotebook.query({ id: 'demo' })
    const { runId, cellIds } = await client.runCell.mutate({ notebookId: 'demo', cellId: notebook.cells[0]?.id ?? '' })
    expect(runId).not.toBe('')
    expect(cellIds[0]).toBe(notebook.cells[0]?.id)
  })

  test.each(['demo', 'blank'])('[C1] a mutation alone is enough: edits and a run of all on %s', async (notebookId) => {
    const first = server.http((await server.guest()).token)
    const { cellIds, rev } = await first.applyEdits.mutate({
      notebookId,
      edits: [{ insert: { language: 'markdown', source: 'hi' } }],
    })
    const notebook = await first.getNotebook.query({ id: notebookId })
    expect(notebook).toMatchObject({ kind: notebookId, rev })
    expect(notebook.cells.at(-1)?.id).toBe(cellIds[0])
    const second = server.http((await server.guest()).token)
    expect((await second.runAll.mutate({ notebookId })).cellIds).toHaveLength(notebookId === 'demo' ? 9 : 0)
    expect(
      await second.getVariables.query({ notebookId: (await second.getNotebook.query({ id: notebookId })).id }),
    ).toBeInstanceOf(Array)
  })

  test('[C1] everything at once, over every transport, gives one notebook and no error', async () => {
    const { token } = await server.guest()
    const [http, socket] = [server.http(token), server.ws(token)]
    const follower = new Follower(socket.client, 'demo')
    const answers = await Promise.all([
      http.getNotebook.query({ id: 'demo' }).then(({ id }) => id),
      socket.client.getNotebook.query({ id: 'demo' }).then(({ id }) => id),
      follower.snapshot().then(({ id }) => id),
      http.listNotebooks.query().then((rows) => rows.find((row) => row.kind === 'demo')?.id),
      http.duplicateNotebook.mutate({ id: 'demo' }).then(() => undefined),
      http.runAll.mutate({ notebookId: 'demo' }).then(() => undefined),
    ])
    expect(new Set(answers.filter((id) => id !== undefined)).size).toBe(1)
    expect(demosOf(server.dataDir)).toEqual([])
    follower.stop()
  })

  test('[C1] query and subscription in the same tick see the same notebook', async () => {
    const { token } = await server.guest()
    const follower = new Follower(server.ws(token).client, 'demo')
    const [queried, followed] = await Promise.all([server.http(token).getNotebook.query({ id: 'demo' }), follower.snapshot()])
    expect(followed.id).toBe(queried.id)
    follower.stop()
  })

  test('[C1] fifty sockets at once make one row, fifty snapshots and no error', async () => {
    const { token } = await server.guest()
    const followers = Array.from({ length: 50 }, () => new Follower(server.ws(token).client, 'demo'))
    const snapshots = await Promise.all(followers.map((follower) => follower.snapshot()))
    expect(new Set(snapshots.map((snapshot) => snapshot.id)).size).toBe(1)
    expect(followers.every((follower) => follower.error === undefined)).toBe(true)
    expect(demosOf(server.dataDir)).toEqual([])
    for (const follower of followers) follower.stop()
  })

  test('[C1] the older ids mean the same, for that user only', async () => {
    const [mine, other] = await Promise.all([server.guest(), server.guest()])
    const client = server.http(mine.token)
    const { userId } = await client.whoami.query()
    const demo = await client.getNotebook.query({ id: 'demo' })
    expect((await client.getNotebook.query({ id: `demo-${userId}` })).id).toBe(demo.id)
    expect(await codeOf(server.http(other.token).getNotebook.query({ id: `demo-${userId}` }))).toBe('NOT_FOUND')
  })
})

test('[C1] whichever procedure a never-seen user calls first, on `demo`: it finds the notebook, and there is one', async () => {
  const codes = await Promise.all(
    Object.keys(callsOn(server.http(), 'demo', '')).map(async (name) => {
      const token = await issuer.token(`first-${name}`)
      const { client } = server.ws(token)
      const call = callsOn(client, 'demo', 'no-such-cell')[name]
      const problem = call && (await problemOf(call()))
      const { userId } = await client.whoami.query()
      const found = problem?.kind !== 'not-found' || problem.what !== 'notebook'
      return [name, found, rowsOf(server.dataDir, userId)]
    }),
  )
  expect(codes).toEqual(codes.map(([name]) => [name, true, name === 'duplicateNotebook' ? 2 : 1]))
})

test('[C2] another user finds nothing: by id and by the older aliases, on every procedure that there is', async () => {
  const [mine, other] = await Promise.all([server.guest(), server.guest()])
  const owner = server.http(mine.token)
  const { userId } = await owner.whoami.query()
  const { id, cells } = await owner.getNotebook.query({ id: 'demo' })
  const before = await owner.listNotebooks.query()
  const { client } = server.ws(other.token)
  for (const named of [id, `demo-${userId}`, `blank-${userId}`, 'no-such-notebook']) {
    const calls = callsOn(client, named, cells[0]?.id ?? '')
    const codes = await Promise.all(Object.entries(calls).map(async ([name, call]) => [name, await codeOf(call())]))
    expect(codes).toEqual(Object.keys(calls).map((name) => [name, 'NOT_FOUND']))
  }
  expect(await owner.listNotebooks.query()).toEqual(before)
})
