import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { parseAddress } from '@rivulet/server/src/connections/address.ts'
import { lookupFor } from '@rivulet/server/src/connections/hosts.ts'
import { tryOut } from '@rivulet/server/src/kernel/sql/postgres/trial.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { READER, TestPostgres } from '../support/postgres.ts'
import { TestEngine } from '../support/postgresEngine.ts'
import { own } from '../support/postgresProcess.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** Of nobody but these tests: it stands for `localhost`. */
const PAIR = join(ROOT, 'tests/support/tls')
const CERTIFICATE = join(PAIR, 'certificate.pem')

let server: TestPostgres
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-tls-'))
  for (const name of ['certificate.pem', 'key.pem']) copyFileSync(join(PAIR, name), join(folder, name))
  chmodSync(join(folder, 'key.pem'), 0o600)
  own(folder)
  const flags = ['ssl=on', `ssl_cert_file=${join(folder, 'certificate.pem')}`, `ssl_key_file=${join(folder, 'key.pem')}`]
  server = await TestPostgres.start(flags.flatMap((flag) => ['-c', flag]))
}, 60_000)
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const url = (mode: string, host = 'localhost') => server.url(READER, `shop?sslmode=${mode}`).replace('127.0.0.1', host)
const tried = (mode: string) =>
  tryOut({ address: parseAddress(url(mode)), lookup: lookupFor('any') }, { readOnly: true, statementMs: 10_000 })

/** By somebody who trusts the certificate. */
async function triedTrusting(mode: string, host?: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'tests/support/tryOut.ts', url(mode, host)],
    {
      cwd: ROOT,
      env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: CERTIFICATE },
    },
  )
  return JSON.parse(stdout)
}

test.each([
  ['disable', { ok: true, encrypted: false, verified: false }],
  ['prefer', { ok: true, encrypted: true, verified: false }],
  ['require', { ok: true, encrypted: true, verified: false }],
  ['verify-ca', { ok: false, message: expect.stringContaining('certificate') }],
  ['verify-full', { ok: false, message: expect.stringContaining('certificate') }],
])('sslmode=%s with a certificate that nobody vouches for', async (mode, trial) => {
  expect(await tried(mode)).toMatchObject(trial)
})

test('sslmode=verify-full with one that is trusted, for its host only; verify-ca for any', async () => {
  expect(await triedTrusting('verify-full')).toMatchObject({ ok: true, encrypted: true, verified: true, readOnlyHolds: true })
  expect(await triedTrusting('verify-full', '127.0.0.1')).toMatchObject({
    ok: false,
    message: expect.stringContaining('certificate'),
  })
  expect(await triedTrusting('verify-ca', '127.0.0.1')).toMatchObject({ ok: true, encrypted: true, verified: false })
})

test('rows come and runs are stopped over TLS', async () => {
  const db = new TestEngine(url('require'))
  try {
    expect(await db.rows('select ssl from pg_stat_ssl where pid = pg_backend_pid()')).toEqual([[true]])
    expect(await db.result('select n from generate_series(1, 10000) n')).toMatchObject({ total: 10_000 })
    const run = expect(db.run('select pg_sleep(600)', { runId: 'sleeps' })).rejects.toMatchObject({ name: 'RunCancelled' })
    await server.until(`select 1 from pg_stat_activity where state = 'active' and query like 'select pg_sleep%'`)
    await db.engine.cancel('sleeps')
    await run
    await server.until(
      `select 1 where not exists (select 1 from pg_stat_activity where state = 'active' and query like 'select pg_sleep%')`,
    )
  } finally {
    await db.close()
  }
})
