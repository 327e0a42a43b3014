import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Drafts } from '../../../web/src/features/cell/drafts/Drafts.ts'
import { textAlgebra } from '../../../web/src/features/cell/editor/textAlgebra.ts'
import { type Place, Whereabouts } from '../../../web/src/features/notebook/Whereabouts.ts'

const person = (clientId: string, cellId?: string) => ({ clientId, userId: 'u', name: 'U', ...(cellId && { cellId }) })

function setUp() {
  const said: Place[] = []
  const net = { live: true, answerMs: 10 }
  const drafts = new Drafts({
    storage: { save: () => undefined, forget: () => undefined } as never,
    send: async () => ({ kind: 'later' }),
    onOrphan: () => undefined,
  })
  drafts.receive({ id: 'a', version: 3, source: 'one two' })
  drafts.share('a', textAlgebra, () => undefined)
  const whereabouts = new Whereabouts({
    clientId: 'me',
    send: async (place) => {
      said.push(place)
      await new Promise((resolve) => setTimeout(resolve, net.answerMs))
    },
    draftsNow: () => drafts,
    isLive: () => net.live,
  })
  return { whereabouts, said, net, drafts }
}

const at = (anchor: number, head = anchor) => ({ anchor, head })
const selection = (anchor: number, head = anchor) => ({ anchor, head, version: 3 })

describe('[E6] where one is', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is said to nobody while nobody is there, and at once when somebody comes', async () => {
    const { whereabouts, said } = setUp()
    whereabouts.entered('a', true)
    whereabouts.cursorAt('a', at(2), true)
    whereabouts.told([person('me')])
    await vi.advanceTimersByTimeAsync(1_000)
    expect([said, whereabouts.isWatched]).toEqual([[], false])
    whereabouts.told([person('me'), person('other')])
    await vi.advanceTimersByTimeAsync(1_000)
    expect([said, whereabouts.isWatched]).toEqual([[{ cellId: 'a', selection: selection(2) }], true])
  })

  it('is said ten times a second at most, and last where one is last, however slow the line', async () => {
    const { whereabouts, said, net } = setUp()
    whereabouts.told([person('me'), person('other')])
    whereabouts.entered('a', true)
    for (let n = 0; n < 100; n += 1) {
      whereabouts.cursorAt('a', at(n % 7), true)
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(said.length).toBeGreaterThan(5)
    expect(said.length).toBeLessThan(12)
    net.answerMs = 5_000
    for (const place of [1, 2, 5]) {
      whereabouts.cursorAt('a', at(place), true)
      await vi.advanceTimersByTimeAsync(200)
    }
    const before = said.length
    await vi.advanceTimersByTimeAsync(20_000)
    expect(said.length).toBe(before + 1)
    expect(said.at(-1)).toEqual({ cellId: 'a', selection: selection(5) })
  })

  it('is in the text that the server has, and not said again because others typed before it', async () => {
    const { whereabouts, said, drafts } = setUp()
    whereabouts.told([person('me', 'a'), person('other')])
    drafts.type('a', 'one, two')
    whereabouts.entered('a', true)
    whereabouts.cursorAt('a', at(5, 8), true)
    await vi.advanceTimersByTimeAsync(400)
    expect(said).toEqual([{ cellId: 'a', selection: selection(4, 7) }])
    whereabouts.cursorAt('a', at(2), false)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(said).toHaveLength(1)
  })

  it('is a cell only while its editor has not the keys, and nothing after that', async () => {
    const { whereabouts, said } = setUp()
    whereabouts.told([person('me'), person('other')])
    whereabouts.cursorAt('a', at(1), true)
    whereabouts.entered('a', false)
    await vi.advanceTimersByTimeAsync(200)
    whereabouts.entered(null, false)
    await vi.advanceTimersByTimeAsync(200)
    expect(said).toEqual([
      { cellId: 'a', selection: null },
      { cellId: null, selection: null },
    ])
  })

  it('is said again when the server has lost sight of it, and not while the line is down', async () => {
    const { whereabouts, said, net } = setUp()
    whereabouts.told([person('me'), person('other')])
    whereabouts.entered('a', false)
    await vi.advanceTimersByTimeAsync(200)
    whereabouts.told([person('me', 'a'), person('other')])
    await vi.advanceTimersByTimeAsync(200)
    expect(said).toHaveLength(1)
    net.live = false
    whereabouts.entered('b', false)
    await vi.advanceTimersByTimeAsync(200)
    expect(said).toHaveLength(1)
    net.live = true
    whereabouts.told([person('me'), person('other')])
    await vi.advanceTimersByTimeAsync(200)
    expect(said).toHaveLength(2)
  })
})
