import type { Cursor, TableName } from './cursor.ts'
import type { Scope } from './queries.ts'

const TEMPORARY = new Set(['temp', 'temporary'])
const TEMPORARY_SCHEMAS = new Set(['temp', 'pg_temp'])

/** Whether a table goes with its connection. */
export function isTemporary({ folded }: TableName, modifiers: readonly string[]): boolean {
  return modifiers.some((word) => TEMPORARY.has(word)) || TEMPORARY_SCHEMAS.has(folded.at(-2) ?? '')
}

/** In which a recursive view reads itself. */
export function ownScope({ folded }: TableName): Scope {
  return { names: new Map([[folded.at(-1) ?? '', 0]]), below: 1, outer: undefined }
}

/** Other tables that a definition of columns names: foreign keys, and what it is made like or a part of. */
export function tablesOfColumns(cursor: Cursor, from: number, to: number): TableName[] {
  const found: TableName[] = []
  for (let at = from; at < to; at += 1) {
    const word = cursor.word(at)
    const before = cursor.tokens[at - 1]?.text
    const isLike = word === 'like' && (before === '(' || before === ',')
    const isPartition = word === 'of' && before === 'partition'
    if (word === 'references' || isLike || isPartition) found.push(...cursor.names(at + 1).slice(0, 1))
    else if (word === 'inherits' && cursor.is(at + 1, '(')) found.push(...cursor.names(at + 2))
  }
  return found
}
