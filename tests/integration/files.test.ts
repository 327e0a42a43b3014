import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beginUpload, storedIn, type ToUpload, upload } from '../support/files.ts'
import { errorOf, Page, sql, tableOf, ts, usePages } from '../support/page.ts'
import { useSignedIn } from '../support/signedIn.ts'
import { codeOf, Follower, TestServer } from '../support/testServer.ts'
import { until } from '../support/until.ts'
import { workbook } from '../support/workbook.ts'

const shared = useSignedIn()
const pages = usePages(shared)

const to = (page: { id: string }, name: string, more: Partial<ToUpload> = {}): ToUpload => ({
  ...{ url: shared.server.url, token: shared.token, notebookId: page.id, name },
  ...more,
})
const send = (page: { id: string }, name: string, body: string | Uint8Array, more: Partial<ToUpload> = {}) =>
  upload(to(page, name, more), body)
const filesOf = async (page: { id: string }) => (await shared.client.listFiles.query({ notebookId: page.id })).files

/** What an upload or a removal led to has ended. */
async function settled(page: Page, { rev = 0 }: { rev?: number | undefined }) {
  await page.follower.reached(rev)
  await page.follower.until(() => page.follower.state().cells.every(({ status }) => status === 'idle'))
  return page.cells()
}

describe('reading', () => {
  test('[F1] [X4] each format is a table by its name, which SQL reads and TypeScript gets', async () => {
    const page = await pages.of(
      ts('const unused = 1'),
      sql('select * from a union all by name from b union all by name from c union all by name from d order by n', 'r'),
      ts('r.map((row) => row.n * 2).join()'),
    )
    await send(page, 'a.csv', 'n,t\n1,x\n')
    await send(page, 'B.tsv', 'n\tt\n2\ty\n')
    await send(page, 'c.json', '[{"n":3,"t":"é"}]')
    await send(page, 'd.jsonl', '{"n":4,"t":"z"}\n')
    const [, rows, code] = await page.runAll()
    expect(tableOf(rows)?.rows).toEqual([
      [1, 'x'],
      [2, 'y'],
      [3, 'é'],
      [4, 'z'],
    ])
    expect(JSON.stringify(code?.outputs)).toContain('2,4,6,8')
    expect((await filesOf(page)).map(({ table, format, rows, name }) => [table, format, rows, name])).toEqual([
      ['a', 'csv', 1, 'a.csv'],
      ['b', 'tsv', 1, 'B.tsv'],
      ['c', 'json', 1, 'c.json'],
      ['d', 'ndjson', 1, 'd.jsonl'],
    ])
  })

  test('[F1] an Excel workbook is one, also to the next engine', async () => {
    const page = await pages.of(sql('select name, sum(n) as n from orders_2026 group by name order by name'))
    const rows = [['Name', 'n', 'at'], ...[1, 2, 3].map((n) => [n === 2 ? 'b' : 'a', n, new Date('2026-01-02')])]
    const sent = await send(page, 'Orders 2026.xlsx', workbook(rows))
    expect(sent).toMatchObject({ file: { table: 'orders_2026', format: 'xlsx', rows: 3 } })
    const both = [
      ['a', 4],
      ['b', 2],
    ]
    expect(tableOf((await page.runAll())[0])?.rows).toEqual(both)
    await shared.client.restartKernel.mutate({ notebookId: page.id })
    expect(tableOf((await page.runAll())[0])?.rows).toEqual(both)
  })

  test('it is listed with its columns, before any engine has been started', async () => {
    const page = await pages.of()
    const { file } = await send(page, 'Größen 2024.csv', 'id,size\n1,2.5\n')
    const columns = [
      { name: 'id', type: 'INTEGER', nullable: true },
      { name: 'size', type: 'DOUBLE', nullable: true },
    ]
    expect(await shared.client.getSchema.query({ notebookId: page.id })).toEqual([
      { schema: 'main', name: 'größen_2024', kind: 'table', rows: 1, columns, fileId: file?.id },
    ])
  })

  test('[F2] [C5] everybody who has the notebook open sees it come, be replaced and go; readers follow', async () => {
    const page = await pages.of(sql('select sum(n) as s from cars', 'r'), ts('r[0].s'))
    const first = await send(page, 'cars.csv', 'n\n1\n2\n')
    expect(tableOf((await settled(page, first))[0])?.rows).toEqual([[3]])
    expect((await page.cells())[0]?.cause).toEqual({ kind: 'file' })
    const refused = await send(page, 'Cars.csv', 'n\n5\n')
    expect(refused).toMatchObject({ status: 409, problem: { kind: 'table-taken', table: 'cars', by: 'file' } })
    const second = await send(page, 'Cars.csv', 'n\n5\n', { replace: true })
    const { file } = second
    expect(tableOf((await settled(page, second))[0])?.rows).toEqual([[5]])
    expect(page.follower.state().files).toEqual([file])
    const removed = await shared.client.removeFile.mutate({ notebookId: page.id, fileId: file?.id ?? '' })
    const [reader] = await settled(page, removed)
    expect(errorOf(reader)?.kind).toBe('database')
    expect(page.follower.state().files).toEqual([])
  })

  test('[F3] a value of the notebook hides a file of its name', async () => {
    const page = await pages.of(
      ts('const cars = [{ n: 100 }]'),
      sql('select sum(n) as s from Cars'),
      sql('select sum(n) as s from cars'),
    )
    await send(page, 'cars.csv', 'n\n1\n')
    const [, written, value] = await page.runAll()
    expect([tableOf(written)?.rows, tableOf(value)?.rows]).toEqual([[[1]], [[100]]])
  })

  test('[F1] a cell that makes a table of the name is told so; a file of the name of a cell’s table is refused', async () => {
    const page = await pages.of(sql('create table mine as select 1 as a'))
    expect(await send(page, 'mine.csv', 'a\n1\n')).toMatchObject({ status: 409, problem: { by: 'cell' } })
    await send(page, 'cars.csv', 'n\n1\n')
    const [cell] = await page.edit(0, 'create table cars as select 1 as a')
    expect(errorOf(cell)).toMatchObject({ kind: 'duplicate', files: ['cars.csv'] })
  })

  test('it is there after the kernel and after the notebook was opened anew', async () => {
    const page = await pages.of(sql('select sum(n) as s from cars'))
    await settled(page, await send(page, 'cars.csv', 'n\n1\n2\n'))
    await shared.client.restartKernel.mutate({ notebookId: page.id })
    expect(tableOf((await page.runAll())[0])?.rows).toEqual([[3]])
  })
})

