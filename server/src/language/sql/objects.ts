import type { Cursor, Range, TableName } from './cursor.ts'
import type { CreatedTable, StatementKind, TableUse } from './facts.ts'

interface Objects {
  uses: TableUse[]
  creates: CreatedTable[]
}

type ObjectKind = Extract<StatementKind, 'drop' | 'alter' | 'truncate' | 'maintenance' | 'permission'>

/** Tables and views that a statement is about as a whole. Other objects have no names here. */
export function readObjects(kind: ObjectKind, cursor: Cursor, range: Range): Objects {
  const at = range.from + 1
  switch (kind) {
    case 'drop':
      return usesOf(tablesBehind(cursor, at), 'drop')
    case 'alter':
      return readAlter(cursor, at)
    case 'truncate':
      return usesOf(cursor.names(cursor.skip(at, 'table', 'only')), 'write')
    case 'maintenance':
      return usesOf(maintained(cursor, range), 'write')
    case 'permission': {
      const on = cursor.find('on', range.from, range.to)
      return usesOf(on === undefined ? [] : named(cursor, on + 1), 'write')
    }
  }
}

function usesOf(tables: readonly TableName[], how: TableUse['how']): Objects {
  return { uses: tables.map((table) => ({ table, how })), creates: [] }
}

const KINDS = new Set(['table', 'view'])

/** `[materialized] table|view [if exists] a, b`. */
function tablesBehind(cursor: Cursor, at: number): TableName[] {
  const object = cursor.skip(at, 'materialized', 'foreign')
  if (!KINDS.has(cursor.word(object))) return []
  return cursor.names(cursor.skip(cursor.skipPhrase(object + 1, 'if exists'), 'only'))
}

/** Renaming makes one name of another. */
function readAlter(cursor: Cursor, at: number): Objects {
  const [table] = tablesBehind(cursor, at)
  if (!table) return usesOf([], 'write')
  const object = cursor.skip(at, 'materialized', 'foreign')
  const start = cursor.skip(cursor.skipPhrase(object + 1, 'if exists'), 'only')
  const end = cursor.name(start)?.next ?? start
  const renamed = cursor.skipPhrase(end, 'rename to')
  const name = renamed > end ? cursor.name(renamed)?.name : undefined
  if (!name) return usesOf([table], 'write')
  const kind = cursor.word(object) === 'view' ? 'view' : 'table'
  return { ...usesOf([table], 'drop'), creates: [{ table: besides(table, name), kind, temporary: false }] }
}

/** A renamed table stays in its schema. */
function besides(old: TableName, renamed: TableName): TableName {
  return {
    parts: [...old.parts.slice(0, -1), ...renamed.parts],
    folded: [...old.folded.slice(0, -1), ...renamed.folded],
    offset: renamed.offset,
  }
}

const WITHOUT_TABLES = new Set(['listen', 'notify', 'unlisten', 'checkpoint', 'reindex'])

/** `vacuum t`, `refresh materialized view v`. */
function maintained(cursor: Cursor, { from }: Range): TableName[] {
  if (WITHOUT_TABLES.has(cursor.word(from))) return []
  return named(cursor, cursor.skip(from + 1, 'full', 'analyze', 'verbose', 'freeze', 'materialized'))
}

const OTHERS = new Set('sequence index type schema macro function procedure trigger database language column'.split(' '))

/** Names of tables unless a word says that they are of something else. */
function named(cursor: Cursor, at: number): TableName[] {
  const word = cursor.word(at)
  if (OTHERS.has(word)) return []
  return cursor.names(cursor.skip(KINDS.has(word) ? at + 1 : cursor.skipPhrase(at, 'materialized view'), 'concurrently', 'only'))
}
