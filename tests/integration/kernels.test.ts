import { readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { expect, test } from 'vitest'
import { descendantsOf, stillRunning } from '../support/processes.ts'
import { Follower, problemOf, TestServer } from '../support/testServer.ts'

const cell = (source: string) => ({ insert: { language: 'typescript' as const, source } })

test('a kernel that is idle is put away, one that computes in silence is not; outputs stay, values are made again', async () => {
  const server = await TestServer.start({ KERNEL_IDLE_MINUTES: '0.005' })
  const { token } = await server.guest()
  const client = server.http(token)
  const { id: notebookId } = await client.createNotebook.mutate({})
  const follower = new Follower(server.ws(token).client, notebookId)
  await follower.snapshot()
  // Longer than a kernel may be idle.
  const silent = 'await new Promise((go) => setTimeout(go, 1500))\nconst a = 42\na'
  const { runIds, cellIds } = await client.applyEdits.mutate({ notebookId, edits: [cell(silent)], run: true })
  expect(await follower.finished(runIds[0] ?? '')).toMatchObject({ result: { kind: 'ok' } })
  await follower.until(() => follower.state().kernels[0]?.status === 'none')
  const stored = await client.getNotebook.query({ id: notebookId })
  expect(stored.kernels).toEqual([{ language: 'typescript', status: 'none', detail: 'the kernel was idle and was put away' }])
  expect(stored.cells[0]).toMatchObject({ stale: false, result: { kind: 'ok' }, outputs: [{ data: { 'application/json': 42 } }] })
  expect(await client.getVariables.query({ notebookId })).toEqual([])
  const next = await client.applyEdits.mutate({ notebookId, edits: [cell('a + 1')], run: true })
  expect(next.runIds).toHaveLength(2)
  for (const runId of next.runIds) expect(await follower.finished(runId)).toMatchObject({ result: { kind: 'ok' } })
  expect((await client.getNotebook.query({ id: notebookId })).cells.map((each) => each.id)).toEqual([...cellIds, ...next.cellIds])
  follower.stop()
  await server.close()
})

test('a user has so many kernels; one that is idle makes room, its outputs stay, and its values come back when they are needed', async () => {
  const server = await TestServer.start({ KERNELS_PER_USER: '2' })
  const { token } = await server.guest()
  const client = server.http(token)
  const open = async () => {
    const { id: notebookId } = await client.createNotebook.mutate({})
    const { cellIds } = await client.applyEdits.mutate({ notebookId, edits: [cell('const a = 41'), cell('a + 1')] })
    return { notebookId, cellIds, follower: new Follower(server.ws(token).client, notebookId) }
  }
  const notebooks = [await open(), await open(), await open()]
  for (const { notebookId, follower } of notebooks) {
    const { runIds } = await client.runAll.mutate({ notebookId })
    for (const runId of runIds) expect(await follower.finished(runId)).toMatchObject({ result: { kind: 'ok' } })
  }
  const [first, second] = notebooks as [(typeof notebooks)[0], (typeof notebooks)[0]]
  expect(await client.getVariables.query({ notebookId: first.notebookId })).toEqual([])
  expect(await client.getVariables.query({ notebookId: second.notebookId })).toMatchObject([{ name: 'a' }])
  const stored = await client.getNotebook.query({ id: first.notebookId })
  expect(stored.kernels).toMatchObject([{ status: 'none', detail: 'the kernel was put away for that of another notebook' }])
  expect(stored.cells[1]).toMatchObject({ stale: false, outputs: [{ data: { 'application/json': 42 } }] })
  const { runIds } = await client.runCell.mutate({ notebookId: first.notebookId, cellId: first.cellIds[1] ?? '' })
  expect(runIds).toHaveLength(2)
  for (const runId of runIds) expect(await first.follower.finished(runId)).toMatchObject({ result: { kind: 'ok' } })
  expect(await client.getVariables.query({ notebookId: second.notebookId })).toMatchObject([{ name: 'a' }])
  for (const { follower } of notebooks) follower.stop()
  await server.close()
})

test('a user has so many kernels; who asks for one more while all are at work is told, edits are kept, and one that ends makes room', async () => {
  const server = await TestServer.start({ KERNELS_PER_USER: '1' })
  const [mine, other] = await Promise.all([server.guest(), server.guest()])
  const client = server.http(mine.token)
  const run = async (notebookId: string, source = '1', via = client) => {
    await via.applyEdits.mutate({ notebookId, edits: [cell(source)] })
    return via.runAll.mutate({ notebookId })
  }
  const { id } = await client.createNotebook.mutate({})
  await run(id, 'await new Promise(() => {})')
  const full = { kind: 'too-many-requests', what: 'kernels', retryAfterMs: 5_000 }
  expect(await problemOf(run('blank'))).toEqual(full)
  expect(await problemOf(client.applyEdits.mutate({ notebookId: 'blank', edits: [cell('2')], run: true }))).toEqual(full)
  expect((await client.getNotebook.query({ id: 'blank' })).cells.map((each) => each.source)).toEqual(['1'])
  expect(await problemOf(run('blank', '1', server.http(other.token)))).toBeUndefined()
  await client.restartKernel.mutate({ notebookId: id })
  expect(await problemOf(run('blank'))).toBeUndefined()
  await server.close()
})

test('[C8] a user has so many kernels, and what only leads to a run starts no other: it is done, and cells are stale', async () => {
  const server = await TestServer.start({ KERNELS_PER_USER: '1', SQL_HOSTS: 'any' })
  const { token } = await server.guest()
  const client = server.http(token)
  const { id: atWork } = await client.createNotebook.mutate({})
  const { id: notebookId } = await client.createNotebook.mutate({})
  const follower = new Follower(server.ws(token).client, notebookId)
  const cells = [
    cell('const s = input.slider({ min: 0, max: 9, value: 1 })'),
    cell('s'),
    cell('const a = 1'),
    cell('const a = 2'),
  ]
  const { cellIds, runIds } = await client.applyEdits.mutate({ notebookId, edits: cells, run: true })
  const [moved = '', reader = '', double = '', other = ''] = cellIds
  for (const runId of runIds) await follower.finished(runId)
  // That of the first is idle, and makes room.
  await client.applyEdits.mutate({ notebookId: atWork, edits: [cell('await new Promise(() => {})')], run: true })

  const inCell = (cellId: string) => ({ notebookId, cellId })
  const full = { kind: 'too-many-requests', what: 'kernels', retryAfterMs: 5_000 }
  const { id: connectionId } = await client.addConnection.mutate({ name: 'Nobody', url: 'postgres://a:b@127.0.0.1:1/none' })
  expect(await problemOf(client.getSchema.query({ notebookId, connectionId }))).toEqual(full)
  await client.setInput.mutate({ ...inCell(moved), inputId: 'input-1', value: 5 })
  await client.deleteCell.mutate(inCell(other))
  await client.setCell.mutate({ ...inCell(reader), disabled: true })
  await client.setCell.mutate({ ...inCell(reader), disabled: false })
  const stored = await client.getNotebook.query({ id: notebookId })
  expect(stored.cells.map(({ id, status, stale }) => ({ id, status, stale }))).toEqual([
    { id: moved, status: 'idle', stale: false },
    { id: reader, status: 'idle', stale: true },
    { id: double, status: 'idle', stale: true },
  ])
  expect(await problemOf(client.runStale.mutate({ notebookId }))).toEqual(full)

  await client.restartKernel.mutate({ notebookId: atWork })
  const next = await client.runStale.mutate({ notebookId })
  for (const runId of next.runIds) expect(await follower.finished(runId)).toMatchObject({ result: { kind: 'ok' } })
  expect(follower.state().cells[1]).toMatchObject({ stale: false, outputs: [{ data: { 'application/json': 5 } }] })
  follower.stop()
  await server.close()
})

test('variables of a kernel that does not answer: SERVICE_UNAVAILABLE, and the notebook goes on', async () => {
  const server = await TestServer.start()
  const { token } = await server.guest()
  const client = server.http(token)
  const follower = new Follower(server.ws(token).client, 'blank')
  const { id: notebookId } = await follower.snapshot()
  const { runIds } = await client.applyEdits.mutate({ notebookId, edits: [cell('const a = 1'), cell('for (;;) {}')], run: true })
  await follower.started(runIds[1] ?? '')
  expect(await problemOf(client.getVariables.query({ notebookId }))).toMatchObject({ kind: 'unavailable', reason: 'kernel' })
  await client.interrupt.mutate({ notebookId })
  expect(await follower.finished(runIds[1] ?? '')).toMatchObject({ result: { kind: 'interrupted' } })
  // Whether the values are still there depends on whether the loop obeyed in time; that it answers again does not.
  expect(await problemOf(client.getVariables.query({ notebookId }))).toBeUndefined()
  follower.stop()
  await server.close()
})

test('a kernel leaves the processor to the server', async () => {
  const server = await TestServer.start()
  const { token } = await server.guest()
  const client = server.http(token)
  const { id: notebookId } = await client.createNotebook.mutate({})
  const follower = new Follower(server.ws(token).client, notebookId)
  const { runIds } = await client.applyEdits.mutate({ notebookId, edits: [cell('1 + 1')], run: true })
  await follower.finished(runIds[0] ?? '')
  const kernels = stillRunning(descendantsOf(process.pid)).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('deno'),
  )
  expect(kernels.length).toBeGreaterThan(0)
  for (const pid of kernels) expect(getPriority(pid)).toBeGreaterThan(getPriority())
  follower.stop()
  await server.close()
})
