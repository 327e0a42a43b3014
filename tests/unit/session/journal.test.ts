import type { Change } from '@rivulet/server/notebook/events'
import { entryOf, Journal, sharedText } from '@rivulet/server/src/session/journal.ts'
import { Lists } from '@rivulet/server/src/session/lists.ts'
import { Signal } from '@rivulet/server/src/session/signal.ts'
import { expect, test } from 'vitest'

const BY = { userId: 'u', name: 'Ada "the first"', via: 'ui' as const }
const AT = '2026-01-01T00:00:00.000Z'

function entry(rev: number, text = '') {
  const changes: Change[] = [{ type: 'notebook.set', patch: { title: `${rev}${text}` } }]
  return entryOf({ type: 'changes', rev, at: AT, by: BY, changes })
}

test('the text that followers share is the event’s own JSON', () => {
  const { event, json } = entry(7, '\0\ud800"\\\u2028')
  expect(sharedText(event)).toBe(JSON.stringify(event))
  expect(json).toBe(JSON.stringify(event.changes))
  expect([sharedText({ ...event }), sharedText(undefined), sharedText('x')]).toEqual([undefined, undefined, undefined])
})

test('[C4] gives what came after a position, or says that it does not reach back', () => {
  const journal = new Journal()
  expect(journal.since(0)).toBeUndefined()
  for (const rev of [5, 6, 7]) journal.append(entry(rev))
  expect(journal.since(4)?.map(({ rev }) => rev)).toEqual([5, 6, 7])
  expect(journal.since(6)?.map(({ rev }) => rev)).toEqual([7])
  expect(journal.since(7)).toEqual([])
  expect(journal.since(3)).toBeUndefined()
})

test('keeps a bounded size, and the last decision however large it is', () => {
  const journal = new Journal()
  for (let rev = 1; rev <= 30; rev += 1) journal.append(entry(rev, 'x'.repeat(100_000)))
  expect(journal.since(19)).toBeUndefined()
  expect(journal.since(20)?.length).toBe(10)
  journal.append(entry(31, 'x'.repeat(3_000_000)))
  expect(journal.since(30)?.map(({ rev }) => rev)).toEqual([31])
})

test('a signal wakes those who wait, once, and those whose own signal aborts', async () => {
  const signal = new Signal()
  const [mine, other] = [new AbortController(), new AbortController()]
  const woken: string[] = []
  const waits = [mine, other].map(({ signal: own }, index) => signal.wait(own).then(() => woken.push(String(index))))
  other.abort()
  await waits[1]
  expect(woken).toEqual(['1'])
  signal.notify()
  await waits[0]
  expect(woken).toEqual(['1', '0'])
  await signal.wait(other.signal)
})

test('lists are watched per user; nothing is held of who went', () => {
  const lists = new Lists()
  const [first, second] = [lists.watch('u'), lists.watch('u')]
  lists.touch('u')
  lists.touch('somebody else')
  expect([first.changes.version, second.changes.version]).toEqual([1, 1])
  first.release()
  lists.touch('u')
  expect(second.changes.version).toBe(2)
  second.release()
  expect(lists.watch('u').changes.version).toBe(0)
})
