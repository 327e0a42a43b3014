import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { READER, usePostgres } from '../support/postgres.ts'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { codeOf, problemOf, TestServer } from '../support/testServer.ts'

const postgres = usePostgres()
const servers: TestServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0).reverse()) await server.close()
})

const PASSWORD = 'hunter2-and-more'
const URL_WITH_PASSWORD = `postgresql://ann:${PASSWORD}@db.example.org:6432/sales?sslmode=require`

async function start(env: Record<string, string> = {}, dataDir?: string): Promise<TestServer> {
  const server = await TestServer.start(env, dataDir === undefined ? {} : { dataDir })
  servers.push(server)
  return server
}

async function begin(
  env: Record<string, string> = {},
): Promise<{ server: TestServer; client: Client; token: string; cookie: string }> {
  const server = await start(env)
  const { token, cookie } = await server.guest()
  return { server, client: server.http(token), token, cookie }
}

const failure = (work: Promise<unknown>) =>
  work.then(
    (value) => new Error(`it worked: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  )

describe('connections are kept for their owner', () => {
  test('added, listed by name and masked, changed, removed', async () => {
    const { client } = await begin()
    const { id } = await client.addConnection.mutate({ name: ' Sales ', url: URL_WITH_PASSWORD })
    expect(id).toMatch(/^pg-[0-9a-f-]{36}$/)
    await client.addConnection.mutate({ name: 'Other', url: 'postgres://me@localhost', readOnly: false })
    const list = await client.listConnections.query()
    expect(list).toMatchObject([
      {
        name: 'Other',
        kind: 'postgresql',
        readOnly: false,
        address: { host: 'localhost', port: 5432, database: 'me', user: 'me', sslMode: 'prefer' },
      },
      {
        id,
        name: 'Sales',
        readOnly: true,
        address: { host: 'db.example.org', port: 6432, database: 'sales', user: 'ann', sslMode: 'require' },
      },
    ])
    expect(JSON.stringify(list)).not.toContain(PASSWORD)
    await client.updateConnection.mutate({ id, name: 'Shop', readOnly: false })
    await client.updateConnection.mutate({ id, url: 'postgresql://bob:x@other.example.org/d' })
    expect(await client.listConnections.query()).toMatchObject([
      { name: 'Other' },
      { id, name: 'Shop', readOnly: false, address: { host: 'other.example.org', user: 'bob' } },
    ])
    await client.removeConnection.mutate({ id })
    expect(await client.listConnections.query()).toMatchObject([{ name: 'Other' }])
  })

  test('those of others do not exist', async () => {
    const { server, client } = await begin()
    const { id } = await client.addConnection.mutate({ name: 'Mine', url: URL_WITH_PASSWORD })
    const other = server.http((await server.guest()).token)
    expect(await other.listConnections.query()).toEqual([])
    const { id: notebookId } = await other.createNotebook.mutate({})
    for (const attempt of [
      other.applyEdits.mutate({ notebookId, edits: [{ insert: { language: 'sql', connectionId: id } }] }),
      other.updateConnection.mutate({ id, name: 'Theirs' }),
      other.removeConnection.mutate({ id }),
      other.testConnection.mutate({ id }),
      other.removeConnection.mutate({ id: 'pg-nothing' }),
    ])
      expect(await codeOf(attempt)).toBe('NOT_FOUND')
    expect(await client.listConnections.query()).toMatchObject([{ name: 'Mine' }])
    await other.addConnection.mutate({ name: 'Mine', url: URL_WITH_PASSWORD })
  })

  test('a repeated request has no second effect', async () => {
    const { client } = await begin()
    const given = { name: 'Once', url: URL_WITH_PASSWORD, opId: 'op-1' }
    const first = await client.addConnection.mutate(given)
    expect(await client.addConnection.mutate(given)).toEqual(first)
    expect(await client.listConnections.query()).toHaveLength(1)
    const removal = { id: first.id, opId: 'op-2' }
    await client.removeConnection.mutate(removal)
    expect(await client.removeConnection.mutate(removal)).toEqual(first)
  })

  test.each([
    [{ name: 'Taken', url: URL_WITH_PASSWORD }, 'name'],
    [{ name: '  ', url: URL_WITH_PASSWORD }, 'name'],
    [{ name: 'x', url: `mysql://ann:${PASSWORD}@h/d` }, 'url'],
    [{ name: 'x', url: `postgresql://ann:${PASSWORD}@h/d?sslkey=/etc/shadow` }, 'url'],
    [{ name: 'x', url: `postgresql://ann:${PASSWORD}${'x'.repeat(5_000)}@h/d` }, 'url'],
  ])('bad input is refused where it is wrong, without a word of the password: %#', async (given, path) => {
    const { client } = await begin()
    await client.addConnection.mutate({ name: 'Taken', url: URL_WITH_PASSWORD })
    const error = await failure(client.addConnection.mutate(given))
    expect(await problemOf(Promise.reject(error))).toMatchObject({ kind: 'invalid-input', issues: [{ path }] })
    expect(JSON.stringify(error) + String(error)).not.toContain(PASSWORD)
    expect(await client.listConnections.query()).toHaveLength(1)
  })

  test('a guest who makes an account keeps them, beside those of the account', async () => {
    const { server, client, cookie } = await begin()
    const account = { email: 'ann@example.org', password: 'long enough for this', name: 'Ann' }
    const signedUp = await server.auth('sign-up/email', account)
    const own = signedUp.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    await server.http(await server.token(own)).addConnection.mutate({ name: 'Same', url: 'postgresql://a@one.example.org' })
    await client.addConnection.mutate({ name: 'Same', url: 'postgresql://a@two.example.org' })
    const signedIn = await server.auth('sign-in/email', account, { cookie })
    const merged = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    expect(await server.http(await server.token(merged)).listConnections.query()).toMatchObject([
      { name: 'Same', address: { host: 'one.example.org' } },
      { name: 'Same (2)', address: { host: 'two.example.org' } },
    ])
  })

  test('with another key they stay, and say what is the matter; a new string mends them', async () => {
    const { server, client, token } = await begin()
    const { id } = await client.addConnection.mutate({ name: 'Kept', url: postgres.server.url() })
    await server.stop()
    const later = await start({ SECRET_KEY: Buffer.alloc(32, 7).toString('base64') }, server.dataDir)
    const again = later.http(token)
    expect(await again.listConnections.query()).toMatchObject([
      { id, name: 'Kept', problem: expect.stringContaining('another key') },
    ])
    expect(await again.testConnection.mutate({ id })).toMatchObject({
      ok: false,
      message: expect.stringContaining('another key'),
    })
    await again.updateConnection.mutate({ id, url: postgres.server.url() })
    expect(await again.testConnection.mutate({ id })).toMatchObject({ ok: true })
  })
})

