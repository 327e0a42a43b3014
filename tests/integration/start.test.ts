import { chmodSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { backUp } from '@rivulet/db/backup'
import { openDatabase } from '@rivulet/db/client'
import { restore } from '@rivulet/db/restore'
import { expect, test } from 'vitest'
import { migrationsUpTo } from '../support/migrations.ts'
import { failedStart, temporaryFolder } from '../support/serverProcess.ts'
import { TestServer } from '../support/testServer.ts'

/** Standard error says why, in words; there is no stack, nothing on standard output, and the code is 1. */
async function refusal(env: Record<string, string>, options: Parameters<typeof failedStart>[1] = {}): Promise<string> {
  const { code, stdout, stderr } = await failedStart(env, options)
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^Rivulet cannot start\. /)
  expect(stderr).not.toContain('    at ')
  return stderr
}

test('a port that is in use', async () => {
  const [busy, data] = [await TestServer.start(), temporaryFolder()]
  expect(await refusal({ DATA_DIR: data.path, PORT: new URL(busy.url).port })).toContain('The port is in use; set PORT')
  await busy.close()
  data.remove()
}, 60_000)

test('values of the environment that mean nothing: each is named', async () => {
  const text = await refusal({ PORT: 'eighty', RATE_LIMIT_PER_MINUTE: '0', TRUSTED_ISSUERS: '[{"issuer":"x"}]' })
  for (const named of [/^PORT: /m, /^RATE_LIMIT_PER_MINUTE: /m, /^TRUSTED_ISSUERS: .*jwksUrl/ms]) expect(text).toMatch(named)
}, 60_000)

test.each([
  ['that may be read only', 0o444, 0o555, 'is read-only'],
  ['of another user', 0o000, 0o777, 'cannot be opened'],
])(
  'a database %s',
  async (_, file, folder, told) => {
    const data = temporaryFolder()
    const path = join(data.path, 'rivulet.db')
    openDatabase(path).close()
    chmodSync(path, file)
    chmodSync(data.path, folder)
    expect(await refusal({ DATA_DIR: data.path }, { as: 'nobody' })).toContain(`The database ${path} ${told}`)
    chmodSync(data.path, 0o755)
    data.remove()
  },
  60_000,
)

test('a data folder that the server makes is nobody else’s to look into', async () => {
  const parent = temporaryFolder()
  const dataDir = join(parent.path, 'deep', 'data')
  const server = await TestServer.start({}, { dataDir })
  expect(statSync(dataDir).mode & 0o077).toBe(0)
  await server.stop()
  parent.remove()
})

test('what it writes into a folder that the operator made is nobody else’s to read either; nor are copies of it', async () => {
  const data = temporaryFolder()
  chmodSync(data.path, 0o755)
  const path = join(data.path, 'rivulet.db')
  // Of an earlier version, so that there is a copy of before the upgrade.
  openDatabase(path, { migrationsFolder: migrationsUpTo(1, data.path) }).close()
  const server = await TestServer.start({}, { dataDir: data.path })
  await server.guest()
  const target = join(data.path, 'backups', 'today.db')
  backUp({ dataDir: data.path, target, keys: true })
  const databases = () => readdirSync(data.path).filter((name) => name.startsWith('rivulet.db'))
  const openToOthers = () => databases().filter((name) => statSync(join(data.path, name)).mode & 0o077)
  expect(databases()).toEqual(expect.arrayContaining(['rivulet.db', 'rivulet.db-shm', 'rivulet.db-wal']))
  expect(databases().some((name) => name.includes('.backup-'))).toBe(true)
  expect(openToOthers()).toEqual([])
  expect(statSync(target).mode & 0o077).toBe(0)
  await server.stop()
  chmodSync(target, 0o644)
  restore(data.path, target)
  expect(databases().some((name) => name.includes('.replaced-'))).toBe(true)
  expect(openToOthers()).toEqual([])
  data.remove()
})
