import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { initialise, moveUnlessThere, own, type PostgresProcess, startProcess, VERSION } from './postgresProcess.ts'

/** An initialised data folder, made once on a machine: copying it is much faster than making it. */
const CACHE = resolve(import.meta.dirname, '../node_modules/.cache')
const ADMIN = { user: 'admin', password: 'the-admins-password' }

export interface Role {
  user: string
  password: string
}
/** Has tables of its own, and is nobody special. */
export const READER: Role = { user: 'reader', password: "p@ss/wörd 'x'?#" }

/** A real PostgreSQL on a free port, with a database and two users. */
export class TestPostgres {
  readonly port: number
  readonly folder: string
  #server: PostgresProcess | undefined

  private constructor(port: number, folder: string) {
    this.port = port
    this.folder = folder
  }

  /** `flags` as of `postgres`: `-c max_connections=7`. */
  static async start(flags: string[] = []): Promise<TestPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-postgres-'))
    // PostgreSQL may be another user than whoever runs the tests.
    chmodSync(folder, 0o755)
    copyTemplate(await template(), join(folder, 'data'))
    const server = new TestPostgres(await freePort(), folder)
    await server.start(flags)
    return server
  }

  async start(flags: string[] = []): Promise<void> {
    this.#server = await startProcess(join(this.folder, 'data'), this.port, flags)
  }

  /** At once, as by an administrator who does not wait: connections are cut. */
  async stop(): Promise<void> {
    await this.#server?.stop()
    this.#server = undefined
  }

  async close(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  url({ user, password }: Role = READER, rest = 'shop?sslmode=disable'): string {
    return `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${rest}`
  }

  get adminUrl(): string {
    return this.url(ADMIN)
  }

  /** Runs statements as the administrator of the database. */
  async admin(sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.adminUrl })
    await client.connect()
    try {
      const result: pg.QueryResult | pg.QueryResult[] = await client.query(sql)
      return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? []
    } finally {
      await client.end()
    }
  }

  /** Resolves when the query gives a row. */
  async until(sql: string): Promise<void> {
    while ((await this.admin(sql)).length === 0);
  }
}

/** One for all tests of a file. */
export function usePostgres(flags: string[] = []): { readonly server: TestPostgres } {
  let server: TestPostgres | undefined
  beforeAll(async () => {
    server = await TestPostgres.start(flags)
  }, 60_000)
  afterAll(() => server?.close())
  return {
    get server() {
      if (!server) throw new Error('The tests have not begun')
      return server
    },
  }
}

/** Made in a folder of its own and moved into its place: whoever comes at the same time makes one, too, and the first stays. */
async function template(): Promise<string> {
  const place = join(CACHE, `postgres-${VERSION}-2`)
  if (existsSync(place)) return place
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-postgres-template-'))
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  const port = await freePort()
  initialise(data, ADMIN)
  const server = await startProcess(data, port, [])
  await setUp(port)
  await server.stop()
  const made = mkdtempSync(join(CACHE, 'postgres-new-'))
  cpSync(data, join(made, 'data'), { recursive: true })
  rmSync(folder, { recursive: true, force: true })
  moveUnlessThere(join(made, 'data'), place)
  rmSync(made, { recursive: true, force: true })
  return place
}

async function setUp(port: number): Promise<void> {
  for (const [database, statements] of [
    ['postgres', [`create role ${READER.user} login password ${quoted(READER.password)}`, 'create database shop']],
    ['shop', ['grant create, usage on schema public to reader']],
  ] as const) {
    const client = new pg.Client({ ...ADMIN, host: '127.0.0.1', port, database })
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** The copy belongs to whoever PostgreSQL will be. */
function copyTemplate(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  own(to)
  chmodSync(to, 0o700)
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await new Promise<number>((done) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      done(typeof address === 'object' && address ? address.port : 0)
    }),
  )
  await new Promise((done) => server.close(done))
  return port
}
