import type { TableSchema } from '../engine.ts'
import { type GuardedClient, RAW } from './client.ts'

/** More than anybody looks through. */
const MAX_COLUMNS = 20_000

const QUERY = `
  select space.nspname, class.relname, class.relkind in ('v', 'm') as is_view, class.reltuples::bigint,
    attribute.attname, pg_catalog.format_type(attribute.atttypid, attribute.atttypmod), attribute.attnotnull
  from pg_catalog.pg_class class
  join pg_catalog.pg_namespace space on space.oid = class.relnamespace
  join pg_catalog.pg_attribute attribute on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
  where class.relkind in ('r', 'p', 'v', 'm', 'f')
    and space.nspname <> 'information_schema' and space.nspname not like 'pg\\_%'
    and pg_catalog.has_schema_privilege(space.oid, 'usage')
    and pg_catalog.has_table_privilege(class.oid, 'select')
  order by space.nspname, class.relname, attribute.attnum
  limit ${MAX_COLUMNS}`

/** Tables, views and columns that the user of the connection may read. */
export async function readSchema(client: GuardedClient): Promise<TableSchema[]> {
  const { rows } = await client.query<string[]>({ text: QUERY, rowMode: 'array', types: RAW })
  const tables = new Map<string, TableSchema>()
  for (const row of rows) {
    const [schema = '', name = '', isView, estimate, column = '', type = '', isRequired] = row
    const key = JSON.stringify([schema, name])
    const rowCount = Number(estimate)
    const known = tables.get(key) ?? {
      ...{ schema, name, kind: isView === 't' ? 'view' : 'table', columns: [] },
      // Before it was ever counted it is −1.
      ...(isView !== 't' && rowCount >= 0 && { rows: rowCount }),
    }
    known.columns.push({ name: column, type, nullable: isRequired !== 't' })
    tables.set(key, known)
  }
  return [...tables.values()]
}
