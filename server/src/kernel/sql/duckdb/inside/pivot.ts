import {
  type DuckDBConnection,
  type DuckDBMaterializedResult,
  type DuckDBPreparedStatement,
  type DuckDBType,
  type DuckDBValue,
  StatementType,
} from '@duckdb/node-api'

export interface Values {
  values: DuckDBValue[]
  types: DuckDBType[]
}

/** What the engine puts around several statements that are one; here everything is in one transaction anyway. */
export const AROUND: ReadonlySet<StatementType> = new Set([StatementType.SET, StatementType.TRANSACTION])

/**
 * Runs a statement with a PIVOT in it, which is several: first types are made of the values that become columns. The engine
 * would run them together, but not in a transaction whose settings are locked.
 */
export async function runPivot(
  connection: DuckDBConnection,
  sql: string,
  bound: Values,
): Promise<DuckDBMaterializedResult | undefined> {
  const extracted = await connection.extractStatements(sql)
  let answer: DuckDBMaterializedResult | undefined
  for (let n = 0; n < extracted.count; n += 1) {
    const prepared = await extracted.prepare(n)
    if (AROUND.has(prepared.statementType)) continue
    bindNamed(prepared, bound)
    answer = await prepared.run()
  }
  return answer
}

/** Each of them has some of the parameters only. */
function bindNamed(prepared: DuckDBPreparedStatement, { values, types }: Values): void {
  for (let n = 1; n <= prepared.parameterCount; n += 1) {
    const place = Number(prepared.parameterName(n)) - 1
    prepared.bindValue(n, values[place] ?? null, types[place])
  }
}
