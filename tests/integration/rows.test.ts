import { expect, test } from 'vitest'
import { useSignedIn } from '../support/signedIn.ts'
import { codeOf, Follower, problemOf } from '../support/testServer.ts'

const shared = useSignedIn()

interface Table {
  columns: { name: string; type: string }[]
  rows: unknown[][]
  total: number
  handle?: string
}

/** Runs one cell in a notebook of its own; its table. */
async function tableOf(source: string): Promise<{ notebookId: string; cellId: string; table: Table }> {
  const { id: notebookId } = await shared.client.createNotebook.mutate({})
  const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
  await follower.snapshot()
  const edits = [{ insert: { language: 'typescript' as const, source } }]
  const { runIds, cellIds } = await shared.client.applyEdits.mutate({ notebookId, edits, run: true })
  await follower.finished(runIds[0] ?? '')
  const [output] = (await shared.client.getNotebook.query({ id: notebookId })).cells[0]?.outputs ?? []
  const table = output?.kind === 'stream' ? undefined : output?.data['application/vnd.table+json']
  return { notebookId, cellId: cellIds[0] ?? '', table: table as Table }
}

const LONG = `const rows = Array.from({ length: 5000 }, (_, n) => ({ n, word: ['ant', 'bee', 'cat'][n % 3], half: n % 10 ? n / 2 : null }))
rows`

test('a table arrives with its first rows, its total, and a handle for asking for its rows', async () => {
  const { table } = await tableOf(LONG)
  expect(table).toMatchObject({ total: 5_000, columns: [{ name: 'n', type: 'number' }, { name: 'word' }, { name: 'half' }] })
  expect(table.rows).toHaveLength(200)
  expect(table.handle).toBeDefined()
  const short = await tableOf('[{ a: 1 }, { a: 2 }]')
  const ask = { notebookId: short.notebookId, handle: short.table.handle ?? '', offset: 0, limit: 10 }
  expect(await shared.client.getRows.query({ ...ask, sort: { column: 'a', descending: true } })).toEqual({
    rows: [[2], [1]],
    total: 2,
  })
  const issues = [{ path: 'sort.column', message: 'there is no column “b”' }]
  expect(await problemOf(shared.client.getRows.query({ ...ask, sort: { column: 'b' } }))).toEqual({
    kind: 'invalid-input',
    issues,
  })
})

test('a table of Arquero is one: its rows are paged, and a query reads them', async () => {
  const { notebookId, table } = await tableOf(`import { table } from 'arquero'
    const people = table({ n: Array.from({ length: 300 }, (_, n) => n), even: Array.from({ length: 300 }, (_, n) => n % 2 === 0) })
    people`)
  expect(table).toMatchObject({
    total: 300,
    columns: [
      { name: 'n', type: 'number' },
      { name: 'even', type: 'boolean' },
    ],
  })
  const rows = { notebookId, handle: table.handle ?? '', offset: 298, limit: 10 }
  expect((await shared.client.getRows.query(rows)).rows).toEqual([
    [298, true],
    [299, false],
  ])
  const query = { insert: { language: 'sql' as const, source: 'select count(*) as c from people where even' } }
  const { runIds, cellIds } = await shared.client.applyEdits.mutate({ notebookId, edits: [query], run: true })
  await expect
    .poll(
      async () => {
        const { cells } = await shared.client.getNotebook.query({ id: notebookId })
        const cell = cells.find(({ id }) => id === cellIds[0])
        return cell?.runId === runIds.at(-1) && cell?.outputs[0]?.kind === 'value' && cell.outputs[0].data['text/plain']
      },
      { timeout: 20_000 },
    )
    .toMatch(/150/)
})

test('pages, sorted and filtered where the rows are; what is missing comes last', async () => {
  const { notebookId, table } = await tableOf(LONG)
  const ask = { notebookId, handle: table.handle ?? '' }
  expect(await shared.client.getRows.query({ ...ask, offset: 4_998, limit: 10 })).toEqual({
    rows: [
      [4_998, 'ant', 2_499],
      [4_999, 'bee', 2_499.5],
    ],
    total: 5_000,
  })
  const sorted = await shared.client.getRows.query({ ...ask, offset: 0, limit: 2, sort: { column: 'half', descending: true } })
  expect(sorted.rows.map((row) => row[0])).toEqual([4_999, 4_998])
  const last = await shared.client.getRows.query({ ...ask, offset: 4_999, limit: 1, sort: { column: 'half', descending: true } })
  expect(last.rows).toEqual([[4_990, 'bee', null]])
  const filtered = await shared.client.getRows.query({
    ...ask,
    offset: 0,
    limit: 2,
    filter: ' BEE ',
    sort: { column: 'n', descending: true },
  })
  expect(filtered).toEqual({
    rows: [
      [4_999, 'bee', 2_499.5],
      [4_996, 'bee', 2_498],
    ],
    total: 1_667,
  })
})

test('a table that is not there any more, and bad questions, are refused', async () => {
  const { notebookId, cellId, table } = await tableOf(LONG)
  const ask = { notebookId, handle: table.handle ?? '', offset: 0, limit: 10 }
  expect(await codeOf(shared.client.getRows.query({ ...ask, limit: 5_000 }))).toBe('BAD_REQUEST')
  expect(await codeOf(shared.client.getRows.query({ ...ask, offset: -1 }))).toBe('BAD_REQUEST')
  for (const filter of ['\0', '\ud800']) expect(await codeOf(shared.client.getRows.query({ ...ask, filter }))).toBe('BAD_REQUEST')
  expect(await codeOf(shared.client.getRows.query({ ...ask, handle: 'nothing' }))).toBe('NOT_FOUND')
  await shared.client.editCell.mutate({ notebookId, cellId, baseVersion: 1, source: '1' })
  const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
  await follower.snapshot()
  await follower.finished((await shared.client.runCell.mutate({ notebookId, cellId })).runId)
  expect(await codeOf(shared.client.getRows.query(ask))).toBe('NOT_FOUND')
})
