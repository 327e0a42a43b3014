import { graphName } from '../../notebook/tables.ts'
import { isExported } from '../typescript/analyse.ts'
import type { TableName } from './cursor.ts'
import type { StatementFacts } from './facts.ts'
import type { Dialect } from './tokens.ts'

/** The names of the graph that a cell has, once it is known where it runs. */
export interface CellNames {
  /** Unqualified tables that may be values of the notebook, where there are such. */
  asValues: readonly string[]
  /** `takesValues`: an unqualified table may be a value of the notebook. */
  onConnection(connection: string, takesValues: boolean): { defines: string[]; uses: string[] }
}

/** What the engines call the schema that nobody has to name. */
const DEFAULT_SCHEMA: Record<Dialect, string> = { duckdb: 'main', postgresql: 'public' }
const IDENTIFIER = /^[\p{ID_Start}$][\p{ID_Continue}$\u200c\u200d]*$/u

/**
 * Follows a cell's statements in their order: a table that the cell has made itself is used from nobody, what it drops again
 * it does not define, and temporary ones are its own affair.
 */
export function namesOf(dialect: Dialect, statements: readonly StatementFacts[], fromHoles: readonly string[]): CellNames {
  const partsOf = ({ folded }: TableName) =>
    folded.length === 2 && folded[0] === DEFAULT_SCHEMA[dialect] ? folded.slice(1) : folded
  const keyOf = (table: TableName) => JSON.stringify(partsOf(table))
  const mine = new Map<string, { table: TableName; temporary: boolean }>()
  const values = new Set(fromHoles.filter(isExported))
  const tables = new Map<string, TableName>()
  const asValues = new Set<string>()
  for (const { uses, creates } of statements) {
    for (const { table, how } of uses) {
      const key = keyOf(table)
      if (how === 'drop' && mine.delete(key)) continue
      if (mine.has(key)) continue
      tables.set(key, table)
      const [name = '', ...more] = table.parts
      if (how === 'read' && more.length === 0 && IDENTIFIER.test(name)) asValues.add(name)
    }
    for (const { table, temporary } of creates) mine.set(keyOf(table), { table, temporary })
  }
  return {
    asValues: [...asValues],
    onConnection: (connection, takesValues) => {
      const called = (table: TableName) => graphName({ connection, parts: partsOf(table) })
      const defines = [...mine.values()].filter(({ temporary }) => !temporary).map(({ table }) => called(table))
      const used = [...values, ...(takesValues ? asValues : []), ...[...tables.values()].map(called)]
      return { defines, uses: [...new Set(used)].filter((name) => !defines.includes(name)) }
    },
  }
}