describe('refusals', () => {
  test.each<[string, string, string | Uint8Array, number, string]>([
    ['a spreadsheet of another kind', 'a.xls', 'PK', 422, 'Save it as .xlsx or CSV'],
    ['no workbook', 'a.xlsx', 'PK', 422, 'it is no Excel workbook'],
    ['something unknown', 'a.png', 'x', 422, 'CSV, TSV, Parquet, JSON, NDJSON and Excel'],
    ['nothing', 'a.csv', '', 422, 'it is empty'],
    ['an image called CSV', 'a.csv', new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 0]), 422, 'it is no text'],
    ['Latin-1', 'a.csv', Buffer.from('name\nJosé\n', 'latin1'), 422, 'not UTF-8'],
    ['lines that do not fit', 'a.csv', 'a,b\n1,2\n3\n', 422, 'line 3 has 1 field'],
    ['half a JSON', 'a.json', '[{"a":1', 422, 'it is no JSON'],
    ['no Parquet', 'a.parquet', 'PAR1', 422, 'it is no Parquet'],
    ['too many columns', 'a.csv', `${Array.from({ length: 501 }, (_, n) => `c${n}`).join()}\n`, 422, 'has 501 columns'],
  ])('%s is refused in words, and nothing is left of it', async (_, name, body, status, words) => {
    const page = await pages.of()
    const before = storedIn(shared.server.dataDir)
    const answer = await send(page, name, body)
    expect(answer).toMatchObject({ status, problem: { kind: 'unreadable-file', message: expect.stringContaining(words) } })
    expect([await filesOf(page), storedIn(shared.server.dataDir)]).toEqual([[], before])
  })

  test.each(['../../../etc/cars.csv', '/etc/cars.csv', 'C:\\cars.csv', '..%2fcars.csv'])(
    'a name leads nowhere: %s',
    async (name) => {
      const page = await pages.of()
      const { file } = await send(page, name, 'n\n1\n')
      expect(file?.name).not.toMatch(/[/\\]/)
      expect(file?.table).toMatch(/^\w+$/)
      expect(existsSync(join(shared.server.dataDir, 'files', file?.id ?? 'x'))).toBe(true)
    },
  )

  test.each([
    ['no name', { name: '' }],
    ['a name of dots', { name: '..' }],
    ['a line in a name', { name: 'a\nb.csv' }],
  ])('%s is refused', async (_, more) => {
    const page = await pages.of()
    expect(await send(page, 'x.csv', 'n\n1\n', more)).toMatchObject({ status: 400, problem: { kind: 'invalid-input' } })
  })

  test('[C2] who may: its owner, with a token, from a page of this server', async () => {
    const page = await pages.of()
    const { token: strangers, cookie } = await shared.server.guest()
    const body = 'n\n1\n'
    expect(await send(page, 'a.csv', body, { token: strangers })).toMatchObject({ status: 404, problem: { kind: 'not-found' } })
    expect(await send({ id: randomUUID() }, 'a.csv', body)).toMatchObject({ status: 404 })
    expect(await send(page, 'a.csv', body, { token: 'nonsense' })).toMatchObject({ status: 401 })
    const withCookie = await upload({ url: shared.server.url, notebookId: page.id, name: 'a.csv', headers: { cookie } }, body)
    expect(withCookie).toMatchObject({ status: 401, problem: { reason: 'no-token' } })
    const elsewhere = await send(page, 'a.csv', body, { headers: { origin: 'https://evil.example' } })
    expect(elsewhere).toMatchObject({ status: 403, problem: { kind: 'forbidden' } })
    expect(await send(page, 'a.csv', body, { headers: { origin: shared.server.url } })).toMatchObject({ status: 200 })
    const [file] = await filesOf(page)
    const stranger = shared.server.http(strangers)
    expect(await codeOf(stranger.listFiles.query({ notebookId: page.id }))).toBe('NOT_FOUND')
    expect(await codeOf(stranger.removeFile.mutate({ notebookId: page.id, fileId: file?.id ?? '' }))).toBe('NOT_FOUND')
    expect(await filesOf(page)).toHaveLength(1)
  })

  test('[F5] two of one name at once: one is taken, and the other told so', async () => {
    const page = await pages.of()
    const both = await Promise.all([send(page, 'cars.csv', 'n\n1\n'), send(page, 'cars.csv', 'n\n2\n')])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const winner = both.find(({ status }) => status === 200)
    expect(await filesOf(page)).toEqual([winner?.file])
  })

  test('[F5] replaced twice at once: one of the two is there, whole', async () => {
    const page = await pages.of(sql('select sum(n) as s from cars'))
    await send(page, 'cars.csv', 'n\n1\n')
    const both = await Promise.all([2, 3].map((n) => send(page, 'cars.csv', `n\n${n}\n`, { replace: true })))
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    const [file, ...others] = await filesOf(page)
    expect([others, both.map((each) => each.file?.id)]).toEqual([[], expect.arrayContaining([file?.id])])
    expect(tableOf((await page.runAll())[0])?.rows).toEqual([[both[0]?.file?.id === file?.id ? 2 : 3]])
  })
})

