import type { StatementKind } from '../../../language/sql/facts.ts'
import { DatabaseError, type QueryStatement } from '../engine.ts'

const REFUSED = new Map<StatementKind, string>([
  ['transaction', 'A run is one transaction by itself: BEGIN, COMMIT and the like have no place in it.'],
  ['set', 'SET would be forgotten with the run: write what the query needs into the query, or options into the connection.'],
  ['copy', 'COPY reads and writes files and streams, which cells do not have: use SELECT, or INSERT.'],
  ['prepare', 'Statements are prepared by themselves; PREPARE and DECLARE would be forgotten with the run.'],
  ['execute', 'There is nothing prepared to execute: every run begins anew.'],
])

/** Refuses what would leave the transaction of the run, or cannot work in it. The first words are enough: PostgreSQL takes one statement at a time. */
export function refuseForbidden(statements: readonly QueryStatement[]): void {
  for (const [statement, { kind }] of statements.entries()) {
    const reason = REFUSED.get(kind)
    if (reason) throw new DatabaseError(reason, { statement, offset: 1 })
  }
}
