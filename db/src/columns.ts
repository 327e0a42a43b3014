import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'

/** Values of a prepared statement, given when it runs. */
export const p = sql.placeholder

/** A column's value, given when the statement runs, under the column's own key. `null` stays null, whatever the column's type. */
export function given(column: SQLiteColumn): SQL {
  const encoder = {
    mapToDriverValue: (value: unknown) => (value === null ? null : column.mapToDriverValue(value)),
  }
  return sql`${sql.param(p(keyOf(column)), encoder)}`
}

function keyOf(column: SQLiteColumn): string {
  const found = Object.entries(getTableColumns(column.table)).find(([, other]) => other === column)
  if (!found) throw new Error(`${column.name} is no column of its table`)
  return found[0]
}

/** Every column of a row, given when the statement runs; and how a row that is there already takes them. */
export function everyColumn<T extends SQLiteTable>(
  table: T,
): { values: Record<keyof T['$inferInsert'], SQL>; set: Record<string, SQL> } {
  const columns = Object.entries(getTableColumns(table))
  const values = Object.fromEntries(columns.map(([name, column]) => [name, given(column)]))
  const set = Object.fromEntries(columns.map(([name, column]) => [name, sql`excluded.${sql.identifier(column.name)}`]))
  return { values: values as Record<keyof T['$inferInsert'], SQL>, set }
}
