import type { Cursor, Range } from './cursor.ts'

/** What stands between `with` and the statement that it belongs to. */
export interface CommonTables {
  recursive: boolean
  tables: CommonTable[]
  /** Where the statement begins. */
  next: number
}

interface CommonTable {
  name: string
  body: Range
}

/** Without tables where `with` means something else. */
export function readCommonTables(cursor: Cursor, at: number, to: number): CommonTables {
  const recursive = cursor.word(at + 1) === 'recursive'
  const tables: CommonTable[] = []
  let next = recursive ? at + 2 : at + 1
  for (;;) {
    const table = readCommonTable(cursor, next, to)
    if (!table) break
    tables.push(table)
    next = behindSearchAndCycle(cursor, table.body.to + 1, to)
    if (!cursor.is(next, ',')) break
    next += 1
  }
  return { recursive, tables, next }
}

/** `name [(columns)] [using key (…)] as [not] [materialized] (…)`. */
function readCommonTable(cursor: Cursor, at: number, to: number): CommonTable | undefined {
  const name = cursor.identifier(at)?.folded
  let next = at + 1
  if (cursor.is(next, '(')) next = cursor.behind(next, to)
  const key = cursor.skipPhrase(next, 'using key')
  if (key > next) next = cursor.behind(key, to)
  if (name === undefined || cursor.word(next) !== 'as') return undefined
  next = cursor.skip(next + 1, 'not', 'materialized')
  if (!cursor.is(next, '(')) return undefined
  return { name, body: { from: next + 1, to: cursor.behind(next, to) - 1 } }
}

/** `search … set column`, `cycle … set column [to x default y] using column`. */
function behindSearchAndCycle(cursor: Cursor, at: number, to: number): number {
  let next = at
  while (cursor.word(next) === 'search' || cursor.word(next) === 'cycle') {
    while (next < to && cursor.word(next) !== 'set') next += 1
    next += 2
    if (cursor.word(next) === 'to') next += 4
    if (cursor.word(next) === 'using') next += 2
  }
  return Math.min(next, to)
}
