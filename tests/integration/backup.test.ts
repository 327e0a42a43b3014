import { chownSync, copyFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backUp, damageOf } from '@rivulet/db/backup'
import { openDatabase } from '@rivulet/db/client'
import { lockFolder } from '@rivulet/db/lock'
import { restore } from '@rivulet/db/restore'
import Sqlite from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { upload } from '../support/files.ts'
import { command, failedStart, NOBODY, ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { codeOf, Follower } from '../support/testServer.ts'
import { countIn, Writers } from '../support/writers.ts'

/** `pnpm db:backup` and `pnpm db:restore`, as an operator uses them: on the folder of a real server that people write to. */

const folders: ReturnType<typeof temporaryFolder>[] = []
const folder = () => {
  const made = temporaryFolder()
  folders.push(made)
  return made.path
}
afterAll(() => {
  for (const made of folders) made.remove()
})

const RATE = { RATE_LIMIT_PER_MINUTE: '1000000' }
const read = (path: string) => new Sqlite(path, { readonly: true })
const countsIn = (sources: (string | undefined)[]) => sources.map(countIn)

/** What the copy says of the notebook, in every table that says it. */
function contents(path: string, notebookId: string) {
  const sqlite = read(path)
  const one = (sql: string) => sqlite.prepare(sql).pluck().get(notebookId)
  const sources = sqlite
    .prepare<[string], { id: string; source: string }>('select id, source from cells where notebook_id = ?')
    .all(notebookId)
  const found = {
    damage: damageOf(sqlite),
    rev: one('select rev from notebooks where id = ?'),
    lastEntry: one('select max(rev) from journal where notebook_id = ?'),
    sources: new Map(sources.map(({ id, source }) => [id, source])),
  }
  sqlite.close()
  return found
}

describe('[D3] [D4] a backup of a server under writes, and going back to it', () => {
  test('every write that was acknowledged before it is in it; after it clients begin with a snapshot, and nothing is merged with what is gone', async () => {
    const [dataDir, target] = [folder(), join(folder(), 'deep', 'backup.db')]
    const first = await ServerProcess.start({ DATA_DIR: dataDir, ...RATE })
    const { token, cookie } = await first.guest()
    const client = first.http(token)
    const { id } = await client.createNotebook.mutate({ title: 'Kept' })
    const writers = await Writers.start(client, id, 3)
    await writers.typed(5)
    const before = writers.counts()
    const made = await command('backup-cli.ts', [dataDir, target])
    expect(made).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(target) })
    await writers.typed(5)
    const after = writers.counts()

    const copy = contents(target, id)
    expect(copy.damage).toBeUndefined()
    expect(copy.lastEntry).toBe(copy.rev)
    const copied = countsIn(writers.all.map(({ cellId }) => copy.sources.get(cellId)))
    for (const [index, count] of copied.entries()) {
      expect(count).toBeGreaterThanOrEqual(before[index] ?? Number.NaN)
      expect(count).toBeLessThanOrEqual(after[index] ?? Number.NaN)
    }
    expect(statSync(target).mode & 0o077).toBe(0)

    // A second one under the same name, and a restore under a running server, change nothing.
    const bytes = readFileSync(target)
    expect(await command('backup-cli.ts', [dataDir, target])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is there already'),
    })
    expect(readFileSync(target).equals(bytes)).toBe(true)
    expect(await command('restore-cli.ts', [dataDir, target])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is in use: a server runs on it'),
    })
    await writers.typed(1)
    await writers.stop()

    const follower = new Follower(first.ws(token).client, id)
    const lost = await follower.snapshot()
    const position = follower.position ?? ''
    const stale = writers.all[0] ?? { cellId: '', version: 0, acknowledged: 0 }
    follower.stop()
    await first.closeSockets()
    expect(await first.kill('SIGTERM')).toBe(0)
    const restored = await command('restore-cli.ts', [dataDir, target])
    expect(restored).toMatchObject({ code: 0, stderr: '' })

    const second = await ServerProcess.start({ DATA_DIR: dataDir, ...RATE })
    const fresh = await second.token(cookie)
    const again = new Follower(second.ws(fresh).client, id, position)
    const shown = await again.snapshot()
    expect(countsIn(writers.all.map(({ cellId }) => shown.cells.find((cell) => cell.id === cellId)?.source))).toEqual(copied)
    expect(again.position?.split(':')[0]).not.toBe(position.split(':')[0])
    // A version of the time that is gone is no version of now, whatever its number.
    const { cellId, version } = stale
    const edit = { notebookId: id, cellId, baseVersion: version, source: 'of a time that is gone' }
    expect(await codeOf(second.http(fresh).editCell.mutate(edit))).toBe('CONFLICT')
    const { rev } = await second.http(fresh).renameNotebook.mutate({ id, title: 'Goes on' })
    await again.reached(rev)
    expect(again.state()).toEqual(await second.http(fresh).getNotebook.query({ id }))
    again.stop()
    await second.closeSockets()
    expect(await second.kill('SIGTERM')).toBe(0)

    // What was replaced is beside it, whole.
    const kept = readdirSync(dataDir).find((name) => /^rivulet\.db\.replaced-[\dTZ-]+$/.test(name)) ?? ''
    const replaced = contents(join(dataDir, kept), id)
    expect(restored.stdout).toContain(kept)
    expect(replaced).toMatchObject({ damage: undefined, rev: lost.rev })
    expect(countsIn(writers.all.map(({ cellId: of }) => replaced.sources.get(of)))).toEqual(writers.counts())
  }, 180_000)
})

