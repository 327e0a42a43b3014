import { request } from 'node:http'
import { fromWire } from '@rivulet/server/notebook/evolve'
import type { Language } from '@rivulet/server/notebook/model'
import { DOWNLOAD_LIMITS, Downloads } from '@rivulet/server/src/session/downloads.ts'
import { expect, test } from 'vitest'
import { useSignedIn } from '../support/signedIn.ts'
import { codeOf, Follower, problemOf } from '../support/testServer.ts'

const shared = useSignedIn()

interface Shown {
  notebookId: string
  cellId: string
  table: { handle?: string; total: number }
}

/** Runs one cell in a notebook of its own; the table that it shows. */
async function shown(language: Language, source: string): Promise<Shown> {
  const { id: notebookId } = await shared.client.createNotebook.mutate({})
  const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
  await follower.snapshot()
  const edits = [{ insert: { language, source } }]
  const { runIds, cellIds } = await shared.client.applyEdits.mutate({ notebookId, edits, run: true })
  await follower.finished(runIds[0] ?? '')
  const [cell] = fromWire(await shared.client.getNotebook.query({ id: notebookId })).cells.values()
  const output = cell?.outputs.find(({ kind }) => kind === 'value')
  const table = output?.kind === 'value' ? output.data['application/vnd.table+json'] : undefined
  return { notebookId, cellId: cellIds[0] ?? '', table: table as Shown['table'] }
}

const fetched = (url: string, init?: RequestInit) => fetch(new URL(url, shared.server.url), init)

