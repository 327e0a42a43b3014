import type { DuckDBConnection } from '@duckdb/node-api'
import { type Database, quote } from './database.ts'

interface Made {
  kind: 'table' | 'view'
  schema: string
  name: string
  oid: string
}

/** Tables and views that cells have made, by the number that the engine gives them: who replaces one makes it theirs. */
export class MadeTables {
  readonly #database: Database
  readonly #byCell = new Map<string, Made[]>()

  constructor(database: Database) {
    this.#database = database
  }

  /** What there is now, as this connection sees it. */
  async seen(connection: DuckDBConnection): Promise<Map<string, Made>> {
    const reader = await connection.runAndReadAll(ALL)
    const all = reader.getRows().map(([kind, schema, name, oid]): Made => {
      return { kind: kind === 'view' ? 'view' : 'table', schema: String(schema), name: String(name), oid: String(oid) }
    })
    const own = all.filter(({ schema }) => quote(schema) !== this.#database.schema)
    return new Map(own.map((each) => [each.oid, each]))
  }

  made(cell: string, before: ReadonlyMap<string, Made>, after: ReadonlyMap<string, Made>): void {
    const made = [...after.values()].filter(({ oid }) => !before.has(oid))
    if (made.length > 0) this.#byCell.set(cell, made)
  }

  /** The newest first, so that what refers to another goes before it. */
  async forget(cell: string): Promise<void> {
    const made = this.#byCell.get(cell)
    if (!made) return
    const now = await this.seen(this.#database.own)
    for (const { oid } of made.toReversed()) {
      const there = now.get(oid)
      if (there) await this.#database.own.run(`drop ${there.kind} ${quote(there.schema)}.${quote(there.name)}`)
    }
    this.#byCell.delete(cell)
  }
}

const ALL = `
  select 'table', schema_name, table_name, table_oid from duckdb_tables() where not internal and not temporary
  union all
  select 'view', schema_name, view_name, view_oid from duckdb_views() where not internal and not temporary
  order by 4`