describe('what belongs to a backup', () => {
  test('the keys come along, so that an empty folder is enough; without them when asked', async () => {
    const [dataDir, elsewhere] = [folder(), folder()]
    openDatabase(join(dataDir, 'rivulet.db')).close()
    writeFileSync(join(dataDir, 'secret'), 'a secret\n')
    writeFileSync(join(dataDir, 'secret.key'), 'a key\n')
    writeFileSync(join(elsewhere, 'secret'), 'another secret\n')
    const [full, bare] = [join(dataDir, 'full.db'), join(dataDir, 'bare.db')]
    backUp({ dataDir, target: full, keys: true })
    expect(await command('backup-cli.ts', [dataDir, bare, '--without-keys'])).toMatchObject({ code: 0 })
    expect(readFileSync(bare).includes('a secret')).toBe(false)
    expect(restore(elsewhere, full).keys).toEqual(['secret', 'secret.key'])
    expect(readFileSync(join(elsewhere, 'secret'), 'utf8')).toBe('a secret\n')
    expect(readFileSync(join(elsewhere, 'secret.key'), 'utf8')).toBe('a key\n')
    expect(statSync(join(elsewhere, 'secret')).mode & 0o077).toBe(0)
    // The key that was there is not lost, and the database has no copy of the new one.
    const other = readdirSync(elsewhere).find((name) => name.startsWith('secret.replaced-')) ?? ''
    expect(readFileSync(join(elsewhere, other), 'utf8')).toBe('another secret\n')
    expect(readFileSync(join(elsewhere, 'rivulet.db')).includes('a secret')).toBe(false)
    expect(await command('restore-cli.ts', [folder(), bare])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('held no keys'),
    })
  }, 120_000)
})

describe('a file that cannot be restored is refused, and nothing is changed', () => {
  const cases: [string, RegExp, (path: string) => void][] = [
    ['that is missing', /There is no file/, () => undefined],
    ['that is something else', /is not a database/, (path) => writeFileSync(path, 'My notes. '.repeat(1_000))],
    ['that is another database', /is not a database of Rivulet/, (path) => new Sqlite(path).exec('create table t (a)').close()],
    [
      'that was cut short',
      /damaged/,
      (path) => {
        openDatabase(path).close()
        truncateSync(path, statSync(path).size - 8_192)
      },
    ],
    [
      'of a newer version',
      /newer version of Rivulet/,
      (path) => {
        const { sqlite, close } = openDatabase(path)
        sqlite.exec("insert into __drizzle_migrations (hash, created_at) values ('later', 9999999999999)")
        close()
      },
    ],
  ]
  test.each(cases)('%s', (_name, why, make) => {
    const [dataDir, file] = [folder(), join(folder(), 'backup.db')]
    openDatabase(join(dataDir, 'rivulet.db')).close()
    const before = readFileSync(join(dataDir, 'rivulet.db'))
    make(file)
    expect(() => restore(dataDir, file)).toThrow(why)
    expect(readFileSync(join(dataDir, 'rivulet.db')).equals(before)).toBe(true)
    expect(readdirSync(dataDir).sort()).toEqual(['rivulet.db', 'rivulet.lock'])
  })
})

