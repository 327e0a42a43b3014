import { setImmediate as nextTurn } from 'node:timers/promises'
import type { NotebookEvent } from '@rivulet/server/notebook/events'
import { Audience, type Batch, type Member, type Told } from '@rivulet/server/src/session/audience.ts'
import { type Entry, entryOf, Journal, shared } from '@rivulet/server/src/session/journal.ts'
import { expect, test } from 'vitest'

const by = { userId: 'u', name: 'U', via: 'ui' } as const
const NEVER = new AbortController().signal

/** A history that grows, as a session has it. */
class Story implements Told {
  readonly epoch = 'e'
  rev = 0
  readonly people = { version: 0, event: (): NotebookEvent => shared({ type: 'presence', people: [] }) }
  readonly audience = new Audience(this)
  private readonly journal = new Journal()

  happens(title: string): void {
    this.rev += 1
    const changes = [{ type: 'notebook.set', patch: { title } }] as const
    this.journal.append(entryOf({ type: 'changes', rev: this.rev, at: '', by, changes: [...changes] }))
    this.audience.notify()
  }

  entriesSince(rev: number): Entry[] | undefined {
    return rev === this.rev ? [] : this.journal.since(rev)
  }
}

function member(rev: number, room = 1_000_000): Member & { got: Batch[] } {
  const got: Batch[] = []
  const line = (_: string, batch: Batch) => got.push(batch) > 0
  return { rev, presence: 0, head: '{"id":1', line, room: () => room, got }
}

const positions = ({ got }: { got: Batch[] }) => got.map(({ items }) => items.map(({ position }) => position))

test('what happens in one turn is one batch, the same for all who are at the same place', async () => {
  const story = new Story()
  const [one, two] = [member(0), member(0)]
  for (const each of [one, two]) void story.audience.listen(each, NEVER)
  for (const title of ['a', 'b', 'c']) story.happens(title)
  expect(one.got).toEqual([])
  await nextTurn()
  expect(positions(one)).toEqual([['e:1', 'e:2', 'e:3']])
  expect(two.got[0]).toBe(one.got[0])
  story.happens('d')
  await nextTurn()
  expect(positions(two)).toEqual([['e:1', 'e:2', 'e:3'], ['e:4']])
})

test('who came later, or saw who is there before, is given what is new to them', async () => {
  const story = new Story()
  story.happens('a')
  const [late, early] = [member(1), member(0)]
  for (const each of [late, early]) void story.audience.listen(each, NEVER)
  story.happens('b')
  story.people.version += 1
  await nextTurn()
  expect(positions(early)).toEqual([['e:1', 'e:2', 'e:2']])
  expect(positions(late)).toEqual([['e:2', 'e:2']])
  expect(late.got[0]?.items[1]?.text).toBe('{"type":"presence","people":[]}')
  story.audience.notify()
  await nextTurn()
  expect(late.got).toHaveLength(1)
})

test('who has no room, whose line is gone, and for whom the history does not reach back leaves with its place, and is told nothing', async () => {
  const story = new Story()
  const full = member(0, 10)
  const gone = { ...member(0), line: () => false }
  const lost = member(-5)
  const left = [full, gone, lost].map((each) => story.audience.listen(each, NEVER))
  story.happens('a')
  await Promise.all(left)
  expect([full.rev, gone.rev, lost.rev]).toEqual([0, 0, -5])
  expect([...full.got, ...lost.got]).toEqual([])
})

test('who has left is told nothing of what was about to be', async () => {
  const story = new Story()
  const mine = member(0)
  const stop = new AbortController()
  const left = story.audience.listen(mine, stop.signal)
  story.happens('a')
  stop.abort()
  await left
  await nextTurn()
  expect(mine.got).toEqual([])
  await story.audience.listen(mine, stop.signal)
})
