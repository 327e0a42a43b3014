import type { Database } from './database.ts'
import type { SchemaTable } from './protocol.ts'

/** Tables and views that cells have made, without the results. */
export async function schemaOf({ own, schema }: Database): Promise<SchemaTable[]> {
  const reader = await own.runAndReadAll(ALL, [schema.slice(1, -1)])
  const tables = new Map<string, SchemaTable>()
  for (const [schemaName, name, kind, rows, column, type, nullable] of reader.getRows()) {
    const key = JSON.stringify([schemaName, name])
    const table = tables.get(key) ?? {
      ...{ schema: String(schemaName), name: String(name), kind: kind === 'view' ? ('view' as const) : ('table' as const) },
      ...(rows !== null && { rows: Number(rows) }),
      columns: [],
    }
    tables.set(key, table)
    table.columns.push({ name: String(column), type: String(type), nullable: nullable === true })
  }
  return [...tables.values()]
}

const ALL = `
  with made as (
    select 'table' as kind, schema_name, table_name, table_oid, estimated_size from duckdb_tables() where not internal and not temporary
    union all
    select 'view', schema_name, view_name, view_oid, null from duckdb_views() where not internal and not temporary
  )
  select schema_name, made.table_name, kind, estimated_size, column_name, data_type, is_nullable
  from made join duckdb_columns() as columns using (schema_name, table_oid)
  where schema_name <> $1
  order by schema_name, made.table_name, column_index`