describe('[F5] limits', () => {
  let server: TestServer
  let token: string
  let id: string
  beforeAll(async () => {
    server = await TestServer.start({ FILE_MAX_MB: '1', FILES_QUOTA_MB: '1.5' })
    token = (await server.guest()).token
    id = (await server.http(token).createNotebook.mutate({})).id
  })
  afterAll(() => server.close())
  const mine = (name: string): ToUpload => ({ url: server.url, token, notebookId: id, name })
  const lines = (megabytes: number) => `text\n${'0123456789abcde\n'.repeat(megabytes * 65_536 - 1)}`

  test('one that is too large is refused before it is sent, or as soon as it is', async () => {
    expect(await upload(mine('a.csv'), lines(1.25))).toMatchObject({
      status: 413,
      problem: { kind: 'too-large', what: 'file', limit: 2 ** 20 },
    })
    const sending = beginUpload(mine('a.csv'))
    const answered = once(sending, 'response')
    for (let n = 0; n < 20; n += 1) sending.write(lines(0.1))
    sending.end()
    const [response] = await answered
    expect(response.statusCode).toBe(413)
    response.resume()
    expect(storedIn(server.dataDir)).toEqual([])
  })

  test('all of somebody’s together are limited, copies count once, and what is removed makes room', async () => {
    const { file } = await upload(mine('a.csv'), lines(0.9))
    const client = server.http(token)
    const copy = await client.duplicateNotebook.mutate({ id })
    expect(await upload(mine('b.csv'), lines(0.9))).toMatchObject({ status: 413, problem: { kind: 'too-large', what: 'quota' } })
    expect(await upload(mine('a.csv'), lines(0.9))).toMatchObject({ status: 409 })
    expect(await upload({ ...mine('b.csv'), token: (await server.guest()).token }, 'x\n1\n')).toMatchObject({ status: 404 })
    const listed = await client.listFiles.query({ notebookId: id })
    expect(listed).toMatchObject({ maxBytes: 2 ** 20, quotaBytes: 1.5 * 2 ** 20, usedBytes: file?.bytes })
    // The copy has it still.
    await client.removeFile.mutate({ notebookId: id, fileId: file?.id ?? '' })
    expect(storedIn(server.dataDir)).toEqual([file?.id])
    expect(await upload(mine('b.csv'), lines(0.9))).toMatchObject({ status: 413 })
    const copied = await client.listFiles.query({ notebookId: copy.id })
    await client.removeFile.mutate({ notebookId: copy.id, fileId: copied.files[0]?.id ?? '' })
    expect(storedIn(server.dataDir)).toEqual([])
    expect(await upload(mine('b.csv'), lines(0.9))).toMatchObject({ status: 200 })
  })

  test('one that is cut half-way leaves nothing, and no room taken', async () => {
    const before = storedIn(server.dataDir)
    for (let n = 0; n < 4; n += 1) {
      const sending = beginUpload(mine('cut.csv'), 500_000)
      sending.write(lines(0.1))
      await until(() => storedIn(server.dataDir).length > before.length)
      sending.destroy()
      await until(() => storedIn(server.dataDir).length === before.length)
    }
    expect(await upload(mine('whole.csv'), lines(0.2))).toMatchObject({ status: 200 })
  })
})

