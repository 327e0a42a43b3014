// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import type { Cell } from '@rivulet/server/notebook/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { READER, usePostgres } from '../support/postgres.ts'
import { useSignedIn } from '../support/signedIn.ts'
import type { Follower } from '../support/testServer.ts'
import { Follower as Following } from '../support/testServer.ts'

const postgres = usePostgres()
const shared = useSignedIn()

let notebookId: string
let connectionId: string
let follower: Follower
beforeAll(async () => {
  await postgres.server.admin('create table public.unused ()')
  const { client } = shared
  notebookId = (await client.createNotebook.mutate({ from: 'blank' })).id
  connectionId = (await client.addConnection.mutate({ name: 'Shop', url: postgres.server.url() })).id
  follower = new Following(shared.server.ws(shared.token).client, notebookId)
  await follower.snapshot()
})
afterAll(() => follower?.stop())

async function insert(source: string, settings: { resultName?: string; connectionId?: string } = {}): Promise<string> {
  const language = settings.connectionId ? 'sql' : 'typescript'
  const { cellId } = await shared.client.insertCell.mutate({ notebookId, language, source })
  if (settings.connectionId) await shared.client.setCell.mutate({ notebookId, cellId, ...settings })
  return cellId
}

async function ran(cellId: string): Promise<Cell> {
  const { runId } = await shared.client.runCell.mutate({ notebookId, cellId })
  await follower.finished(runId)
  const cell = follower.state().cells.find(({ id }) => id === cellId)
  if (!cell) throw new Error('there is no such cell')
  return cell
}

function tableOf({ outputs }: Cell): { columns: unknown[]; rows: unknown[][]; total: number; handle?: string } {
  const [output] = outputs
  if (output?.kind !== 'value') throw new Error('the cell shows no value')
  return output.data['application/vnd.table+json'] as ReturnType<typeof tableOf>
}

test('[X3] a cell on PostgreSQL takes values, gives a table that is paged, and a value that TypeScript reads', async () => {
  await insert('const least = 990')
  const cellId = await insert(
    'select n as id, n * 1.5::float8 as price from generate_series(1, 1200) n where n > ${least} order by n',
    {
      ...{ connectionId, resultName: 'things' },
    },
  )
  const table = tableOf(await ran(cellId))
  expect(table).toMatchObject({
    total: 210,
    columns: [
      { name: 'id', type: 'number' },
      { name: 'price', type: 'number' },
    ],
  })
  const page = await shared.client.getRows.query({
    ...{ notebookId, handle: table.handle ?? '', offset: 0, limit: 2 },
    sort: { column: 'id', descending: true },
  })
  expect(page).toEqual({
    rows: [
      [1200, 1800],
      [1199, 1798.5],
    ],
    total: 210,
  })
  const reader = await insert('things.length + things[0].price')
  expect((await ran(reader)).outputs).toMatchObject([{ data: { 'text/plain': String(210 + 991 * 1.5) } }])
})

test('errors stand where they are in the cell, with their code', async () => {
  const cell = await ran(await insert('select 1;\nselect nme from pg_class', { connectionId }))
  expect(cell.result).toMatchObject({ kind: 'error', error: { kind: 'database', code: '42703', line: 2, column: 8 } })
})

test('it only reads', async () => {
  const cell = await ran(await insert('create table more (n int)', { connectionId }))
  expect(cell.result).toMatchObject({ kind: 'error', error: { kind: 'database', code: '25006' } })
  await shared.client.updateConnection.mutate({ id: connectionId, readOnly: false })
  expect((await ran(cell.id)).result).toMatchObject({ kind: 'ok' })
  await shared.client.updateConnection.mutate({ id: connectionId, readOnly: true })
})

test('Stop reaches the server', async () => {
  const cellId = await insert('select pg_sleep(604)', { connectionId })
  const { runId } = await shared.client.runCell.mutate({ notebookId, cellId })
  const active = `select 1 from pg_stat_activity where state = 'active' and query like 'select pg_sleep(604)%'`
  await postgres.server.until(active)
  await shared.client.interrupt.mutate({ notebookId })
  expect(await follower.finished(runId)).toMatchObject({ result: { kind: 'interrupted' } })
  await postgres.server.until(`select 1 where not exists (${active})`)
})

test('another user’s connection, and one that was removed, are none', async () => {
  const other = shared.server.http((await shared.server.guest()).token)
  const theirs = await other.addConnection.mutate({ name: 'Theirs', url: postgres.server.url() })
  const mine = await shared.client.addConnection.mutate({ name: 'Mine', url: postgres.server.url() })
  const cell = await ran(await insert('select 1', { connectionId: mine.id }))
  expect(cell.result).toMatchObject({ kind: 'ok' })
  await shared.client.removeConnection.mutate({ id: mine.id })
  expect((await ran(cell.id)).result).toMatchObject({
    ...{ kind: 'error', error: { kind: 'database', message: expect.stringContaining('not there any more') } },
  })
  for (const id of [mine.id, theirs.id, 'no connection'])
    await expect(insert('select 1', { connectionId: id })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND', problem: { kind: 'not-found', what: 'connection', id } },
    })
  const kept = { notebookId, cellId: cell.id, connectionId: mine.id, hidden: true }
  expect(await shared.client.setCell.mutate(kept)).toMatchObject({ rev: expect.any(Number) })
})

test('neither cells nor events nor the notebook ever hold the password', async () => {
  const seen = JSON.stringify([
    follower.events,
    await shared.client.getNotebook.query({ id: notebookId }),
    await shared.client.getVariables.query({ notebookId }),
  ])
  expect(seen).toContain(connectionId)
  for (const secret of [READER.password, encodeURIComponent(READER.password), 'wörd']) expect(seen).not.toContain(secret)
})
