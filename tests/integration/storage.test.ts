import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '@rivulet/db/client'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/serverProcess.ts'
import { Follower, TestServer } from '../support/testServer.ts'

/** The data folder in every state in which a server may find it, and what work costs in statements. */

let folder: ReturnType<typeof temporaryFolder>
let path: string
beforeEach(() => {
  folder = temporaryFolder()
  path = join(folder.path, 'rivulet.db')
})
afterEach(() => folder.remove())

describe('a database that cannot be used', () => {
  const start = () => TestServer.start({}, { dataDir: folder.path })

  test('of a newer version is refused and left as it is', async () => {
    openDatabase(path).close()
    const sqlite = new Sqlite(path)
    sqlite.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)').run('later', 9_999_999_999_999)
    sqlite.close()
    const before = readFileSync(path)
    await expect(start()).rejects.toMatchObject({ kind: 'newer', message: expect.stringMatching(/newer version of Rivulet/) })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('that is something else is refused and left as it is', async () => {
    writeFileSync(path, 'My notes, not a database. '.repeat(100))
    const before = readFileSync(path)
    await expect(start()).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining(path) })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('whose folder is a file', async () => {
    writeFileSync(join(folder.path, 'file'), '')
    const inFile = TestServer.start({}, { dataDir: join(folder.path, 'file', 'data') })
    await expect(inFile).rejects.toMatchObject({ kind: 'no-folder', message: expect.stringContaining('file/data') })
  })

  test('that is a folder', async () => {
    mkdirSync(path)
    await expect(start()).rejects.toMatchObject({ kind: 'no-folder' })
  })

  test('whose folder is missing is made', async () => {
    const server = await TestServer.start({}, { dataDir: join(folder.path, 'deep', 'er') })
    expect(readdirSync(join(folder.path, 'deep', 'er')).sort()).toEqual(expect.arrayContaining(['rivulet.db', 'secret']))
    await server.stop()
  })
})

describe('[C7] a decision that cannot be saved', () => {
  test('has not happened: the caller is told, nobody sees it, and the next one works', async () => {
    const server = await TestServer.start({ LOG_LEVEL: 'silent' }, { dataDir: folder.path })
    const { token } = await server.guest()
    const client = server.http(token)
    const { id } = await client.createNotebook.mutate({ title: 'Safe' })
    const follower = new Follower(server.ws(token).client, id)
    const before = await follower.snapshot()
    const file = new Sqlite(path)
    file.exec("create trigger full before insert on journal begin select raise(abort, 'database or disk is full'); end")
    await expect(client.insertCell.mutate({ notebookId: id, language: 'markdown', source: 'x' })).rejects.toMatchObject({
      data: { code: 'SERVICE_UNAVAILABLE', problem: { kind: 'unavailable', reason: 'storage' } },
    })
    expect(await client.getNotebook.query({ id })).toEqual(before)
    file.exec('drop trigger full')
    file.close()
    const { rev } = await client.insertCell.mutate({ notebookId: id, language: 'markdown', source: 'y' })
    await follower.reached(rev)
    expect(rev).toBe(before.rev + 1)
    expect(follower.state()).toEqual(await client.getNotebook.query({ id }))
    follower.stop()
    await server.stop()
  })

  test('what goes wrong inside is masked: an id for the user, everything else for the log', async () => {
    const server = await TestServer.start({ LOG_LEVEL: 'silent' }, { dataDir: folder.path })
    const client = server.http((await server.guest()).token)
    const { id } = await client.createNotebook.mutate({ title: 'Broken' })
    const file = new Sqlite(path)
    file.prepare('update notebooks set kernels = ? where id = ?').run('"private words"', id)
    file.close()
    const error = await client.getNotebook.query({ id }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      message: 'Something went wrong on the server.',
      data: { code: 'INTERNAL_SERVER_ERROR', problem: { kind: 'internal', id: expect.stringMatching(/^[0-9a-f-]{36}$/) } },
    })
    expect(JSON.stringify(error)).not.toContain('private words')
    expect((await client.getNotebook.query({ id: 'demo' })).kind).toBe('demo')
    await server.stop()
  })
})

test('[D7] sign-ins that have ended are forgotten while the server runs, and others stay', async () => {
  const server = await TestServer.start({}, { dataDir: folder.path, pruneEveryMs: 20 })
  const [ended, lasting] = [await server.guest(), await server.guest()]
  const userOf = async ({ token }: { token: string }) => (await server.http(token).whoami.query()).userId
  const [endedUser, lastingUser] = [await userOf(ended), await userOf(lasting)]
  const file = new Sqlite(path)
  const expired = file.prepare(
    'update auth_session set expires_at = ? where user_id = (select sub from identities where user_id = ?) returning token',
  )
  expect(expired.all(Date.now() - 1, endedUser)).toHaveLength(1)
  const signedIn = () => file.prepare('select i.user_id from auth_session s join identities i on i.sub = s.user_id').pluck().all()
  await expect.poll(signedIn, { timeout: 30_000 }).toEqual([lastingUser])
  file.close()
  expect(await server.token(lasting.cookie)).toBeTypeOf('string')
  // What they made is theirs, for whoever signs in as them again.
  expect(await server.http(ended.token).whoami.query()).toMatchObject({ userId: endedUser })
  await server.stop()
})