describe('[F4] what belongs to a notebook', () => {
  test('copies have its files; they stay as long as one of them is there, in the bin as well, and go with the last', async () => {
    const server = await TestServer.start()
    const { token } = await server.guest()
    const client = server.http(token)
    const page = await Page.of({ server, client, token }, sql('select sum(n) as s from cars'))
    await upload({ url: server.url, token, notebookId: page.id, name: 'cars.csv' }, 'n\n1\n2\n')
    const copy = await client.duplicateNotebook.mutate({ id: page.id })
    await client.deleteNotebook.mutate({ id: page.id })
    const { runIds } = await client.runAll.mutate({ notebookId: copy.id })
    const watching = new Follower(server.ws(token).client, copy.id)
    await watching.snapshot()
    await watching.until(() => watching.state().cells.every(({ status }) => status === 'idle'))
    expect(runIds).toHaveLength(1)
    expect(tableOf(watching.state().cells[0])?.rows).toEqual([[3]])
    await client.deleteNotebook.mutate({ id: copy.id })
    expect(storedIn(server.dataDir)).toHaveLength(1)
    await server.stop()
    // Thirty days later.
    const sqlite = new Sqlite(join(server.dataDir, 'rivulet.db'))
    sqlite.prepare("update notebooks set deleted_at = '2020-01-01T00:00:00.000Z' where deleted_at is not null").run()
    sqlite.close()
    const again = await TestServer.start({}, { dataDir: server.dataDir })
    expect(storedIn(server.dataDir)).toEqual([])
    await again.stop()
    await server.close()
  })
})
