import type { LookupFunction } from 'node:net'
import type { Address } from '../../../connections/address.ts'
import { ConnectionError, explain } from './errors.ts'
import { type Lease, PostgresPool } from './pool.ts'
import { begin, type Rights, type Rules } from './transaction.ts'

/** What became of trying to connect. */
export type Trial =
  | {
      ok: true
      /** As `18.4`. */
      version: string
      encrypted: boolean
      /** Whether it is known that the server is the one that was meant. */
      verified: boolean
      /** What was asked for; and whether PostgreSQL enforces it for this user. */
      readOnly: boolean
      readOnlyHolds: boolean
      superuser: boolean
      /** Sentences for the user; cells cannot use a connection that only reads while its user is a superuser. */
      warnings: string[]
    }
  | { ok: false; message: string; code?: string }

/** Connects once, looks around, and leaves. */
export async function tryOut(to: { address: Address; lookup: LookupFunction }, rules: Rules): Promise<Trial> {
  const pool = new PostgresPool({ ...to, max: 1 })
  let lease: Lease | undefined
  try {
    lease = await pool.lease()
    const rights = await begin(lease.client, rules)
    return report(to.address, rights, rules, lease.client.target.secure)
  } catch (error) {
    const { message, code } = error instanceof ConnectionError ? error : explain(lease?.client.broken ?? error)
    return { ok: false, message, ...(code !== undefined && { code }) }
  } finally {
    lease?.release('broken')
    await pool.end()
  }
}

function report({ sslMode, host }: Address, { version, powerful }: Rights, { readOnly }: Rules, encrypted: boolean): Trial {
  const verified = encrypted && sslMode === 'verify-full'
  const warnings = [
    ...(powerful && readOnly ? [REFUSED] : []),
    ...(powerful && !readOnly ? [POWERFUL] : []),
    ...(encrypted || isThisMachine(host) ? [] : [PLAIN]),
  ]
  return { ok: true, version, encrypted, verified, readOnly, readOnlyHolds: readOnly && !powerful, superuser: powerful, warnings }
}

const REFUSED =
  'Its user is a superuser, or may run programs and write files of the server, which no read-only transaction prevents: cells are refused. Connect as another user, or let the connection change data.'
const POWERFUL =
  'Its user is a superuser, or may run programs and write files of the server: so may every cell that uses this connection.'
const PLAIN =
  'The connection is not encrypted: others on the way can read the password and the data. Use sslmode=require or verify-full.'

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || host === '::1'
}
