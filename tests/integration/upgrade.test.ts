import { join } from 'node:path'
import { openDatabase } from '@rivulet/db/client'
import { afterAll, expect, test } from 'vitest'
import { TestIssuer } from '../support/issuer.ts'
import { migrationsUpTo } from '../support/migrations.ts'
import { temporaryFolder } from '../support/serverProcess.ts'
import { Follower, TestServer } from '../support/testServer.ts'

const data = temporaryFolder()
afterAll(() => data.remove())

/** Yesterday: what is older than a month is forgotten at start. */
const AT = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString()
const cellColumns =
  'id, notebook_id, order_key, language, source, version, result_name, disabled, hidden, defines, uses, status, stale, result, run_id, exports, deleted_at, deleted_after'

/** Ada's notebook as the version with three migrations kept it: a cell with an output, one that was running, one in the bin. */
const WORK = `
  insert into users values ('ada', 'Ada', 'member', '${AT}');
  insert into identities values ('https://issuer.example', 'ada', 'ada', '${AT}');
  insert into notebooks (id, owner_id, title, kind, epoch, rev, mode, cutoff, network, kernels, created_at, updated_at)
    values ('mine', 'ada', 'Mine', 'user', 'first-epoch', 7, 'lazy', 1, '["api.example.org"]', '[]', '${AT}', '${AT}');
  insert into cells (${cellColumns}) values
    ('a', 'mine', 'a0', 'typescript', 'const a = 1', 4, null, 0, 0, '["a"]', '[]', 'idle', 0,
      '{"kind":"ok","durationMs":3,"finishedAt":"${AT}"}', 'run-a', '["a"]', null, null),
    ('b', 'mine', 'a1', 'sql', 'select 1 as one', 2, 'ones', 1, 1, '["ones"]', '[]', 'idle', 1, '{"kind":"none"}', null, '[]', null, null),
    ('c', 'mine', 'a2', 'typescript', 'for (;;) {}', 1, null, 0, 0, '[]', '[]', 'running', 0, '{"kind":"none"}', 'run-c', '[]', null, null),
    ('gone', 'mine', 'a3', 'markdown', '# Gone', 1, null, 0, 0, '[]', '[]', 'idle', 0, '{"kind":"none"}', null, '[]', '${AT}', 'a');
  insert into outputs (cell_id, id, notebook_id, run_id, seq, kind, name, text, data) values
    ('a', 'o1', 'mine', 'run-a', 0, 'stream', 'stdout', 'printed', null),
    ('a', 'o2', 'mine', 'run-a', 1, 'value', null, null, '{"text/plain":"1"}');
  insert into journal values ('mine', 7, '${AT}', '{"userId":"ada","name":"Ada","via":"ui"}', '[{"type":"notebook.set","title":"Mine"}]');
  insert into operations values ('ada', 'op-1', 'renameNotebook', 'mine', '{"rev":7}', '${AT}');
`

test('[D6] a data folder of the last version, upgraded by starting on it: notebooks, outputs, settings, the bin, answers and who owns them', async () => {
  const { sqlite, close } = openDatabase(join(data.path, 'rivulet.db'), { migrationsFolder: migrationsUpTo(3, data.path) })
  sqlite.exec(WORK)
  close()
  const issuer = await TestIssuer.start()
  const server = await TestServer.start({ TRUSTED_ISSUERS: JSON.stringify([issuer.entry]) }, { dataDir: data.path })
  const token = await issuer.token('ada')
  const client = server.http(token)
  expect((await client.listNotebooks.query({})).find(({ id }) => id === 'mine')).toMatchObject({ title: 'Mine', cellCount: 3 })
  const follower = new Follower(server.ws(token).client, 'mine')
  const shown = await follower.snapshot()
  expect(shown).toMatchObject({ title: 'Mine', mode: 'lazy', cutoff: true, network: ['api.example.org'], epoch: 'first-epoch' })
  const [a, b, c] = shown.cells
  expect(shown.cells).toHaveLength(3)
  expect(a).toMatchObject({ id: 'a', source: 'const a = 1', version: 4, stale: false, result: { kind: 'ok' } })
  expect(a?.outputs).toMatchObject([
    { id: 'o1', kind: 'stream', name: 'stdout', text: 'printed' },
    { id: 'o2', kind: 'value', data: { 'text/plain': '1' } },
  ])
  expect(b).toMatchObject({ id: 'b', language: 'sql', resultName: 'ones', disabled: true, hidden: true })
  expect(c).toMatchObject({ id: 'c', status: 'idle', result: { kind: 'interrupted', reason: 'the server was restarted' } })
  expect(await client.getDeletedCells.query({ notebookId: 'mine' })).toMatchObject([{ id: 'gone', source: '# Gone' }])
  // And work goes on from there.
  expect(await client.renameNotebook.mutate({ id: 'mine', title: 'Other', opId: 'op-1' })).toEqual({ rev: 7 })
  await client.restoreCell.mutate({ notebookId: 'mine', cellId: 'gone' })
  const { rev } = await client.editCell.mutate({ notebookId: 'mine', cellId: 'a', baseVersion: 4, source: 'const a = 2' })
  await follower.reached(rev)
  expect(follower.state()).toEqual(await client.getNotebook.query({ id: 'mine' }))
  expect(follower.state().cells.map(({ id }) => id)).toEqual(['a', 'gone', 'b', 'c'])
  follower.stop()
  await server.close()
  issuer.close()
})
