import type { StatementKind } from '../../../language/sql/facts.ts'
import type { Token } from '../../../language/sql/tokens.ts'

const FILES = 'SQL cells have no files'
const PREPARED = 'Prepared statements are off: write a hole with the value where it goes.'

/** Kinds of statements that never run, and why. */
export const REFUSED: Partial<Record<StatementKind, string>> = {
  copy: `${FILES}: COPY is off.`,
  export: `${FILES}: EXPORT DATABASE is off.`,
  import: `${FILES}: IMPORT DATABASE is off.`,
  attach: 'Other databases cannot be attached: a notebook has connections for that.',
  detach: 'There is no other database to detach.',
  use: 'USE is off: write the schema before the table, as in `schema.table`.',
  set: 'The settings of the engine are fixed: SET and RESET are off.',
  pragma: 'The settings of the engine are fixed: this PRAGMA is off.',
  call: 'CALL is off: read from the function, as in `from function(…)`.',
  do: 'DO is off: a cell is a list of statements.',
  transaction: 'A cell is one transaction: all of its statements take effect, or none. BEGIN, COMMIT and ROLLBACK are off.',
  extension: 'Extensions cannot be installed or loaded.',
  prepare: PREPARED,
  execute: PREPARED,
  maintenance: 'The engine looks after its tables by itself: VACUUM, ANALYZE and CHECKPOINT are off.',
  permission: 'The tables belong to this notebook alone: GRANT, REVOKE and COMMENT are off.',
}

export const SENTENCES = {
  object: 'SQL cells make tables, views and indexes, and what is temporary.',
  explain: 'Only queries and changes of tables can be explained.',
  results: 'Results of other cells are read by their names.',
} as const

/** Those that list something. */
export const ORDINARY_PRAGMAS: ReadonlySet<string> = new Set([
  ...['collations', 'database_list', 'database_size', 'functions', 'metadata_info', 'platform', 'show', 'show_databases'],
  ...['show_tables', 'show_tables_expanded', 'storage_info', 'table_info', 'version'],
])

/** Functions that reach what the engine's settings close anyway: here it is said at their place. */
const FILE_FUNCTIONS = /^(read_|parquet_|sniff_|arrow_scan|glob$)/
/** These are allowed by the engine whatever its settings, and one of them makes every later statement fail. */
const SETTING_FUNCTIONS = /^(enable_|disable_|check_peg_parser$|checkpoint$|force_checkpoint$|truncate_duckdb_logs$|write_log$)/
/** They run a text as a query: what it reads nobody can see. */
const QUERY_FUNCTIONS = /^(query|query_table|json_execute_serialized_sql)$/

/** Behind these stands a name that somebody gives, not a function. */
const NAMING = new Set(['with', 'recursive', 'into', 'table', 'exists', 'macro', 'function', 'view', 'as', 'update', 'on'])

/** Why the function that this token calls is off, if it is. */
export function hiddenFunction(source: string, tokens: readonly Token[], n: number): string | undefined {
  const token = tokens[n]
  if (!token || (token.kind !== 'word' && token.kind !== 'quoted') || tokens[n + 1]?.text !== '(') return undefined
  if (NAMING.has(tokens[n - 1]?.text ?? '')) return undefined
  const name = nameOf(source.slice(token.start, token.end))
  if (FILE_FUNCTIONS.test(name)) return `${FILES}: \`${name}\` is off.`
  if (SETTING_FUNCTIONS.test(name)) return `The settings of the engine are fixed: \`${name}\` is off.`
  if (QUERY_FUNCTIONS.test(name)) return `\`${name}\` hides what it reads from the notebook: write the query itself.`
  return undefined
}

function nameOf(text: string): string {
  const quoted = /^(?:u&)?"(.*)"$/is.exec(text)?.[1]
  return (quoted?.replaceAll('""', '"') ?? text).toLowerCase()
}