describe('trying a connection out', () => {
  test('says what is there', async () => {
    const { client } = await begin()
    const { id } = await client.addConnection.mutate({ name: 'Shop', url: postgres.server.url() })
    const found = {
      ok: true,
      version: '18.4',
      encrypted: false,
      verified: false,
      readOnly: true,
      readOnlyHolds: true,
      superuser: false,
      warnings: [],
    }
    expect(await client.testConnection.mutate({ id })).toEqual(found)
    expect(await client.testConnection.mutate({ url: postgres.server.url(), readOnly: false })).toEqual({
      ...found,
      readOnly: false,
      readOnlyHolds: false,
    })
  })

  test('warns of a superuser, for whom reading only means nothing', async () => {
    const { client } = await begin()
    expect(await client.testConnection.mutate({ url: postgres.server.adminUrl })).toMatchObject({
      ...{ ok: true, superuser: true, readOnlyHolds: false },
      warnings: [expect.stringContaining('superuser')],
    })
  })

  test('says why not', async () => {
    const { client } = await begin()
    const trial = await client.testConnection.mutate({ url: postgres.server.url({ ...READER, password: PASSWORD }) })
    expect(trial).toMatchObject({ ok: false, code: '28P01' })
    expect(JSON.stringify(trial)).not.toContain(PASSWORD)
  })

  test('often, but not without end', async () => {
    const { client } = await begin({ SQL_HOSTS: 'db.example.org' })
    const tries = Array.from({ length: 15 }, () => codeOf(client.testConnection.mutate({ url: 'postgresql://a@127.0.0.1' })))
    expect(await Promise.all(tries)).toContain('TOO_MANY_REQUESTS')
  })
})

describe('hosts are the operator’s to allow', () => {
  test.each([
    [{ SQL_HOSTS: 'public' }, 'postgresql://a:b@127.0.0.1/d'],
    [{ SQL_HOSTS: 'public' }, 'postgresql://a:b@[::1]/d'],
    [{ SQL_HOSTS: 'none' }, URL_WITH_PASSWORD],
    [{ SQL_HOSTS: 'db.example.net' }, URL_WITH_PASSWORD],
    [{ PUBLIC_URL: 'https://notebooks.example.org' }, 'postgresql://a:b@10.0.0.1/d'],
  ])('%j refuses %s', async (env, url) => {
    const { client } = await begin(env)
    for (const attempt of [client.addConnection.mutate({ name: 'x', url }), client.testConnection.mutate({ url })])
      expect(await problemOf(attempt)).toMatchObject({ kind: 'invalid-input', issues: [{ path: 'url' }] })
  })

  test('a name that leads to this machine is refused when it is connected to', async () => {
    const { client } = await begin({ SQL_HOSTS: 'public' })
    expect(await client.testConnection.mutate({ url: postgres.server.url().replace('127.0.0.1', 'localhost') })).toMatchObject({
      ...{ ok: false, message: expect.stringContaining('public addresses only') },
    })
  })

  test('a connection from before says so', async () => {
    const { server, client, token } = await begin()
    const { id } = await client.addConnection.mutate({ name: 'Old', url: postgres.server.url() })
    await server.stop()
    const later = (await start({ SQL_HOSTS: 'none' }, server.dataDir)).http(token)
    expect(await later.listConnections.query()).toMatchObject([{ problem: expect.stringContaining('nobody') }])
    expect(await later.testConnection.mutate({ id })).toMatchObject({ ok: false })
  })
})

test('neither the data folder nor the log ever holds a password', async () => {
  const folder = temporaryFolder()
  const server = await ServerProcess.start({ LOG_LEVEL: 'debug', DATA_DIR: folder.path })
  try {
    const client = server.http((await server.guest()).token)
    const url = postgres.server.url({ ...READER, password: PASSWORD })
    const { id } = await client.addConnection.mutate({ name: 'Wrong', url, opId: 'op' })
    await client.updateConnection.mutate({ id, url })
    await client.testConnection.mutate({ id })
    await client.testConnection.mutate({ url })
    await failure(client.addConnection.mutate({ name: 'Wrong', url }))
    await failure(client.addConnection.mutate({ name: 'y', url: `${url}&sslkey=x` }))
    const asQuery = `${server.url}/trpc/testConnection?input=${encodeURIComponent(JSON.stringify({ url }))}`
    expect((await fetch(asQuery)).ok).toBe(false)
  } finally {
    await server.kill('SIGTERM')
  }
  const files = readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
  folder.remove()
  expect(files.length).toBeGreaterThan(2)
  for (const text of [...files, server.output.stdout, server.output.stderr]) expect(text).not.toContain(PASSWORD)
})
