import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { RawSocket } from '../support/rawSocket.ts'
import { Follower, TestServer } from '../support/testServer.ts'

/** Followers that were away, are slow, or come back to another process. */

let server: TestServer
let token: string
let client: Client
beforeAll(async () => {
  server = await TestServer.start({}, { pace: { highWater: 256 * 1024, cutAfterMs: 300 } })
  token = (await server.guest()).token
  client = server.http(token)
})
afterAll(() => server.close())

const markdown = (source: string) => ({ language: 'markdown' as const, source })
const insert = (via: Client, notebookId: string, source = 'x') => via.insertCell.mutate({ notebookId, ...markdown(source) })
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + 1 + index)

describe('[C4] who was away', () => {
  test('after a cut socket gets what was missed, once and in order, and no snapshot', async () => {
    const { id } = await client.createNotebook.mutate({})
    const { client: away, socket } = server.ws(token)
    const follower = new Follower(away, id)
    const { rev: start } = await follower.snapshot()
    for (let round = 0; round < 3; round += 1) {
      socket.connection?.ws.close()
      let rev = 0
      for (let n = 0; n < 5; n += 1) rev = (await insert(client, id)).rev
      await follower.reached(rev)
    }
    expect(follower.snapshots).toBe(1)
    expect(follower.revs).toEqual(upTo(start, follower.rev))
    expect(follower.state()).toEqual(await client.getNotebook.query({ id }))
    follower.stop()
  })

  test('from any position on: missed changes, folded, give what everybody has', async () => {
    const { id } = await client.createNotebook.mutate({})
    const witness = new Follower(server.ws(token).client, id)
    const first = await witness.snapshot()
    for (let n = 0; n < 6; n += 1) await insert(client, id, `cell ${n}`)
    const { rev } = await client.renameNotebook.mutate({ id, title: 'Six' })
    await witness.reached(rev)
    const stored = await client.getNotebook.query({ id })
    for (const at of upTo(-1, rev)) {
      const late = new Follower(server.ws(token).client, id, `${first.epoch}:${at}`)
      await late.until((events) => events.some((event) => event.type === 'presence'))
      expect(late.snapshots).toBe(0)
      expect(late.revs).toEqual(upTo(at, rev))
      if (at === first.rev) expect(late.state(first)).toEqual(stored)
      late.stop()
    }
    witness.stop()
  })

  test('with a position that is of another history, of the future, or nonsense, gets a snapshot', async () => {
    const { id } = await client.createNotebook.mutate({})
    const { epoch } = await client.getNotebook.query({ id })
    const positions = [
      `other:0`,
      `${epoch}:99`,
      `${epoch}:-1`,
      `${epoch}:1e3`,
      epoch,
      ':',
      '',
      '\0',
      `${epoch}:${'9'.repeat(400)}`,
    ]
    for (const position of positions) {
      const follower = new Follower(server.ws(token).client, id, position)
      expect((await follower.snapshot()).epoch).toBe(epoch)
      follower.stop()
    }
  })

  test('too long to be told each change gets a snapshot of what is now', async () => {
    const { id } = await client.createNotebook.mutate({})
    const { epoch, rev } = await client.getNotebook.query({ id })
    const text = 'x'.repeat(200_000)
    for (let n = 0; n < 8; n += 1) await insert(client, id, `${n}${text}`)
    const late = new Follower(server.ws(token).client, id, `${epoch}:${rev}`)
    expect(await late.snapshot()).toEqual(await client.getNotebook.query({ id }))
    expect(late.revs).toEqual([])
    late.stop()
  })

  test('while the server was restarted on the same data goes on in the same history', async () => {
    const before = await TestServer.start()
    const { token: mine, cookie } = await before.guest()
    const { id } = await before.http(mine).createNotebook.mutate({})
    const { cellId } = await before.http(mine).insertCell.mutate({
      ...{ notebookId: id, language: 'typescript' },
      source: 'console.log("begun"); await new Promise(() => {})',
    })
    const follower = new Follower(before.ws(mine).client, id)
    const { epoch } = await follower.snapshot()
    await follower.started((await before.http(mine).runCell.mutate({ notebookId: id, cellId })).runId)
    await follower.until(() => follower.state().cells[0]?.outputs.length === 1)
    const screen = follower.state()
    const position = follower.position ?? ''
    await before.stop()

    const after = await TestServer.start({}, { dataDir: before.dataDir })
    const again = new Follower(after.ws(await after.token(cookie)).client, id, position)
    const fresh = after.http(mine)
    const { rev } = await insert(fresh, id)
    await again.reached(rev)
    const stored = await fresh.getNotebook.query({ id })
    expect(stored.epoch).toBe(epoch)
    expect(again.snapshots).toBe(0)
    expect(again.revs).toEqual(upTo(screen.rev, rev))
    expect(again.state(screen)).toEqual(stored)
    expect(stored.cells[0]).toMatchObject({
      ...{ status: 'idle', stale: true, outputs: [{ text: 'begun\n' }] },
      result: { kind: 'interrupted', reason: 'the server was stopped' },
    })
    await after.close()
    await before.close()
  })
})

describe('[C6] a reader that does not read', () => {
  test('costs the server no more than the limit, is cut, and hinders nobody', async () => {
    const { id } = await client.createNotebook.mutate({})
    const slow = await RawSocket.open(server.url, { params: { token } })
    slow.subscribe(1, 'notebook', { id })
    await slow.until(({ result }) => result?.type === 'data')
    const quick = new Follower(server.ws(token).client, id)
    await quick.snapshot()
    slow.socket.pause()
    const held: number[] = []
    const text = 'x'.repeat(100_000)
    let rev = 0
    // Far more than the limit and what the kernel's buffers take.
    for (let n = 0; n < 120; n += 1) {
      rev = (
        await client.applyEdits.mutate({
          notebookId: id,
          edits: [
            n % 2 === 0
              ? { insert: markdown(`${n}${text}`) }
              : { cellId: quick.state().cells[0]?.id ?? '', source: `${n}${text}` },
          ],
        })
      ).rev
      await quick.reached(rev)
      held.push(server.backlog())
    }
    expect(Math.max(...held)).toBeGreaterThan(100_000)
    // One event more than the limit is let through: it is the one that goes beyond.
    expect(Math.max(...held)).toBeLessThan(256 * 1024 + 2 * text.length)
    expect(quick.snapshots).toBe(1)
    expect(quick.revs).toEqual(upTo(0, rev))
    slow.socket.resume()
    expect((await slow.closed).code).toBe(1006)
    quick.stop()
  })

  test('for a while only, goes on where it was, with a snapshot when it is too far behind', async () => {
    const patient = await TestServer.start({}, { pace: { highWater: 256 * 1024 } })
    const mine = (await patient.guest()).token
    const http = patient.http(mine)
    const { id } = await http.createNotebook.mutate({})
    const slow = await RawSocket.open(patient.url, { params: { token: mine } })
    slow.subscribe(1, 'notebook', { id })
    await slow.until(({ result }) => result?.type === 'data')
    slow.socket.pause()
    const text = 'x'.repeat(100_000)
    let rev = 0
    while (patient.backlog() === 0) rev = (await insert(http, id, text)).rev
    for (let n = 0; n < 20; n += 1) rev = (await insert(http, id, text)).rev
    slow.socket.resume()
    const last = await slow.until(({ result }) => result?.id?.endsWith(`:${rev}`) === true)
    expect(last.result?.data).toMatchObject({ data: { type: 'snapshot' } })
    slow.close()
    await patient.close()
  })
})
