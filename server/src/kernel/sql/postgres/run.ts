import { DatabaseError, type QueryAnswer, type QueryEngine, type QueryRequest, type QueryStatement } from '../engine.ts'
import { ConnectionError, databaseError, explain } from './errors.ts'
import { refuseForbidden } from './gate.ts'
import { Fetch, land } from './landing.ts'
import { textOf } from './parameters.ts'
import type { Lease, PostgresPool } from './pool.ts'
import { begin, type Rules, Running, refusePower } from './transaction.ts'

/** Statements whose rows are what the cell shows, when it is the last of them. */
const QUERIES = new Set<QueryStatement['kind']>(['select', 'explain'])
const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])
/** Of a read-only transaction nothing can be lost when it ends. */
const UNKNOWN_END =
  'The connection was lost while PostgreSQL made the changes final: whether it has is not known. Look before you run the cell again.'

export interface RunWorld {
  pool: PostgresPool
  rules: Rules
  embedded: QueryEngine
  signal: AbortSignal
}

/** One run of a cell: one transaction, of which all statements take effect, or none. */
export class PostgresRun {
  readonly #world: RunWorld
  readonly #request: QueryRequest
  #lease: Lease | undefined
  #changed: number | undefined

  constructor(world: RunWorld, request: QueryRequest) {
    this.#world = world
    this.#request = request
  }

  /** Asks the server to end what it does for this run. */
  async cancel(): Promise<void> {
    await this.#lease?.client.cancel()
  }

  /** Of a server that does not answer nothing is waited for. */
  abandon(): void {
    this.#lease?.client.destroy(new Error('no answer'))
  }

  async execute(): Promise<QueryAnswer> {
    const { statements, tables } = this.#request
    refuseForbidden(statements)
    const [table] = tables
    if (table)
      throw new DatabaseError(`${table.name} is a value of the notebook, which PostgreSQL cannot read: hand it on in \${…}.`, {
        statement: 0,
      })
    const lease = await this.#begin()
    let how: 'clean' | 'broken' = 'broken'
    try {
      const answer = await this.#statements(lease)
      how = 'clean'
      return answer
    } catch (error) {
      // A request to cancel may still be on its way: nobody else may get it.
      if (!this.#world.signal.aborted && !isLost(lease, error)) how = await rollback(lease)
      throw error
    } finally {
      this.#lease = undefined
      lease.release(how)
    }
  }

  /** In a transaction. A connection that was used before may be one whose server is gone: then another is taken. */
  async #begin(): Promise<Lease> {
    const { pool, rules, signal } = this.#world
    for (;;) {
      const lease = await leased(pool, signal).catch((error: unknown) => {
        throw databaseError(error, 0)
      })
      this.#lease = lease
      let how: 'clean' | 'broken' = 'broken'
      try {
        const rights = await begin(lease.client, rules)
        how = 'clean'
        refusePower(rights, rules)
        return lease
      } catch (error) {
        if (how === 'clean') how = await rollback(lease)
        this.#lease = undefined
        lease.release(how)
        if (!lease.used || how === 'clean' || !explain(error).lost) throw databaseError(lease.client.broken ?? error, 0)
      }
    }
  }

  async #statements(lease: Lease): Promise<QueryAnswer> {
    const { statements } = this.#request
    const last = statements.findLastIndex(({ kind }) => QUERIES.has(kind))
    let answer: QueryAnswer = {}
    for (const [n, statement] of statements.entries()) {
      try {
        const shown = await this.#statement(lease, statement, n >= last)
        if (shown) answer = shown
      } catch (error) {
        throw databaseError(error, n)
      }
    }
    await this.#commit(lease)
    return { ...answer, ...(this.#changed !== undefined && { changed: this.#changed }) }
  }

  async #commit(lease: Lease): Promise<void> {
    const statement = this.#request.statements.length - 1
    try {
      this.#world.signal.throwIfAborted()
      await lease.client.query('commit')
    } catch (error) {
      if (!this.#world.rules.readOnly && isLost(lease, error)) throw new DatabaseError(UNKNOWN_END, { statement })
      throw databaseError(error, statement)
    }
  }

  async #statement({ client }: Lease, { text, parameters }: QueryStatement, isShown: boolean): Promise<QueryAnswer | undefined> {
    const { rules, signal, embedded } = this.#world
    const { runId, cellId } = this.#request
    const running = new Running(client, { text, values: parameters.map(textOf) }, rules)
    const fetch = new Fetch(running, signal)
    let answer: QueryAnswer | undefined
    try {
      await fetch.begin()
      if (isShown && fetch.fields.length > 0) answer = await land(fetch, { engine: embedded, runId, cellId, signal })
      else while (await fetch.next());
    } catch (error) {
      if (!fetch.failure && !signal.aborted) await running.close()
      // What the embedded engine does not like is about texts that nobody has written.
      if (!fetch.failure && error instanceof DatabaseError)
        throw new DatabaseError(error.message, { statement: -1, ...codeOf(error) })
      throw fetch.failure ?? error
    }
    if (CHANGES.has(running.command)) this.#changed = (this.#changed ?? 0) + running.changed
    return answer
  }
}

const codeOf = ({ code }: DatabaseError) => (code === undefined ? {} : { code })

/** Waits for its turn no longer than the run does. */
async function leased(pool: PostgresPool, signal: AbortSignal): Promise<Lease> {
  const coming = pool.lease()
  const stopped = new Promise<'stopped'>((resolve) => signal.addEventListener('abort', () => resolve('stopped'), { once: true }))
  const first = signal.aborted ? 'stopped' : await Promise.race([coming, stopped])
  if (first !== 'stopped') return first
  // It comes all the same; nobody has used it.
  coming.then(
    (lease) => lease.release('clean'),
    () => undefined,
  )
  signal.throwIfAborted()
  throw new ConnectionError({ message: 'The run was stopped.', lost: false })
}

function isLost({ client }: Lease, error: unknown): boolean {
  return client.broken !== undefined || explain(error).lost
}

async function rollback({ client }: Lease): Promise<'clean' | 'broken'> {
  try {
    await client.query('rollback')
    return 'clean'
  } catch {
    return 'broken'
  }
}
