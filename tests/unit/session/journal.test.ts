import type { Change } from '@rivulet/server/notebook/events'
import { entryOf, Journal } from '@rivulet/server/src/session/journal.ts'
import { expect, test } from 'vitest'

const by = { userId: 'u', name: 'U', via: 'api' } as const

/** A decision whose JSON is about so long. */
function decision(rev: number, characters: number) {
  const change: Change = { type: 'cell.edited', cellId: 'c', version: rev, source: 'x'.repeat(characters) }
  return entryOf({ type: 'changes', rev, at: '2026-01-01T00:00:00.000Z', by, changes: [change] })
}

function journal(...sizes: number[]): Journal {
  const made = new Journal()
  for (const [n, size] of sizes.entries()) made.append(decision(n + 1, size))
  return made
}

test('[C4] what comes within one turn of the loop is told to who keeps up, however long it is', () => {
  const long = journal(...Array.from({ length: 10 }, () => 100_000), 700_000, 700_000, 2_000_000)
  expect(long.since(10)?.map(({ rev }) => rev)).toEqual([11, 12, 13])
  expect(long.since(9)?.length).toBe(4)
  expect(long.since(8)).toBeUndefined()
})

test('memory is bounded: a megabyte of many decisions, eight of few, and the last one in any case', () => {
  expect(journal(...Array.from({ length: 100 }, () => 100_000)).since(88)).toBeUndefined()
  expect(journal(5_000_000, 5_000_000).since(0)).toBeUndefined()
  expect(journal(5_000_000, 9_000_000).since(1)?.length).toBe(1)
})
