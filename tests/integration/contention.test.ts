import { evolveAll, fromWire, toWire } from '@rivulet/server/notebook/evolve'
import type { Notebook } from '@rivulet/server/notebook/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Agent, Arranger, type Contender, type Done, marksIn, Typist, Writer } from '../support/contenders.ts'
import { Chance, SEED } from '../support/random.ts'
import { Follower, TestServer } from '../support/testServer.ts'

/**
 * Several people, tabs and an agent at once in one notebook, over the real router; `HISTORIES=100` for more, `SEED=…` for others.
 */
const HISTORIES = Number(process.env.HISTORIES ?? 8)
const ATTEMPTS = 25

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ RATE_LIMIT_PER_MINUTE: '1000000' })
})
afterAll(() => server.close())

/** The page at every position, as one follower was told. */
function pagesOf({ events }: Follower): Map<number, Notebook> {
  const pages = new Map<number, Notebook>()
  let state: ReturnType<typeof fromWire> | undefined
  for (const { data } of events) {
    if (data.type === 'snapshot') state = fromWire(data.notebook)
    else if (data.type === 'changes' && state) state = evolveAll(state, data.changes, data.rev)
    if (state) pages.set(state.rev, toWire(state))
  }
  return pages
}

const marksOf = (page: Notebook | undefined) => page?.cells.flatMap(({ source }) => marksIn(source)) ?? []
/** What may leave things as they are: then there is no position of its own. */
const mayDoNothing = ({ what }: Done) => what === 'move' || what === 'undo'

test(
  `[E8] [E3] [E4] [S3] ${HISTORIES} histories of people, tabs and an agent: what was accepted is there, what was refused is not, and nobody was overwritten unseen`,
  async () => {
    console.log(`SEED=${SEED} HISTORIES=${HISTORIES}`)
    const { token } = await server.guest()
    const counts: Record<string, number> = {}
    for (let history = 0; history < HISTORIES; history += 1) {
      const chance = new Chance(SEED + history)
      const http = server.http(token)
      const { id: notebookId } = await http.createNotebook.mutate({ title: `History ${history}` })
      const insert = { insert: { language: 'markdown' as const, source: '' } }
      await http.applyEdits.mutate({ notebookId, edits: [insert, insert, insert, insert], run: false })
      const witness = new Follower(server.ws(token).client, notebookId)
      const first = await witness.snapshot()
      const follower = new Follower(server.ws(token).client, notebookId)
      await follower.snapshot()
      const options = () => ({ client: http, notebookId, chance: new Chance(chance.below(2 ** 31)), follower })
      const stranger = new Typist('of another epoch', options())
      stranger.epoch = 'another history'
      const people: Contender[] = [
        new Typist('tab 1', options()),
        new Typist('tab 2', { ...options(), client: server.ws(token).client }),
        new Writer('script', options()),
        new Agent('agent', { ...options(), client: server.ws(token).client }),
        new Arranger('arranger', options()),
        stranger,
      ]
      await Promise.all(
        people.map(async (person) => {
          for (let left = ATTEMPTS; left > 0; left -= 1) await person.act()
        }),
      )
      const stored = await http.getNotebook.query({ id: notebookId })
      await witness.reached(stored.rev)
      const pages = pagesOf(witness)
      const done = people.flatMap((person) => person.done).sort((a, b) => a.rev - b.rev)
      const refused = people.flatMap((person) => person.refused)

      const claimed = done.filter((one) => !mayDoNothing(one)).map(({ rev }) => rev)
      // In the order in which they were accepted, each did what it was to do, to what it was about.
      for (const one of done) {
        const after = pages.get(one.rev)
        // With nothing left to do it was answered with the position that somebody else had made.
        const before = mayDoNothing(one) && claimed.includes(one.rev) ? after : pages.get(one.rev - 1)
        if (!after || !before) throw new Error(`${one.what} was answered with position ${one.rev}`)
        try {
          one.check(before, after)
        } catch (error) {
          throw new Error(`${one.who}, ${one.what} at ${one.rev}`, { cause: error })
        }
      }
      // And nothing else happened: every position is somebody's, and nobody shares one with another who changed something.
      expect(new Set(claimed).size).toBe(claimed.length)
      const all = new Set(done.map(({ rev }) => rev))
      for (const rev of pages.keys()) if (rev > first.rev) expect(all.has(rev), `position ${rev}`).toBe(true)

      // What was refused was said to be, for a reason, and is nowhere.
      const everSeen = new Set([...pages.values()].flatMap(marksOf))
      for (const { code, marks } of refused) {
        expect(['CONFLICT', 'NOT_FOUND']).toContain(code)
        for (const mark of marks) expect(everSeen.has(mark)).toBe(false)
      }
      // Whoever believes to be in another history may propose, and no more.
      expect(stranger.done).toEqual([])
      expect(pages.get(stored.rev)).toEqual(stored)
      for (const { what } of done) counts[what] = (counts[what] ?? 0) + 1
      for (const { code } of refused) counts[code] = (counts[code] ?? 0) + 1
      witness.stop()
      follower.stop()
    }
    console.log(JSON.stringify(counts))
    for (const what of [
      'type',
      'undo',
      'write',
      'batch on versions',
      'batch on a position',
      'move',
      'delete',
      'restore',
      'CONFLICT',
    ])
      expect(counts[what], what).toBeGreaterThan(0)
  },
  60_000 + HISTORIES * 20_000,
)
