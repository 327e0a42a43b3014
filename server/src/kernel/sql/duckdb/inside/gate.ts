import { type DuckDBConnection, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api'
import { Failure, failureOf } from './failures.ts'
import { AROUND } from './pivot.ts'

/** What the engine itself takes the statement for: the server has read its text, and one of the two may be wrong. */
const ALLOWED = new Set<StatementType>([
  StatementType.SELECT,
  StatementType.EXPLAIN,
  StatementType.CREATE,
  StatementType.INSERT,
  StatementType.UPDATE,
  StatementType.DELETE,
  StatementType.MERGE_INTO,
  StatementType.DROP,
  StatementType.ALTER,
])

/** A statement that may run; a PIVOT is made of several, which only the engine can run together. */
export type Admitted = { kind: 'one'; statement: DuckDBPreparedStatement } | { kind: 'pivot' }

/** Throws `Failure` for what the engine cannot read, and for what may not run. */
export async function admit(connection: DuckDBConnection, text: string, schema: string): Promise<Admitted> {
  const extracted = await connection.extractStatements(text).catch((error: unknown) => {
    throw failureOf(error, { schema })
  })
  if (extracted.count === 0) throw new Failure('database', 'There is no statement here.')
  if (extracted.count > 1) return admitPivot(extracted)
  const statement = await extracted.prepare(0).catch((error: unknown) => {
    throw failureOf(error, { schema })
  })
  if (!ALLOWED.has(statement.statementType)) throw refusal(statement.statementType)
  return { kind: 'one', statement }
}

/**
 * It first makes types of the values that become columns, which what follows needs: until then that cannot even be prepared.
 * In a transaction the engine puts settings around them, which are never run.
 */
async function admitPivot(extracted: Awaited<ReturnType<DuckDBConnection['extractStatements']>>): Promise<Admitted> {
  let isPivot = false
  for (let n = 0; n < extracted.count; n += 1) {
    const prepared = await extracted.prepare(n).catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.includes('__pivot_enum_')) throw failureOf(error)
      isPivot = true
    })
    const isPart = !prepared || prepared.statementType === StatementType.CREATE || AROUND.has(prepared.statementType)
    if (!isPart) throw SEVERAL()
  }
  if (!isPivot) throw SEVERAL()
  return { kind: 'pivot' }
}

const SEVERAL = () => new Failure('database', 'These are several statements in one.')

function refusal(type: StatementType): Failure {
  const name = StatementType[type]?.replaceAll('_', ' ') ?? 'this'
  return new Failure('database', `SQL cells cannot run statements of this kind (${name}).`, { code: 'Permission' })
}
