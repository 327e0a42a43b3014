import type { LookupFunction } from 'node:net'
import pg from 'pg'
import type { Address } from '../../../connections/address.ts'
import { GuardedClient, type Target } from './client.ts'
import { ConnectionError, explain, isWithoutTls } from './errors.ts'

export interface PoolOptions {
  address: Address
  lookup: LookupFunction
  /** Connections at a time. */
  max: number
}

/** A client for one run; give it back. */
export interface Lease {
  client: GuardedClient
  /** It has been used before: the server may have gone away meanwhile. */
  used: boolean
  /** `clean`: nothing of what was done can be felt by the next one, when the server forgets what it was told. */
  release(how: 'clean' | 'broken'): void
}

const IDLE_MS = 30_000
/** For the server to forget what it was told. */
const TIDY_MS = 10_000

/** Connections to one database that notebooks share. Opened when they are needed, closed when nobody has used them for a while. */
export class PostgresPool {
  readonly #options: PoolOptions
  readonly #used = new WeakSet<GuardedClient>()
  #secure: boolean
  #waiting = 0
  #ending = false
  #pool: pg.Pool

  constructor(options: PoolOptions) {
    this.#options = options
    this.#secure = options.address.sslMode !== 'disable'
    this.#pool = this.#open()
  }

  /** Waits while all are in use. Rejects with `ConnectionError`. */
  async lease(): Promise<Lease> {
    const client = await this.#turn()
    const used = this.#used.has(client)
    this.#used.add(client)
    return { client, used, release: (how) => this.#release(client, how) }
  }

  /** Idle connections are closed now, others when their runs are done. Who waits for one still gets it. Idempotent. */
  async end(): Promise<void> {
    this.#ending = true
    await this.#endWhenNobodyWaits()
  }

  async #turn(): Promise<GuardedClient> {
    this.#waiting += 1
    try {
      return await this.#connect()
    } finally {
      this.#waiting -= 1
      if (this.#ending) void this.#endWhenNobodyWaits()
    }
  }

  async #endWhenNobodyWaits(): Promise<void> {
    if (this.#waiting === 0 && !this.#pool.ending) await this.#pool.end()
  }

  #open(): pg.Pool {
    const { address, lookup, max } = this.#options
    const target: Target = { address, lookup, secure: this.#secure }
    const Client = class extends GuardedClient {
      constructor() {
        super(target)
      }
    }
    const pool = new pg.Pool({ Client, max, idleTimeoutMillis: IDLE_MS, allowExitOnIdle: true })
    // An idle connection that the server closes: the pool has let it go already.
    pool.on('error', () => undefined)
    return pool
  }

  async #connect(): Promise<GuardedClient> {
    const { sslMode } = this.#options.address
    const [pool, secure] = [this.#pool, this.#secure]
    try {
      return (await pool.connect()) as pg.PoolClient & GuardedClient
    } catch (error) {
      if (sslMode !== 'prefer' || !secure || !(error instanceof Error && isWithoutTls(error.message)))
        throw new ConnectionError(explain(error))
    }
    // No TLS there, and none was demanded.
    if (this.#secure) {
      // The other one has no connection; who waits there comes here by the same way.
      this.#secure = false
      this.#pool = this.#open()
    }
    return await this.#connect()
  }

  /** Temporary tables, settings and locks of one run must not be met by the next. */
  #release(client: GuardedClient, how: 'clean' | 'broken'): void {
    const pooled = client as pg.PoolClient & GuardedClient
    if (how === 'broken') return pooled.release(true)
    const timer = setTimeout(() => client.destroy(new Error('no answer')), TIDY_MS)
    client
      .query('discard all')
      .then(
        () => pooled.release(),
        () => pooled.release(true),
      )
      .finally(() => clearTimeout(timer))
  }
}
