import { randomUUID } from 'node:crypto'
import { LIMITS } from '@rivulet/server/notebook/model'
import type { TextChanges } from '@rivulet/server/notebook/textChanges'
import { describe, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { useSignedIn } from '../support/signedIn.ts'
import { codeOf, Follower, problemOf, TestServer } from '../support/testServer.ts'

/** Several people and programs edit one cell, over real sockets and a real file. */

const shared = useSignedIn()

async function cellWith(source: string, client: Client = shared.client) {
  const { id: notebookId } = await client.createNotebook.mutate({})
  const { cellId } = await client.insertCell.mutate({ notebookId, language: 'markdown', source })
  const type = (baseVersion: number, changes: TextChanges, more: { opId?: string; clientId?: string; epoch?: string } = {}) =>
    client.editCell.mutate({ notebookId, cellId, baseVersion, changes, clientId: 'one', ...more })
  const read = async () => (await client.getNotebook.query({ id: notebookId })).cells[0]
  return { notebookId, cellId, type, read }
}

const editsOf = (follower: Follower) =>
  follower.events.flatMap(({ data }) =>
    data.type === 'changes' ? data.changes.filter((change) => change.type === 'cell.edited') : [],
  )

describe('changes of a version', () => {
  test('[E1] are rebased over what came since, and published as changes of the version before', async () => {
    const { notebookId, cellId, type, read } = await cellWith('one two')
    const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
    await follower.snapshot()
    expect(await type(1, [7, [0, ' three']], { clientId: 'a', opId: 'a1' })).toMatchObject({ version: 2 })
    expect(await type(1, [[0, 'zero '], 7], { clientId: 'b', opId: 'b1' })).toMatchObject({ version: 3 })
    const { rev } = await type(1, [3, [4]], { clientId: 'c' })
    await follower.reached(rev)
    expect(await read()).toMatchObject({ source: 'zero one three', version: 4 })
    expect(editsOf(follower)).toEqual([
      {
        ...{ type: 'cell.edited', cellId, version: 2, source: 'one two three' },
        changes: { set: [7, [0, ' three']], clientId: 'a', opId: 'a1' },
      },
      {
        ...{ type: 'cell.edited', cellId, version: 3, source: 'zero one two three' },
        changes: { set: [[0, 'zero '], 13], clientId: 'b', opId: 'b1' },
      },
      {
        ...{ type: 'cell.edited', cellId, version: 4, source: 'zero one three' },
        changes: { set: [8, [4], 6], clientId: 'c' },
      },
    ])
    expect(follower.state().cells[0]).toMatchObject({ source: 'zero one three', version: 4 })
    follower.stop()
  })

  test('[E1] at one place stand in the order in which they arrived', async () => {
    const { type, read } = await cellWith('()')
    await type(1, [1, [0, 'first'], 1])
    await type(1, [1, [0, 'second'], 1])
    expect(await read()).toMatchObject({ source: '(firstsecond)' })
  })

  test('[E1] that have nothing left to change leave the version', async () => {
    const { type, read } = await cellWith('gone stays')
    await type(1, [[5], 5])
    expect(await type(1, [1, [2], 7])).toMatchObject({ version: 2 })
    expect(await read()).toMatchObject({ source: 'stays', version: 2 })
  })

  test('[E3] of several edits in one message, and of programs that replace the whole, are as small as they can be', async () => {
    const { notebookId, cellId, type, read } = await cellWith('one\ntwo\nthree')
    const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
    await follower.snapshot()
    const edits = ['one\n2\nthree', 'one\n2\n3'].map((source) => ({ cellId, source }))
    const { rev } = await shared.client.applyEdits.mutate({ notebookId, edits })
    await follower.reached(rev)
    expect(editsOf(follower).map(({ changes }) => changes)).toEqual([{ set: [4, [3, '2'], 6] }, { set: [6, [5, '3']] }])
    await type(1, [[0, '// '], 13])
    expect(await read()).toMatchObject({ source: '// one\n2\n3', version: 4 })
    follower.stop()
  })

  test('[E3] are left out where the two sources say them as shortly, and rebasing over them goes on', async () => {
    const { notebookId, cellId, type, read } = await cellWith('title')
    const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
    await follower.snapshot()
    const source = `title\n${'line\n'.repeat(2_000)}`
    const { rev } = await shared.client.editCell.mutate({ notebookId, cellId, baseVersion: 1, source })
    await follower.reached(rev)
    expect(editsOf(follower).map(({ changes }) => changes)).toEqual([undefined])
    await type(1, [[0, '# '], 5])
    expect((await read())?.source).toBe(`# ${source}`)
    follower.stop()
  })

  test('keep carriage returns, and characters of two units', async () => {
    const { type, read } = await cellWith('a\r\nb\u2028😀')
    await type(1, [1, [1, '\r\r'], 5])
    await type(1, [7, [0, '\r', '!']])
    expect((await read())?.source).toBe('a\r\r\nb\u2028😀\r\n!')
  })
})

describe('[E1] repeated', () => {
  test('an edit has one effect, however often and by whatever version it is repeated', async () => {
    const { type, read } = await cellWith('x')
    const opId = randomUUID()
    const first = await type(1, [1, [0, 'a']], { opId })
    const again = await Promise.all([1, 2, 3].map(() => type(1, [1, [0, 'a']], { opId })))
    expect(again).toEqual([first, first, first])
    // A client that has seen the event meanwhile maps its change over it before it asks again.
    expect(await type(2, [2, [0, 'a']], { opId })).toEqual(first)
    expect(await read()).toMatchObject({ source: 'xa', version: 2 })
  })

  test('also after a restart, and what was typed on an older version is still rebased', async () => {
    const before = await TestServer.start()
    const { token } = await before.guest()
    const cell = await cellWith('one two', before.http(token))
    const opId = randomUUID()
    const first = await cell.type(1, [7, [0, '!']], { opId })
    await before.http(token).editCell.mutate({ ...pick(cell), baseVersion: 2, source: '1 two!' })
    await before.stop()

    const after = await TestServer.start({}, { dataDir: before.dataDir })
    const client = after.http(token)
    const type = (baseVersion: number, changes: TextChanges, id?: string) =>
      client.editCell.mutate({ ...pick(cell), baseVersion, changes, clientId: 'one', opId: id })
    expect(await type(1, [7, [0, '!']], opId)).toEqual(first)
    expect(await type(1, [4, [3, 'zwei']])).toMatchObject({ version: 4 })
    expect((await client.getNotebook.query({ id: cell.notebookId })).cells[0]?.source).toBe('1 zwei!')
    await after.close()
    await before.close()
  })
})

const pick = ({ notebookId, cellId }: { notebookId: string; cellId: string }) => ({ notebookId, cellId })

describe('[E4] what cannot be rebased', () => {
  test('is a CONFLICT with what is there now, and changes nothing', async () => {
    const { cellId, type, read } = await cellWith('abc')
    await type(1, [3, [0, 'd']])
    const current = { kind: 'version-conflict', cellId, version: 2, source: 'abcd' }
    // Of the future, of another history, and of another length than that version had.
    expect(await problemOf(type(3, [4, [0, 'e']]))).toEqual(current)
    expect(await problemOf(type(2, [4, [0, 'e']], { epoch: 'another' }))).toEqual(current)
    for (const [version, length] of [
      [2, 3],
      [1, 4],
      [1, 0],
    ] as const)
      expect(await problemOf(type(version, length ? [length, [0, 'e']] : [[0, 'e']]))).toEqual(current)
    await expect(type(0, [3])).rejects.toMatchObject({ data: { code: 'CONFLICT' } })
    expect(await read()).toMatchObject({ source: 'abcd', version: 2 })
  })

  test('because it is malformed is a BAD_REQUEST that says what', async () => {
    const { notebookId, cellId, type, read } = await cellWith('abc')
    const wrong: unknown[] = [
      [-1],
      [1.5],
      [0, 3],
      ['abc'],
      [[-1, 'x'], 3],
      [[1, 2]],
      [[3, 'a\nb']],
      [[]],
      [null],
      {},
      'x',
      [[[1]]],
    ]
    for (const changes of wrong) {
      // What a client's compiler would not let through.
      const malformed = type(1, changes as TextChanges)
      await expect(malformed).rejects.toMatchObject({ data: { code: 'BAD_REQUEST', problem: { kind: 'invalid-input' } } })
    }
    const both = { notebookId, cellId, baseVersion: 1, changes: [3], clientId: 'a', source: 'x' }
    expect(await codeOf(shared.client.editCell.mutate(both as never))).toBe('BAD_REQUEST')
    const neither = shared.client.editCell.mutate({ notebookId, cellId, baseVersion: 1 } as never)
    expect(await problemOf(neither)).toMatchObject({ issues: [{ path: 'source' }] })
    expect(await problemOf(type(1, [4, [2, 3]] as never))).toMatchObject({ issues: [{ path: 'changes.1' }] })
    expect(await read()).toMatchObject({ source: 'abc', version: 1 })
  })

  test('because the source would be over 256 KiB is refused', async () => {
    const { type, read } = await cellWith('x'.repeat(LIMITS.sourceBytes - 1))
    expect(await codeOf(type(1, [LIMITS.sourceBytes - 1, [0, 'é']]))).toBe('PAYLOAD_TOO_LARGE')
    expect(await type(1, [LIMITS.sourceBytes - 1, [0, 'e']])).toMatchObject({ version: 2 })
    expect((await read())?.source).toHaveLength(LIMITS.sourceBytes)
  })

  test('of somebody else, or of a cell that is gone, is NOT_FOUND', async () => {
    const { notebookId, cellId, type } = await cellWith('x')
    const other = shared.server.http((await shared.server.guest()).token)
    const stranger = other.editCell.mutate({ notebookId, cellId, baseVersion: 1, changes: [1, [0, 'y']], clientId: 'x' })
    expect(await codeOf(stranger)).toBe('NOT_FOUND')
    await shared.client.deleteCell.mutate({ notebookId, cellId })
    expect(await codeOf(type(1, [1, [0, 'y']]))).toBe('NOT_FOUND')
  })
})
