import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Drafts } from '../../../web/src/features/cell/drafts/Drafts.ts'
import type { StoredDraft } from '../../../web/src/features/cell/drafts/draftStorage.ts'
import type { Outgoing, Sent } from '../../../web/src/features/cell/drafts/outgoing.ts'
import { wireCell } from '../../support/wire.ts'

const cell = (source: string, version: number) => wireCell('c1', { source, version })

/** A server of one cell that accepts an edit only on top of its own version. */
class OneCellServer {
  source = ''
  version = 1
  online = true
  readonly calls: string[] = []

  readonly send = async ({ baseVersion, ...edit }: Outgoing): Promise<Sent> => {
    const source = 'source' in edit ? edit.source : ''
    this.calls.push(source)
    await new Promise((resolve) => setTimeout(resolve, 20))
    if (!this.online) return { kind: 'later' }
    if (baseVersion !== this.version) return { kind: 'conflict', theirs: { version: this.version, source: this.source } }
    this.edit(source)
    return { kind: 'accepted', version: this.version }
  }

  edit(source: string): void {
    this.source = source
    this.version += 1
  }
}

function setUp(source = 'one\ntwo\nthree') {
  const server = new OneCellServer()
  server.source = source
  const stored = new Map<string, StoredDraft>()
  const orphans: string[] = []
  const drafts = new Drafts({
    storage: {
      save: (cellId: string, draft: StoredDraft) => stored.set(cellId, draft),
      forget: (cellId: string) => stored.delete(cellId),
    } as never,
    send: server.send,
    onOrphan: (text) => orphans.push(text),
  })
  drafts.receive(cell(server.source, server.version))
  return {
    server,
    drafts,
    stored,
    orphans,
    text: () => drafts.get('c1').get().text,
    echo: () => drafts.receive(cell(server.source, server.version)),
  }
}

describe('the text being typed', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is sent a quarter of a second after the last keystroke, once', async () => {
    const { server, drafts, stored } = setUp()
    drafts.type('c1', 'x')
    await vi.advanceTimersByTimeAsync(200)
    drafts.type('c1', 'xy')
    expect(stored.get('c1')?.text).toBe('xy')
    await vi.advanceTimersByTimeAsync(300)
    expect(server.calls).toEqual(['xy'])
    expect(stored.size).toBe(0)
    expect(drafts.unsent.get()).toBe(0)
  })

  it('is not disturbed by the echo of its own edit while typing goes on', async () => {
    const { server, drafts, echo, text } = setUp('')
    drafts.type('c1', 'a')
    await vi.advanceTimersByTimeAsync(251)
    drafts.type('c1', 'ab')
    server.edit('a')
    echo()
    expect(text()).toBe('ab')
    expect(drafts.get('c1').get().conflict).toBeUndefined()
  })

  it('merges with somebody else’s change to other lines', async () => {
    const { server, drafts, text } = setUp()
    drafts.type('c1', 'ONE\ntwo\nthree')
    server.edit('one\ntwo\nTHREE')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(text()).toBe('ONE\ntwo\nTHREE')
    expect(server.source).toBe('ONE\ntwo\nTHREE')
  })

  it('stays, and waits for a choice, when both changed the same line', async () => {
    const { server, drafts, text, stored } = setUp()
    drafts.type('c1', 'mine\ntwo\nthree')
    server.edit('theirs\ntwo\nthree')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(text()).toBe('mine\ntwo\nthree')
    expect(drafts.get('c1').get().conflict?.source).toBe('theirs\ntwo\nthree')
    expect(stored.get('c1')?.text).toBe('mine\ntwo\nthree')
    expect(await drafts.flush('c1')).toBe(false)

    drafts.resolve('c1', 'mine')
    await vi.advanceTimersByTimeAsync(100)
    expect(server.source).toBe('mine\ntwo\nthree')
  })

  it('can be given up for theirs', async () => {
    const { server, drafts, text } = setUp()
    drafts.type('c1', 'mine')
    server.edit('theirs')
    await vi.advanceTimersByTimeAsync(1_000)
    drafts.resolve('c1', 'theirs')
    expect(text()).toBe('theirs')
    expect(drafts.unsent.get()).toBe(0)
  })

  it('is kept while there is no answer, and sent when there is one', async () => {
    const { server, drafts, stored } = setUp()
    server.online = false
    drafts.type('c1', 'offline')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(stored.get('c1')?.text).toBe('offline')
    server.online = true
    await vi.advanceTimersByTimeAsync(3_000)
    expect(server.source).toBe('offline')
    expect(stored.size).toBe(0)
  })

  it('is with the server before a run', async () => {
    const { server, drafts } = setUp()
    drafts.type('c1', 'last keystroke')
    const flushed = drafts.flush('c1')
    await vi.advanceTimersByTimeAsync(50)
    expect(await flushed).toBe(true)
    expect(server.source).toBe('last keystroke')
  })

  it('of an earlier tab comes back on top of what the server has now', async () => {
    const { server, drafts, text } = setUp('one\ntwo\nTHREE')
    drafts.adopt(new Map([['c1', { base: { version: 1, source: 'one\ntwo\nthree' }, text: 'ONE\ntwo\nthree' }]]))
    expect(text()).toBe('ONE\ntwo\nTHREE')
    await vi.advanceTimersByTimeAsync(100)
    expect(server.source).toBe('ONE\ntwo\nTHREE')
  })

  it('of a cell that somebody deleted is offered back', () => {
    const { drafts, orphans } = setUp()
    drafts.type('c1', 'half a thought')
    drafts.remove('c1')
    expect(orphans).toEqual(['half a thought'])
  })
})