test('a small result of SQL is saved as CSV and as Parquet, under a name; each address is good once', async () => {
  const { notebookId, table } = await shown('sql', "select 1 as n, 'é' as s")
  const ask = { notebookId, handle: table.handle ?? '', name: 'by/month "é"' }
  const { url } = await shared.client.downloadRows.mutate({ ...ask, format: 'csv' })
  const answer = await fetched(url)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe('n,s\r\n1,é\r\n')
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''by_month%20_%C3%A9_.csv`)
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const again = await fetched(url)
  expect([again.status, await again.json()]).toEqual([404, { message: expect.stringContaining('ask for it again') }])
  const parquet = await shared.client.downloadRows.mutate({ ...ask, format: 'parquet' })
  const bytes = Buffer.from(await (await fetched(parquet.url)).arrayBuffer())
  expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1'])
})

test('more rows than any page holds, in the order and with the filter of the grid', async () => {
  const { notebookId, table } = await shown('sql', "select i, 'row ' || i as s from range(300000) t(i)")
  expect(table.total).toBe(300_000)
  const ask = { notebookId, handle: table.handle ?? '', format: 'csv' as const }
  const all = await (await fetched((await shared.client.downloadRows.mutate(ask)).url)).text()
  expect(all.split('\r\n')).toHaveLength(300_002)
  const some = await shared.client.downloadRows.mutate({ ...ask, sort: { column: 'i', descending: true }, filter: '2999' })
  expect((await (await fetched(some.url)).text()).split('\r\n').slice(0, 3)).toEqual([
    'i,s',
    '299999,row 299999',
    '299998,row 299998',
  ])
})

test('a list of TypeScript is saved as CSV with all of its rows; Parquet says what to do instead', async () => {
  const { notebookId, table } = await shown(
    'typescript',
    'Array.from({ length: 12000 }, (_, n) => ({ n, word: n % 2 ? null : "a,b" }))',
  )
  const ask = { notebookId, handle: table.handle ?? '' }
  const { url } = await shared.client.downloadRows.mutate({ ...ask, format: 'csv', sort: { column: 'n', descending: true } })
  const lines = (await (await fetched(url)).text()).split('\r\n')
  expect([lines.length, ...lines.slice(0, 3), lines.at(-2)]).toEqual([12_002, 'n,word', '11999,', '11998,"a,b"', '0,"a,b"'])
  expect(await problemOf(shared.client.downloadRows.mutate({ ...ask, format: 'parquet' }))).toMatchObject({
    kind: 'unavailable',
    detail: expect.stringContaining('SQL cell'),
  })
})

test('what is not kept any more, somebody else’s, and what makes no sense is refused', async () => {
  const { notebookId, cellId, table } = await shown('sql', 'select 1 as n')
  const ask = { notebookId, handle: table.handle ?? '', format: 'csv' as const }
  const other = shared.server.http((await shared.server.guest()).token)
  expect(await problemOf(other.downloadRows.mutate(ask))).toMatchObject({ kind: 'not-found', what: 'notebook' })
  expect(await codeOf(shared.server.http().downloadRows.mutate(ask))).toBe('UNAUTHORIZED')
  const elsewhere = await shared.client.createNotebook.mutate({})
  expect(await problemOf(shared.client.downloadRows.mutate({ ...ask, notebookId: elsewhere.id }))).toMatchObject({
    what: 'output',
  })
  expect(await codeOf(shared.client.downloadRows.mutate({ ...ask, name: ' ' }))).toBe('BAD_REQUEST')
  expect(await problemOf(shared.client.downloadRows.mutate({ ...ask, sort: { column: 'x' } }))).toMatchObject({
    kind: 'invalid-input',
    issues: [{ message: 'there is no column “x”' }],
  })
  const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
  await follower.snapshot()
  await follower.finished((await shared.client.runCell.mutate({ notebookId, cellId })).runId)
  expect(await problemOf(shared.client.downloadRows.mutate(ask))).toMatchObject({ kind: 'not-found', what: 'output' })
})

test('rows of a cell that was deleted are let go, whether they had a name or not', async () => {
  const { notebookId, cellId, table } = await shown('sql', 'select * from range(1000)')
  const page = { notebookId, handle: table.handle ?? '', offset: 500, limit: 1 }
  expect((await shared.client.getRows.query(page)).rows).toEqual([[500]])
  await shared.client.deleteCell.mutate({ notebookId, cellId })
  expect(await codeOf(shared.client.getRows.query(page))).toBe('NOT_FOUND')
  expect(await codeOf(shared.client.downloadRows.mutate({ notebookId, handle: page.handle, format: 'csv' }))).toBe('NOT_FOUND')
})

test('an address that nobody gave is none: not by guessing, not by a token or a cookie', async () => {
  for (const url of ['/api/download', '/api/download?ticket=x', '/api/download?ticket=a&ticket=b'])
    expect((await fetched(url, { headers: { authorization: `Bearer ${shared.token}` } })).status).toBe(404)
  const { notebookId, table } = await shown('sql', 'select 1 as n')
  const { url } = await shared.client.downloadRows.mutate({ notebookId, handle: table.handle ?? '', format: 'csv' })
  // Whoever only looks uses nothing up.
  expect((await fetched(url, { method: 'HEAD' })).status).toBe(404)
  expect((await fetched(url)).status).toBe(200)
})

test('the same operation again gets the same address; there are so many at a time, and one that is left gives its place back', async () => {
  const client = shared.server.http((await shared.server.guest()).token)
  const { id: notebookId } = await client.createNotebook.mutate({})
  const source = "select i, repeat('x', 1000) as s from range(100000) t(i)"
  const edits = [{ insert: { language: 'sql' as const, source } }]
  await client.applyEdits.mutate({ notebookId, edits, run: true })
  const handle = async () => {
    const [output] = (await client.getNotebook.query({ id: notebookId })).cells[0]?.outputs ?? []
    return output?.kind === 'value' ? (output.data['application/vnd.table+json'] as Shown['table']).handle : undefined
  }
  await expect.poll(handle, { timeout: 20_000 }).toBeDefined()
  const ask = { notebookId, handle: (await handle()) ?? '', format: 'csv' as const, opId: 'the-first' }
  const first = await client.downloadRows.mutate(ask)
  expect(await client.downloadRows.mutate(ask)).toEqual(first)
  for (let n = 1; n < DOWNLOAD_LIMITS.perUser; n += 1) await client.downloadRows.mutate({ ...ask, opId: `more-${n}` })
  const one = { ...ask, opId: 'too-many' }
  expect(await problemOf(client.downloadRows.mutate(one))).toMatchObject({ kind: 'too-many-requests', what: 'downloads' })
  // Leaves in the middle of a hundred megabytes.
  await new Promise<void>((resolve, reject) => {
    const got = request(new URL(first.url, shared.server.url), (answer) => {
      answer.once('data', () => {
        answer.destroy()
        resolve()
      })
    })
    got.once('error', reject)
    got.end()
  })
  await expect.poll(() => codeOf(client.downloadRows.mutate(one)), { timeout: 20_000 }).toBe('no error')
})

test('a file that is not fetched in time is closed, and its place is free', async () => {
  const downloads = new Downloads({ waitMs: 20, perUser: 1 })
  let closed = 0
  const close = async () => {
    closed += 1
  }
  const make = async () => ({ file: { next: async () => undefined, close }, name: 'x.csv', type: 'text/csv' })
  const begun = await downloads.begin({ userId: 'ann', opId: undefined }, make)
  await expect.poll(() => closed).toBe(1)
  expect(await downloads.take(begun.ok ? (begun.value ?? '') : '')).toBeUndefined()
  expect(await downloads.begin({ userId: 'ann', opId: undefined }, make)).toMatchObject({ ok: true })
})
