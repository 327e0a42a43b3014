import { randomUUID } from 'node:crypto'
import type { ConnectionRow, ConnectionTables } from '@rivulet/db/connections'
import type { QueryEngine } from '../kernel/sql/engine.ts'
import { PostgresEngine } from '../kernel/sql/postgres/engine.ts'
import { PostgresPool } from '../kernel/sql/postgres/pool.ts'
import { type Trial, tryOut } from '../kernel/sql/postgres/trial.ts'
import { CONNECTION_PREFIX } from '../language/sql/connections.ts'
import type { Problem } from '../notebook/problems.ts'
import { AddressError, type MaskedAddress, masked, parseAddress } from './address.ts'
import { hostProblem, lookupFor, type SqlHosts } from './hosts.ts'
import { SecretError, type Secrets } from './secrets.ts'

export interface ConnectionsOptions {
  tables: ConnectionTables
  secrets: Secrets
  hosts: SqlHosts
  /** How long a statement may take; 0: as long as it likes. */
  statementMs: number
  /** Connections to one database at a time. */
  poolSize: number
}

/** What its owner sees of a connection: never the string. */
export interface ConnectionInfo {
  id: string
  name: string
  kind: 'postgresql'
  /** Absent when it cannot be read. */
  address?: MaskedAddress
  readOnly: boolean
  createdAt: string
  updatedAt: string
  /** Why it cannot be used as it is. */
  problem?: string
}

interface Operation {
  userId: string
  opId: string
  procedure: string
}

type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem }

const MAX_CONNECTIONS = 50
const UNREADABLE = 'The connection string cannot be read.'
const AGAIN = 'Enter it again, or restore the key.'

/** Databases outside, each its owner's: kept, tried out, and opened for cells. */
export class Connections {
  readonly #options: ConnectionsOptions
  /** With the string it was opened for: another one is another pool. */
  readonly #pools = new Map<string, { sealed: string; pool: PostgresPool }>()

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  list(ownerId: string): ConnectionInfo[] {
    return this.#options.tables.list(ownerId).map((row) => this.#info(row))
  }

  has(ownerId: string, id: string): boolean {
    return this.#options.tables.find(ownerId, id) !== undefined
  }

  add(
    ownerId: string,
    { name, url, readOnly }: { name: string; url: string; readOnly: boolean },
    operation?: Operation,
  ): Answer<{ id: string }> {
    const id = `${CONNECTION_PREFIX.postgresql}${randomUUID()}`
    const refused = this.#urlProblem(url)
    if (refused) return refused
    const { tables, secrets } = this.#options
    return tables.transaction(() => {
      const others = tables.list(ownerId)
      if (others.length >= MAX_CONNECTIONS) return invalid('', `nobody has more than ${MAX_CONNECTIONS} connections`)
      if (others.some((other) => other.name === name)) return taken(name)
      const at = now()
      tables.insert({
        id,
        ownerId,
        name,
        kind: 'postgresql',
        sealed: secrets.seal(url, id),
        readOnly,
        createdAt: at,
        updatedAt: at,
      })
      return this.#remembered(operation, { id })
    })
  }

  update(
    ownerId: string,
    id: string,
    patch: { name?: string | undefined; url?: string | undefined; readOnly?: boolean | undefined },
    operation?: Operation,
  ): Answer<{ id: string }> {
    const { name, url, readOnly } = patch
    const refused = url === undefined ? undefined : this.#urlProblem(url)
    if (refused) return refused
    const { tables, secrets } = this.#options
    return tables.transaction(() => {
      if (!tables.find(ownerId, id)) return notFound(id)
      if (name !== undefined && tables.list(ownerId).some((other) => other.name === name && other.id !== id)) return taken(name)
      const sealed = url === undefined ? {} : { sealed: secrets.seal(url, id) }
      const set = { ...(name !== undefined && { name }), ...(readOnly !== undefined && { readOnly }), ...sealed }
      tables.update(id, { ...set, updatedAt: now() })
      return this.#remembered(operation, { id })
    })
  }

  remove(ownerId: string, id: string, operation?: Operation): Answer<{ id: string }> {
    const { tables } = this.#options
    const answer = tables.transaction((): Answer<{ id: string }> => {
      if (!tables.find(ownerId, id)) return notFound(id)
      tables.remove(id)
      return this.#remembered(operation, { id })
    })
    if (answer.ok) this.#drop(id)
    return answer
  }

