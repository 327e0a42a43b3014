import { ChangeSet } from '@codemirror/state'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Drafts } from '../../../web/src/features/cell/drafts/Drafts.ts'
import type { StoredDraft } from '../../../web/src/features/cell/drafts/draftStorage.ts'
import type { Outgoing, Sent } from '../../../web/src/features/cell/drafts/outgoing.ts'
import { textAlgebra } from '../../../web/src/features/cell/editor/textAlgebra.ts'
import { CELL, TypingServer } from '../../support/typingServer.ts'

const ANSWER_MS = 20

/** One page and its server; the events come when `events` is called. */
function setUp(source = 'one\ntwo') {
  const server = new TypingServer(source)
  const stored = new Map<string, StoredDraft>()
  const calls: Outgoing[] = []
  const net = { loses: 'nothing' as 'nothing' | 'requests' | 'answers', watched: false }
  const drafts = new Drafts({
    storage: {
      save: (cellId: string, draft: StoredDraft) => stored.set(cellId, draft),
      forget: (cellId: string) => stored.delete(cellId),
    } as never,
    send: async (edit): Promise<Sent> => {
      calls.push(edit)
      const sent = net.loses === 'requests' ? undefined : server.receive(edit, 'mine')
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS))
      return sent && net.loses === 'nothing' ? sent : { kind: 'later' }
    },
    onOrphan: () => undefined,
    watched: () => net.watched,
  })
  const cell = () => ({ id: CELL, version: server.version, source: server.source })
  drafts.receive(cell())
  let seen = server.edits.length
  const text = () => drafts.get(CELL).get().text
  return {
    ...{ server, drafts, stored, calls, net, cell, text },
    events: () => {
      for (const edit of server.edits.slice(seen)) drafts.follow(edit)
      seen = server.edits.length
    },
    type: (from: number, insert: string) => {
      const changes = ChangeSet.of({ from, insert }, text().length)
      drafts.type(CELL, text().slice(0, from) + insert + text().slice(from), changes)
    },
    share: () => {
      const shown: string[] = []
      const stop = drafts.share(CELL, textAlgebra, ({ changes }) => shown.push(JSON.stringify(changes)))
      return { shown, stop }
    },
  }
}