test('[D3] [F4] files come along: an empty folder is enough, and what only the data before had stays beside it', async () => {
  const [dataDir, empty, target] = [folder(), folder(), join(folder(), 'backup.db')]
  const server = await ServerProcess.start({ DATA_DIR: dataDir })
  const { token } = await server.guest()
  const client = server.http(token)
  const { id } = await client.createNotebook.mutate({})
  const send = (name: string, body: string) => upload({ url: server.url, token, notebookId: id, name }, body)
  const body = `n\n${'12345678\n'.repeat(1_000_000)}`
  const { file: kept } = await send('kept.csv', body)
  expect((await command('backup-cli.ts', [dataDir, target])).code).toBe(0)
  const small = join(folder(), 'small.db')
  expect((await command('backup-cli.ts', [dataDir, small, '--without-files'])).code).toBe(0)
  expect([statSync(target).size > body.length, statSync(small).size < body.length]).toEqual([true, true])
  const { file: later } = await send('later.csv', 'n\n1\n')
  expect(readdirSync(dataDir).filter((name) => name.startsWith('files'))).toEqual(['files'])
  await server.kill('SIGTERM')
  for (const each of [dataDir, empty]) {
    expect((await command('restore-cli.ts', [each, target])).code).toBe(0)
    expect(statSync(join(each, 'rivulet.db')).size).toBeLessThan(body.length)
    expect(readFileSync(join(each, 'files', kept?.id ?? ''), 'utf8') === body).toBe(true)
  }
  const aside = readdirSync(dataDir).find((name) => name.startsWith('files.replaced-')) ?? ''
  expect(readdirSync(join(dataDir, aside))).toEqual([later?.id])
  const again = await ServerProcess.start({ DATA_DIR: empty })
  const files = await again.http(token).listFiles.query({ notebookId: id })
  expect(files.files.map(({ table }) => table)).toEqual(['kept'])
  await again.kill('SIGTERM')
}, 120_000)

test('[D3] what is restored belongs to whom the folder belongs to, whoever restores it; the lock, too, also when the file is refused', async () => {
  const [dataDir, served, target] = [folder(), folder(), join(folder(), 'backup.db')]
  const server = await ServerProcess.start({ DATA_DIR: dataDir })
  const { token } = await server.guest()
  const { id } = await server.http(token).createNotebook.mutate({})
  await upload({ url: server.url, token, notebookId: id, name: 'kept.csv' }, 'n\n1\n')
  await server.closeSockets()
  await server.kill('SIGTERM')
  expect((await command('backup-cli.ts', [dataDir, target])).code).toBe(0)
  // Root restores for a server of another user; anybody else for their own.
  const owner = process.getuid?.() === 0 ? NOBODY : statSync(served).uid
  chownSync(served, owner, statSync(served).gid)
  const owners = () => readdirSync(served, { recursive: true }).map((name) => statSync(join(served, String(name))).uid)
  expect((await command('restore-cli.ts', [served, join(served, 'missing.db')])).code).toBe(1)
  expect(owners()).toEqual([owner])
  expect((await command('restore-cli.ts', [served, target])).code).toBe(0)
  expect(readdirSync(served).sort()).toEqual(['files', 'rivulet.db', 'rivulet.lock', 'secret'])
  expect(new Set(owners())).toEqual(new Set([owner]))
}, 60_000)

test('a damaged database is not backed up as if it were whole; it is replaced by a restore, and kept', async () => {
  const [dataDir, target] = [folder(), join(folder(), 'backup.db')]
  const path = join(dataDir, 'rivulet.db')
  openDatabase(path).close()
  const whole = join(dataDir, 'whole.db')
  copyFileSync(path, whole)
  truncateSync(path, statSync(path).size - 8_192)
  const { code, stderr } = await command('backup-cli.ts', [dataDir, target])
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^The (backup was not made|database is damaged)/)])
  expect(stderr).not.toContain('    at ')
  expect(existsSync(target) || existsSync(`${target}.partial`)).toBe(false)
  const damaged = readFileSync(path)
  const { replaced = '' } = restore(dataDir, whole)
  expect(readFileSync(replaced).equals(damaged)).toBe(true)
  openDatabase(path).close()
}, 60_000)

test('[D2] a second server on the same folder is refused; the folder of one that was killed is free', async () => {
  const dataDir = folder()
  const first = await ServerProcess.start({ DATA_DIR: dataDir })
  const { code, stderr } = await failedStart({ DATA_DIR: dataDir })
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^Rivulet cannot start\. The data folder .* is in use/)])
  expect(await first.kill('SIGKILL')).toBe('SIGKILL')
  lockFolder(dataDir).release()
}, 120_000)
