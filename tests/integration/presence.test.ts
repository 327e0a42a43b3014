import type { Presence } from '@rivulet/server/notebook/model'
import { describe, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { RawSocket } from '../support/rawSocket.ts'
import { useSignedIn } from '../support/signedIn.ts'
import { codeOf, Follower } from '../support/testServer.ts'

const shared = useSignedIn()

async function notebook() {
  const { id: notebookId } = await shared.client.createNotebook.mutate({})
  const { cellId } = await shared.client.insertCell.mutate({ notebookId, language: 'markdown', source: 'one two' })
  return { notebookId, cellId }
}

const follow = (notebookId: string) => new Follower(shared.server.ws(shared.token).client, notebookId)

/** Somebody who follows under a name of their own, on a socket that can be cut. */
async function joins(notebookId: string, clientId: string, token = shared.token): Promise<RawSocket> {
  const socket = await RawSocket.open(shared.server.url, { params: { token } })
  socket.subscribe(1, 'notebook', { id: notebookId, clientId })
  await socket.until(({ result }) => result?.type === 'data')
  return socket
}

/** The latest list of people in which `fits` holds for everybody. */
const people = (follower: Follower, fits: (all: Presence[]) => boolean) =>
  follower.until((events) => events.findLast((event) => event.type === 'presence' && fits(event.people))) as Promise<{
    people: Presence[]
  }>

const place = (notebookId: string, clientId: string, at: object, client: Client = shared.client) =>
  client.setPresence.mutate({ notebookId, clientId, ...at })

describe('[E6] where people are', () => {
  test('is told to the others, and changes nothing of the notebook', async () => {
    const { notebookId, cellId } = await notebook()
    const follower = follow(notebookId)
    const { rev } = await follower.snapshot()
    const socket = await joins(notebookId, 'ada')
    const selection = { anchor: 0, head: 3, version: 1 }
    expect(await place(notebookId, 'ada', { cellId, selection })).toEqual({ shown: true })
    const { people: all } = await people(follower, (list) => list.some((person) => person.selection))
    const { userId } = await shared.client.whoami.query()
    const ada = all.find(({ clientId }) => clientId === 'ada')
    expect(ada).toEqual({ clientId: 'ada', userId, name: 'Guest', colour: expect.any(Number), cellId, selection })
    expect(new Set(all.map(({ colour }) => colour))).toEqual(new Set([0, 1]))
    expect((await shared.client.getNotebook.query({ id: notebookId })).rev).toBe(rev)
    await place(notebookId, 'ada', {})
    await people(follower, (list) => list.length === 2 && list.every((person) => !person.cellId))
    follower.stop()
    socket.close()
  })

  test('goes with their socket, also when it is cut; one that came back meanwhile stays', async () => {
    const { notebookId, cellId } = await notebook()
    const follower = follow(notebookId)
    const old = await joins(notebookId, 'ada')
    await place(notebookId, 'ada', { cellId })
    await people(follower, (list) => list.some((person) => person.cellId === cellId))
    const again = await joins(notebookId, 'ada')
    old.socket.terminate()
    await old.closed
    const third = await joins(notebookId, 'third')
    const { people: all } = await people(follower, (list) => list.some(({ clientId }) => clientId === 'third'))
    expect(all).toHaveLength(3)
    expect(all.find(({ clientId }) => clientId === 'ada')).toMatchObject({ cellId })
    again.socket.terminate()
    await people(follower, (list) => list.length === 2 && list.every(({ clientId }) => clientId !== 'ada'))
    follower.stop()
    third.close()
  })

  test('moves along with what is typed before it', async () => {
    const { notebookId, cellId } = await notebook()
    const follower = follow(notebookId)
    const socket = await joins(notebookId, 'ada')
    await place(notebookId, 'ada', { cellId, selection: { anchor: 4, head: 7, version: 1 } })
    const type = (baseVersion: number, changes: [[0, string], number] | [number, [0, string]], clientId: string) =>
      shared.client.editCell.mutate({ notebookId, cellId, baseVersion, changes, clientId })
    await type(1, [[0, 'zero '], 7], 'somebody')
    // What she types herself is before her cursor; what somebody else types there is behind it.
    await type(2, [12, [0, '!']], 'ada')
    await type(3, [13, [0, '?']], 'somebody')
    const late = follow(notebookId)
    const { people: all } = await people(late, (list) => list.some((person) => person.selection))
    expect(all.find(({ clientId }) => clientId === 'ada')?.selection).toEqual({ anchor: 9, head: 13, version: 4 })
    // She speaks of a version that others have left behind.
    await place(notebookId, 'ada', { cellId, selection: { anchor: 0, head: 0, version: 1 } })
    await people(late, (list) => list.some(({ selection }) => selection?.anchor === 0 && selection.version === 4))
    for (const one of [follower, late]) one.stop()
    socket.close()
  })

  test('in a cell that is gone, at a version that never was, of somebody who is not there, is not shown', async () => {
    const { notebookId, cellId } = await notebook()
    const follower = follow(notebookId)
    expect(await place(notebookId, 'nobody', { cellId })).toEqual({ shown: false })
    const socket = await joins(notebookId, 'ada')
    expect(await place(notebookId, 'ada', { cellId, selection: { anchor: 0, head: 0, version: 9 } })).toEqual({ shown: true })
    await people(follower, (list) => list.some((person) => person.cellId === cellId && !person.selection))
    await place(notebookId, 'ada', { cellId: 'gone' })
    await people(follower, (list) => list.length === 2 && list.every((person) => !person.cellId))
    const stranger = shared.server.http((await shared.server.guest()).token)
    expect(await codeOf(place(notebookId, 'ada', { cellId }, stranger))).toBe('NOT_FOUND')
    const selection = { anchor: -1, head: 0.5, version: 1 }
    expect(await codeOf(place(notebookId, 'ada', { cellId, selection }))).toBe('BAD_REQUEST')
    expect(await codeOf(place(notebookId, 'a'.repeat(101), { cellId }))).toBe('BAD_REQUEST')
    follower.stop()
    socket.close()
  })
})
