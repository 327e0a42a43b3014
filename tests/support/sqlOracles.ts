import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { loadModule, parseSync } from 'libpg-query'

/** What the engines' own parsers make of a text: `undefined` where they refuse it. */
export interface Oracle {
  /** Tables that are read, qualified and as the engine folds them, without common table expressions; sorted. */
  reads(sql: string): Promise<string[] | undefined>
}

/** Any node of a parser's tree. */
type Tree = Record<string, unknown>

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const sorted = (names: Iterable<string>) => [...new Set(names)].sort()

/** `json_serialize_sql` knows queries only. */
export async function duckdbOracle(): Promise<Oracle & { connection: DuckDBConnection }> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  return {
    connection,
    async reads(sql) {
      const answer = await connection.runAndReadAll('select json_serialize_sql($1::varchar)::varchar', [sql])
      const tree: unknown = JSON.parse(String(answer.getRows()[0]?.[0]))
      if (!isTree(tree) || tree.error === true) return undefined
      const found: string[] = []
      duckdbReads(tree, new Set(), found)
      return sorted(found)
    },
  }
}

function duckdbReads(value: unknown, hidden: ReadonlySet<string>, found: string[]): void {
  if (Array.isArray(value)) for (const each of value) duckdbReads(each, hidden, found)
  if (!isTree(value)) return
  let inner = hidden
  for (const entry of listOf(isTree(value.cte_map) ? value.cte_map.map : undefined)) {
    if (!isTree(entry)) continue
    const name = String(entry.key).toLowerCase()
    const query = isTree(entry.value) && isTree(entry.value.query) ? entry.value.query.node : undefined
    const isRecursive = isTree(query) && query.type === 'RECURSIVE_CTE_NODE'
    duckdbReads(entry.value, isRecursive ? new Set([...inner, name]) : inner, found)
    inner = new Set([...inner, name])
  }
  if (value.type === 'BASE_TABLE') {
    const name = [value.catalog_name, value.schema_name, value.table_name]
      .filter((part) => part !== '')
      .join('.')
      .toLowerCase()
    if (!inner.has(name)) found.push(name)
  }
  for (const [key, each] of Object.entries(value)) if (key !== 'cte_map') duckdbReads(each, inner, found)
}

export async function postgresqlOracle(): Promise<Oracle> {
  await loadModule()
  return {
    async reads(sql) {
      try {
        const found: string[] = []
        postgresqlReads(parseSync(sql), new Set(), found)
        return sorted(found)
      } catch (error) {
        if (error instanceof Error && 'sqlDetails' in error) return undefined
        throw error
      }
    },
  }
}

/** Where tables stand that are not read: targets, and the names that `for update of` repeats. */
const NOT_READ = new Set(['relation', 'rel', 'view', 'lockingClause', 'lockedRels'])

function postgresqlReads(value: unknown, hidden: ReadonlySet<string>, found: string[]): void {
  if (Array.isArray(value)) for (const each of value) postgresqlReads(each, hidden, found)
  if (!isTree(value)) return
  let inner = hidden
  const withClause = isTree(value.withClause) ? value.withClause : {}
  const tables = listOf(withClause.ctes).flatMap((each): Tree[] => {
    return isTree(each) && isTree(each.CommonTableExpr) ? [each.CommonTableExpr] : []
  })
  if (withClause.recursive === true) inner = new Set([...hidden, ...tables.map(({ ctename }) => String(ctename))])
  for (const table of tables) {
    postgresqlReads(table.ctequery, inner, found)
    inner = new Set([...inner, String(table.ctename)])
  }
  if (isTree(value.RangeVar)) {
    const { catalogname, schemaname, relname } = value.RangeVar
    const name = [catalogname, schemaname, relname].filter((part) => part !== undefined).join('.')
    if (!inner.has(name)) found.push(name)
    return
  }
  for (const [key, each] of Object.entries(value)) {
    // A sample has a relation, too, which is read.
    if (key === 'withClause' || (NOT_READ.has(key) && value.method === undefined)) continue
    postgresqlReads(each, inner, found)
  }
}