test('[D7] what is too old goes from the bins, what is too much from the journal, while people work', async () => {
  const server = await TestServer.start({}, { dataDir: folder.path, pruneEveryMs: 20 })
  const client = server.http((await server.guest()).token)
  const { id } = await client.createNotebook.mutate({ title: 'Kept' })
  const insert = (source: string) => client.insertCell.mutate({ notebookId: id, language: 'markdown', source })
  const [old, recent] = [await client.createNotebook.mutate({}), await client.createNotebook.mutate({})]
  for (const binned of [old, recent]) await client.deleteNotebook.mutate({ id: binned.id })
  const [oldCell, recentCell] = [await insert('old'), await insert('recent')]
  for (const { cellId } of [oldCell, recentCell]) await client.deleteCell.mutate({ notebookId: id, cellId })
  const file = new Sqlite(path)
  const monthAgo = new Date(Date.now() - 31 * 24 * 60 * 60 * 1_000).toISOString()
  file.prepare('update notebooks set deleted_at = ? where id = ?').run(monthAgo, old.id)
  file.prepare('update cells set deleted_at = ? where id = ?').run(monthAgo, oldCell.cellId)
  const binned = (table: 'notebooks' | 'cells') =>
    file.prepare(`select id from ${table} where deleted_at is not null`).pluck().all()
  await expect.poll(() => binned('notebooks'), { timeout: 30_000 }).toEqual([recent.id])
  await expect.poll(() => binned('cells'), { timeout: 30_000 }).toEqual([recentCell.cellId])
  // Six megabytes of decisions, of which about one is kept.
  const { cellId } = await insert('')
  let rev = 0
  for (let version = 1; version <= 60; version += 1)
    ({ rev } = await client.editCell.mutate({
      notebookId: id,
      cellId,
      baseVersion: version,
      source: `${version}${'x'.repeat(100_000)}`,
    }))
  const journal = file.prepare('select coalesce(sum(length(changes)), 0) from journal where notebook_id = ?').pluck()
  expect(Number(journal.get(id))).toBeLessThan(3 * 1024 * 1024)
  expect(await client.getNotebook.query({ id })).toMatchObject({ rev, cells: [{ id: cellId, version: 61 }] })
  file.close()
  await server.stop()
}, 60_000)

describe('what work costs, in statements', () => {
  /** Statements of the server while `work` runs. */
  async function counted(
    work: (server: TestServer, token: string) => Promise<unknown>,
    setUp?: (server: TestServer, token: string) => Promise<unknown>,
  ) {
    const statements: string[] = []
    const server = await TestServer.start({}, { dataDir: folder.path, onStatement: (sql) => statements.push(sql) })
    const atStart = statements.length
    const { token } = await server.guest()
    await setUp?.(server, token)
    await server.http(token).whoami.query()
    const from = statements.length
    await work(server, token)
    const during = statements.slice(from)
    await server.stop()
    return { atStart, during }
  }

  test('starting costs the same with many notebooks as with none', async () => {
    const { atStart: first } = await counted(async () => undefined)
    const { atStart: empty } = await counted(async (server, token) => {
      const client = server.http(token)
      for (let n = 0; n < 30; n += 1) await client.createNotebook.mutate({ from: 'demo' })
    })
    const { atStart: full } = await counted(async () => undefined)
    expect(first).toBeGreaterThan(empty)
    expect(full).toBe(empty)
  })

  test('opening a notebook costs the same whatever else there is', async () => {
    const open = async (others: number) => {
      let id = ''
      const { during } = await counted(
        (server, token) => server.http(token).getNotebook.query({ id }),
        async (server, token) => {
          const client = server.http(token)
          for (let n = 0; n < others; n += 1) await client.createNotebook.mutate({ from: 'demo' })
          id = (await client.createNotebook.mutate({ from: 'demo' })).id
        },
      )
      return during.length
    }
    const alone = await open(0)
    expect(await open(20)).toBe(alone)
    expect(alone).toBeLessThan(10)
  })

  test('an edit of one cell among many writes that cell, not the page', async () => {
    const edit = async (cells: number) => {
      const { during } = await counted(
        async (server, token) => {
          const { cells: page } = await server.http(token).getNotebook.query({ id: 'blank' })
          const cellId = page[0]?.id ?? ''
          await server.http(token).editCell.mutate({ notebookId: 'blank', cellId, baseVersion: 1, source: '# edited' })
          await server.http(token).moveCell.mutate({ notebookId: 'blank', cellId, after: 'end' })
        },
        (server, token) => {
          const insert = { language: 'markdown' as const, source: '# x' }
          return server
            .http(token)
            .applyEdits.mutate({ notebookId: 'blank', edits: Array.from({ length: cells }, () => ({ insert })) })
        },
      )
      return during.length
    }
    expect(await edit(200)).toBe(await edit(2))
  })
})
