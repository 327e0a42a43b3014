import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeLarge, NOISE, overwrite, PAGE, pagesOf } from '../support/damage.ts'
import { failedStart, ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { TestServer } from '../support/testServer.ts'

/** Files that are damaged for real, and a server that is to work with them. */

const WHAT_TO_DO = 'Restore a backup with: pnpm db:restore <file>'
const BUSY = { timeout: 60_000, interval: 50 }

let sound: ReturnType<typeof temporaryFolder>
let folder: ReturnType<typeof temporaryFolder>
let path: string

/** A folder that a server has worked in, with nothing in its log. */
beforeAll(async () => {
  sound = temporaryFolder()
  const server = await TestServer.start({}, { dataDir: sound.path })
  const client = server.http((await server.guest()).token)
  for (let n = 0; n < 20; n += 1) await client.createNotebook.mutate({ from: 'demo', title: `Notebook ${n}` })
  await server.stop()
  const sqlite = new Sqlite(join(sound.path, 'rivulet.db'))
  sqlite.exec('vacuum')
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  sqlite.close()
})
afterAll(() => sound.remove())
beforeEach(() => {
  folder = temporaryFolder()
  path = join(folder.path, 'rivulet.db')
  for (const name of ['rivulet.db', 'secret']) copyFileSync(join(sound.path, name), join(folder.path, name))
})
afterEach(() => folder.remove())

/** Where the tree of a table or an index begins. */
function rootOf(name: string): number {
  const sqlite = new Sqlite(join(sound.path, 'rivulet.db'), { readonly: true })
  const page = sqlite.prepare<[string], number>('select rootpage from sqlite_master where name = ?').pluck().get(name)
  sqlite.close()
  if (page === undefined) throw new Error(`there is no ${name}`)
  return (page - 1) * PAGE
}

function anIndex(): string {
  const sqlite = new Sqlite(join(sound.path, 'rivulet.db'), { readonly: true })
  const found = sqlite
    .prepare<[], string>("select name from sqlite_master where type = 'index' and tbl_name = 'cells'")
    .pluck()
    .get()
  sqlite.close()
  return found ?? ''
}

describe('[D8] a damaged database is not served from, and stays as it is', () => {
  const damages: Record<string, () => void> = {
    'its first bytes': () => overwrite(path, 0, NOISE.subarray(0, 100)),
    'its schema': () => overwrite(path, 100, NOISE.subarray(100)),
    'the page in its middle': () => overwrite(path, Math.floor(pagesOf(path) / 2) * PAGE, NOISE),
    'its last page': () => overwrite(path, (pagesOf(path) - 1) * PAGE, NOISE),
    'the root of the cells': () => overwrite(path, rootOf('cells'), NOISE),
    'the root of an index': () => overwrite(path, rootOf(anIndex()), NOISE),
    'cut in half': () => truncateSync(path, Math.floor(pagesOf(path) / 2) * PAGE),
    'cut within a page': () => truncateSync(path, statSync(path).size - 1_000),
    emptied: () => truncateSync(path, 0),
  }
  for (const [what, damage] of Object.entries(damages))
    test(what, async () => {
      damage()
      const before = readFileSync(path)
      const started = TestServer.start({ LOG_LEVEL: 'silent' }, { dataDir: folder.path })
      await expect(started).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining(WHAT_TO_DO) })
      expect(readFileSync(path).equals(before)).toBe(true)
    })

  test('the program says so, and what to do, and ends', async () => {
    overwrite(path, rootOf('cells'), NOISE)
    const { code, stderr, stdout } = await failedStart({ DATA_DIR: folder.path })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(`The file ${path} is not a database, or is damaged`)
    expect(stderr).toContain(WHAT_TO_DO)
  })
})

test('[D8] of a large file damage is seen while the server runs: it ends, and the next one refuses at once until the file is sound', async () => {
  const root = makeLarge(path)
  const whole = readFileSync(path).subarray(root, root + PAGE)
  overwrite(path, root, NOISE)
  const server = await ServerProcess.start({ DATA_DIR: folder.path, LOG_LEVEL: 'silent' })
  expect(await server.gone).toBe(1)
  expect(server.output.stderr).toContain(`Rivulet stops. The file ${path} is not a database, or is damaged`)
  expect(server.output.stderr).toContain(WHAT_TO_DO)
  expect(existsSync(`${path}.damaged`)).toBe(true)
  await expect(TestServer.start({}, { dataDir: folder.path })).rejects.toMatchObject({ kind: 'corrupt' })
  overwrite(path, root, whole)
  const again = await TestServer.start({}, { dataDir: folder.path })
  expect(existsSync(`${path}.damaged`)).toBe(false)
  await again.stop()
})

test('[D8] damage that is met by a call, or by the look that is taken now and then, ends the service', async () => {
  const server = await TestServer.start({ LOG_LEVEL: 'silent' }, { dataDir: folder.path, checkEveryMs: 100 })
  const ready = async () => (await fetch(`${server.url}/readyz`)).json()
  expect(await ready()).toEqual({ status: 'ready' })
  const writer = new Sqlite(path)
  writer.pragma('wal_checkpoint(TRUNCATE)')
  writer.close()
  overwrite(path, rootOf('journal'), NOISE)
  await expect.poll(ready, BUSY).toEqual({ status: 'database damaged' })
  const { token } = await server.guest().catch(() => ({ token: '' }))
  await expect(server.http(token).createNotebook.mutate({})).rejects.toThrow()
  await server.stop().catch((error: unknown) => expect(error).toMatchObject({ code: expect.stringMatching(/^SQLITE_CORRUPT/) }))
})

test('[D8] a damaged log gives what was committed before its damage, whole, and the server starts', async () => {
  const first = await ServerProcess.start({ DATA_DIR: folder.path })
  const { token } = await first.guest()
  const client = first.http(token)
  for (let n = 0; n < 20; n += 1) await client.createNotebook.mutate({ title: `Logged ${n}` })
  await first.closeSockets()
  await first.kill('SIGKILL')
  const log = `${path}-wal`
  const { size } = statSync(log)
  expect(size).toBeGreaterThan(20 * PAGE)
  overwrite(log, Math.floor(size / 2), NOISE)
  const second = await TestServer.start({}, { dataDir: folder.path })
  await second.stop()
  const sqlite = new Sqlite(path)
  expect(sqlite.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
  const titles = sqlite.prepare("select title from notebooks where title like 'Logged %' order by created_at").pluck().all()
  expect(titles).toEqual(Array.from({ length: titles.length }, (_, n) => `Logged ${n}`))
  expect(titles.length).toBeLessThan(20)
  sqlite.close()
  // A log that is nothing at all is none.
  writeFileSync(log, NOISE)
  const third = await TestServer.start({}, { dataDir: folder.path })
  await third.stop()
})
