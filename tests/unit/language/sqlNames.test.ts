import { readSql, type SqlCell } from '@rivulet/server/src/language/sql/sql.ts'
import type { Dialect } from '@rivulet/server/src/language/sql/tokens.ts'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { QUERIES, STATEMENTS } from '../../support/sqlCorpus.ts'
import { duckdbOracle, type Oracle, postgresqlOracle } from '../../support/sqlOracles.ts'

function read(sql: string, dialect: Dialect): SqlCell {
  const cell = readSql(sql, dialect)
  if (!cell.ok) throw new SyntaxError(`${cell.message} at ${cell.offset}: ${sql}`)
  return cell
}

function readsOf(sql: string, dialect: Dialect): string[] {
  const names = read(sql, dialect).statements.flatMap(({ uses }) => uses.filter(({ how }) => how === 'read'))
  return [...new Set(names.map(({ table }) => table.folded.join('.')))].sort()
}

let oracles: Record<Dialect, Oracle>
beforeAll(async () => {
  oracles = { duckdb: await duckdbOracle(), postgresql: await postgresqlOracle() }
})

/** DuckDB reads a string as the name of a file; here it is no table. */
const withoutFiles = (names: string[] | undefined) => names?.filter((name) => !name.endsWith('.csv'))

describe('[X3] the tables that a query reads are those that the engine itself finds', () => {
  test.each(QUERIES)('%s', async (sql) => {
    const found = {
      duckdb: withoutFiles(await oracles.duckdb.reads(sql)),
      postgresql: await oracles.postgresql.reads(sql),
    }
    expect(found.duckdb ?? found.postgresql, 'no engine takes this').toBeDefined()
    if (found.duckdb) expect(readsOf(sql, 'duckdb'), 'duckdb').toEqual(found.duckdb)
    if (found.postgresql && !sql.startsWith('show')) expect(readsOf(sql, 'postgresql'), 'postgresql').toEqual(found.postgresql)
  })

  test('the corpus is large enough to mean something', () => {
    expect(QUERIES.length + STATEMENTS.length).toBeGreaterThan(250)
  })
})

const SIGNS = { read: 'r', write: 'w', drop: 'd', reference: 'f' } as const

describe('[X4] what other statements read, change and make', () => {
  test.each(STATEMENTS)('%s', async (sql, kind, names) => {
    const { statements } = read(sql, 'postgresql')
    expect(statements.map((each) => each.kind)).toEqual([kind])
    const touched = statements.flatMap(({ uses }) => uses.map(({ table, how }) => `${SIGNS[how]}:${table.folded.join('.')}`))
    const made = statements.flatMap(({ creates }) =>
      creates.map(({ table, kind: made, temporary }) => `${made[0]}${temporary ? '~' : ''}:${table.folded.join('.')}`),
    )
    expect([...touched, ...made].sort()).toEqual(names.split(' ').filter(Boolean).sort())
    // PostgreSQL's parser does not tell reading from copying and from privileges.
    const known = ['copy', 'permission', 'maintenance', 'truncate', 'drop', 'create-other', 'alter'].includes(kind)
    const found = known ? undefined : await oracles.postgresql.reads(sql)
    const references = names
      .split(' ')
      .filter((name) => name.startsWith('f:'))
      .map((name) => name.slice(2))
    if (found) expect(readsOf(sql, 'postgresql')).toEqual(found.filter((name) => !references.includes(name)))
  })
})

const identifier = fc.constantFrom('a', 'b', 'c', 'd', '"e f"', 's.a', 's.b')
const cteName = fc.constantFrom('a', 'b', 'x')
const { query } = fc.letrec<{ query: string; source: string; condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('true', 'i = 1', "t = 'from z'", 'i is not distinct from j', 'extract(year from d) > 1 /* from y */'),
    tie('query').map((inner) => `exists (${inner})`),
    tie('query').map((inner) => `i in (${inner})`),
  ),
  source: fc.oneof(
    { depthSize: 'small' },
    identifier.map((name) => `${name} t`),
    fc.constantFrom('generate_series(1, 2) g', '(values (1), (2)) v'),
    tie('query').map((inner) => `(${inner}) q`),
    fc.tuple(tie('source'), tie('source'), tie('condition')).map(([l, r, on]) => `(${l} join ${r} on ${on})`),
  ),
  query: fc.oneof(
    { depthSize: 'small' },
    fc
      .tuple(fc.array(tie('source'), { minLength: 1, maxLength: 3 }), tie('condition'))
      .map(([sources, where]) => `select i, (j) from ${sources.join(', ')} where ${where}`),
    fc.tuple(tie('query'), tie('query')).map(([l, r]) => `(${l}) union all (${r})`),
    fc.tuple(cteName, tie('query'), tie('query')).map(([name, body, main]) => `with ${name} as (${body}) ${main}`),
  ),
}))

describe('[X3] generated queries', () => {
  test('of any shape read what the engines say', async () => {
    const accepted = { duckdb: 0, postgresql: 0 }
    await fc.assert(
      fc.asyncProperty(query, async (sql) => {
        for (const dialect of ['duckdb', 'postgresql'] as const) {
          const found = await oracles[dialect].reads(sql)
          if (!found) continue
          accepted[dialect] += 1
          expect(readsOf(sql, dialect)).toEqual(found)
        }
      }),
      { numRuns: 300 },
    )
    expect(accepted.duckdb).toBeGreaterThan(100)
    expect(accepted.postgresql).toBeGreaterThan(100)
  })
})