  /** Of a connection that is stored. */
  async test(ownerId: string, id: string): Promise<Answer<Trial>> {
    const row = this.#options.tables.find(ownerId, id)
    if (!row) return notFound(id)
    try {
      return { ok: true, value: await this.#try(this.#urlOf(row), row.readOnly) }
    } catch (error) {
      if (!(error instanceof ConnectionUnusable)) throw error
      return { ok: true, value: { ok: false, message: error.message } }
    }
  }

  /** Of one that is not, or not yet. */
  async testUrl(url: string, readOnly: boolean): Promise<Answer<Trial>> {
    return this.#urlProblem(url) ?? { ok: true, value: await this.#try(url, readOnly) }
  }

  /** For one notebook, whose owner may become another. Rejects with a sentence for the user when there is no such connection. */
  async engine(owner: () => string, id: string, embedded: QueryEngine): Promise<QueryEngine> {
    const source = () => this.#open(owner(), id)
    source()
    return new PostgresEngine(source, embedded)
  }

  async close(): Promise<void> {
    const all = [...this.#pools.values()]
    this.#pools.clear()
    await Promise.all(all.map(({ pool }) => pool.end()))
  }

  #open(ownerId: string, id: string) {
    const row = this.#options.tables.find(ownerId, id)
    if (!row) throw new ConnectionUnusable('The connection of this cell is not there any more: choose another one.')
    return { pool: this.#poolOf(row), rules: { readOnly: row.readOnly, statementMs: this.#options.statementMs } }
  }

  #poolOf(row: ConnectionRow): PostgresPool {
    const known = this.#pools.get(row.id)
    if (known?.sealed === row.sealed) return known.pool
    this.#drop(row.id)
    const { hosts, poolSize } = this.#options
    const address = parseAddress(this.#urlOf(row))
    const refused = hostProblem(hosts, address)
    if (refused) throw new ConnectionUnusable(refused)
    const pool = new PostgresPool({ address, lookup: lookupFor(hosts), max: poolSize })
    this.#pools.set(row.id, { sealed: row.sealed, pool })
    return pool
  }

  /** What runs on it goes on to its end. */
  #drop(id: string): void {
    const known = this.#pools.get(id)
    this.#pools.delete(id)
    // Ending waits for runs, and cannot fail: what is idle is closed.
    void known?.pool.end()
  }

  #urlOf(row: ConnectionRow): string {
    try {
      return this.#options.secrets.open(row.sealed, row.id)
    } catch (error) {
      if (!(error instanceof SecretError)) throw error
      throw new ConnectionUnusable(`${UNREADABLE} ${error.message} ${AGAIN}`)
    }
  }

  #info(row: ConnectionRow): ConnectionInfo {
    const { id, name, kind, readOnly, createdAt, updatedAt } = row
    const info = { id, name, kind, readOnly, createdAt, updatedAt }
    try {
      const address = parseAddress(this.#urlOf(row))
      const problem = hostProblem(this.#options.hosts, address)
      return { ...info, address: masked(address), ...(problem !== undefined && { problem }) }
    } catch (error) {
      if (!(error instanceof ConnectionUnusable || error instanceof AddressError)) throw error
      return { ...info, problem: error.message }
    }
  }

  async #try(url: string, readOnly: boolean): Promise<Trial> {
    const { hosts, statementMs } = this.#options
    const address = parseAddress(url)
    const message = hostProblem(hosts, address)
    if (message !== undefined) return { ok: false, message }
    return await tryOut({ address, lookup: lookupFor(hosts) }, { readOnly, statementMs })
  }

  #urlProblem(url: string): { ok: false; problem: Problem } | undefined {
    try {
      const refused = hostProblem(this.#options.hosts, parseAddress(url))
      return refused === undefined ? undefined : invalid('url', refused)
    } catch (error) {
      if (error instanceof AddressError) return invalid('url', error.message)
      throw error
    }
  }

  #remembered<T extends object>(operation: Operation | undefined, value: T): { ok: true; value: T } {
    if (operation) this.#options.tables.insertOperation({ ...operation, notebookId: null, result: value, at: now() })
    return { ok: true, value }
  }
}

/** The message is a sentence for the user. */
class ConnectionUnusable extends Error {
  override readonly name = 'ConnectionUnusable'
}

const now = () => new Date().toISOString()
const notFound = (id: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { kind: 'not-found', what: 'connection', id },
})
const invalid = (path: string, message: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { kind: 'invalid-input', issues: [{ path, message }] },
})
const taken = (name: string) => invalid('name', `there is a connection called “${name}” already`)