describe('[E2] the text of an editor', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('travels as changes, a pause after the last keystroke', async () => {
    const { share, type, calls, events, drafts, stored, server } = setUp()
    share()
    type(0, 'a')
    await vi.advanceTimersByTimeAsync(200)
    type(1, 'b')
    await vi.advanceTimersByTimeAsync(260)
    expect(calls).toMatchObject([{ baseVersion: 1, changes: [[0, 'ab'], 7] }])
    await vi.advanceTimersByTimeAsync(ANSWER_MS)
    expect(stored.size).toBe(1)
    events()
    expect([server.source, drafts.unsent.get(), stored.size]).toEqual(['abone\ntwo', 0, 0])
  })

  it('travels while it is typed where somebody watches', async () => {
    const { share, type, calls, events, net, server } = setUp('')
    share()
    net.watched = true
    for (const key of 'abcdefghijklmnopqrst') {
      type(0, key)
      await vi.advanceTimersByTimeAsync(40)
      events()
    }
    expect(calls.length).toBeGreaterThan(4)
    expect(calls.length).toBeLessThan(10)
    await vi.advanceTimersByTimeAsync(200)
    expect(server.source).toBe('tsrqponmlkjihgfedcba')
  })

  it('is asked for again with the same operation, mapped over what has come meanwhile', async () => {
    const { share, type, calls, events, net, server, text } = setUp()
    share()
    net.loses = 'answers'
    type(7, '!')
    await vi.advanceTimersByTimeAsync(300)
    server.replace('ONE\ntwo!')
    net.loses = 'nothing'
    await vi.advanceTimersByTimeAsync(2_100)
    expect(calls).toHaveLength(2)
    expect(calls[1]?.opId).toBe(calls[0]?.opId)
    events()
    expect([text(), server.source, server.version]).toEqual(['ONE\ntwo!', 'ONE\ntwo!', 3])
  })

  it('goes on in its cell after the editor has left, and before it has come', async () => {
    const { share, type, events, server, text, drafts } = setUp()
    drafts.type(CELL, 'ONE\ntwo')
    const { shown, stop } = share()
    await vi.advanceTimersByTimeAsync(300)
    events()
    server.replace('ONE\ntwo\nthree')
    events()
    expect(shown).toHaveLength(1)
    stop()
    type(0, '// ')
    server.replace('ONE\ntwo\nthree\nfour')
    events()
    await vi.advanceTimersByTimeAsync(300)
    events()
    expect([text(), server.source]).toEqual(Array(2).fill('// ONE\ntwo\nthree\nfour'))
    expect(shown).toHaveLength(1)
  })

  it('is sent as a whole when that was under way before the editor came, and as changes from then on', async () => {
    const { share, type, calls, events, drafts } = setUp()
    drafts.type(CELL, 'ONE\ntwo')
    await vi.advanceTimersByTimeAsync(255)
    share()
    type(7, '!')
    await vi.advanceTimersByTimeAsync(ANSWER_MS)
    events()
    await vi.advanceTimersByTimeAsync(300)
    expect(calls).toMatchObject([{ source: 'ONE\ntwo' }, { changes: [7, [0, '!']] }])
  })

  it('[E7] is with the server before a run, the answer being enough', async () => {
    const { share, type, drafts, server } = setUp()
    share()
    type(0, 'last ')
    const flushed = drafts.flush(CELL)
    await vi.advanceTimersByTimeAsync(ANSWER_MS)
    expect(await flushed).toBe(true)
    expect(server.source).toBe('last one\ntwo')
  })

  it('[E7] is with the server before a run when more was typed while it was on its way', async () => {
    const { share, type, drafts, events, server } = setUp()
    share()
    type(0, 'a')
    await vi.advanceTimersByTimeAsync(255)
    type(1, 'b')
    const flushed = drafts.flush(CELL)
    await vi.advanceTimersByTimeAsync(ANSWER_MS)
    events()
    await vi.advanceTimersByTimeAsync(ANSWER_MS)
    expect(await flushed).toBe(true)
    expect(server.source).toBe('abone\ntwo')
  })

  it('[E7] is not with the server while its events do not come', async () => {
    const { share, type, drafts } = setUp()
    share()
    type(0, 'a')
    await vi.advanceTimersByTimeAsync(255)
    type(1, 'b')
    const flushed = drafts.flush(CELL)
    await vi.advanceTimersByTimeAsync(6_000)
    expect(await flushed).toBe(false)
  })

  it('[E4] is asked about when the server cannot rebase it and both changed one line; the choice is sent', async () => {
    const { share, type, drafts, events, server, text } = setUp()
    share()
    server.replace('1\ntwo')
    server.restart({ forgetful: true })
    type(3, '!')
    await vi.advanceTimersByTimeAsync(300)
    expect(drafts.get(CELL).get()).toMatchObject({ text: 'one!\ntwo', conflict: { version: 2, source: '1\ntwo' } })
    type(4, '!')
    expect(await drafts.flush(CELL)).toBe(false)
    drafts.resolve(CELL, 'mine')
    await vi.advanceTimersByTimeAsync(50)
    events()
    expect([text(), server.source]).toEqual(Array(2).fill('one!!\ntwo'))
    expect(drafts.unsent.get()).toBe(0)
  })

  it('[E4] of an earlier tab is merged with what the server has, and goes as changes', async () => {
    const { share, drafts, server, calls } = setUp('one\ntwo\n3')
    share()
    drafts.adopt(new Map([[CELL, { base: { version: 1, source: 'one\ntwo\nthree' }, text: 'ONE\ntwo\nthree' }]]))
    await vi.advanceTimersByTimeAsync(50)
    expect(calls).toMatchObject([{ changes: [[3, 'ONE'], 6] }])
    expect(server.source).toBe('ONE\ntwo\n3')
  })
})
