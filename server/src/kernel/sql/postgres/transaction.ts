import type { FieldDef } from 'pg'
import Cursor from 'pg-cursor'
import { type GuardedClient, RAW } from './client.ts'
import { ConnectionError } from './errors.ts'

export interface Rules {
  readOnly: boolean
  /** How long one statement, or one batch of its rows, may take; 0: as long as it likes. */
  statementMs: number
}

export interface Rights {
  version: string
  /** Who is connected can do what no read-only transaction prevents. */
  powerful: boolean
}

/** Members of these, like superusers, can start programs and write files of the server, read-only or not. */
const POWERFUL = "'pg_execute_server_program', 'pg_write_server_files'"
/** How the values are written on which the reading of them relies, and the time zone of the embedded engine. */
const SETTINGS = {
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
}

/**
 * Begins one. What it asks is a query by itself: after one PostgreSQL lets nobody make a read-only transaction another one,
 * whatever the statements that follow contain.
 */
export async function begin(client: GuardedClient, { readOnly, statementMs }: Rules): Promise<Rights> {
  const settings = Object.entries({ ...SETTINGS, statement_timeout: String(statementMs) })
  const set = settings.map(([name, value]) => `set_config('${name}', '${value}', true)`).join(', ')
  const powerful = `select rolsuper or exists (
    select from pg_catalog.pg_roles power
    where power.rolname in (${POWERFUL}) and pg_catalog.pg_has_role(session_user, power.oid, 'member')
  ) from pg_catalog.pg_roles own where own.rolname = session_user`
  await client.query(`begin ${readOnly ? 'read only' : 'read write'}`)
  const { rows } = await client.query<(string | null)[]>({
    text: `select current_setting('server_version'), (${powerful}), ${set.replaceAll('set_config', 'pg_catalog.set_config')}`,
    rowMode: 'array',
    types: RAW,
  })
  const [version, power] = rows[0] ?? []
  return { version: version?.split(' ')[0] ?? '', powerful: power === 't' }
}

export function refusePower({ powerful }: Rights, { readOnly }: Rules): void {
  if (powerful && readOnly)
    throw new ConnectionError({
      message:
        'This connection only reads, which PostgreSQL does not enforce for its user: it is a superuser, or may run programs and write files of the server. Connect as another user, or let the connection change data.',
      lost: false,
    })
}

/** Beyond what the server itself allows a statement, before it counts as gone. */
const GRACE_MS = 15_000

/** SQLSTATE of a statement that was ended from outside: by its time, or by somebody. */
const STOPPED = '57014'

class TookTooLong extends Error {
  readonly code = STOPPED

  constructor(ms: number) {
    super(`The statement took longer than the ${ms / 1_000} s that this server gives it (SQL_STATEMENT_SECONDS).`)
  }
}

export type Row = (string | null)[]

/** A statement under way. Its values are parameters always: text with several statements in it is refused by PostgreSQL. */
export class Running {
  readonly #client: GuardedClient
  readonly #cursor: StubbornCursor
  readonly #statementMs: number
  /** Of the columns; without columns it gives no rows. Known after the first `read`. */
  fields: FieldDef[] = []
  /** Known at the end. */
  changed = 0
  command = ''

  constructor(client: GuardedClient, { text, values }: { text: string; values: (string | null)[] }, { statementMs }: Rules) {
    this.#client = client
    this.#statementMs = statementMs
    this.#cursor = client.query(new StubbornCursor(text, values, { rowMode: 'array', types: RAW }))
  }

  /** At most so many rows; none at the end. */
  read(count: number): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      const since = performance.now()
      const late = () => this.#client.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))
      const timer = this.#statementMs === 0 ? undefined : setTimeout(late, this.#statementMs + GRACE_MS)
      this.#cursor.read(count, (error, rows, result) => {
        clearTimeout(timer)
        if (error) return reject(this.#reason(error, performance.now() - since))
        if (result) {
          this.fields = result.fields
          this.changed = result.rowCount ?? 0
          this.command = result.command
        }
        resolve(rows)
      })
    })
  }

  #reason(error: Error, ms: number): Error {
    const isStopped = 'code' in error && error.code === STOPPED
    if (isStopped && this.#statementMs > 0 && ms >= this.#statementMs) return new TookTooLong(this.#statementMs)
    return this.#client.broken ?? error
  }

  /** Rows that are left are not made. */
  async close(): Promise<void> {
    await this.#cursor.close()
  }
}

/** A server that wants data of us, or sends what nobody asked for, is told no. */
class StubbornCursor extends Cursor<Row> {
  handleCopyInResponse(connection: { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail('COPY is not possible here')
  }

  handleCopyData(): void {
    throw new Error('COPY is not possible here')
  }
}
