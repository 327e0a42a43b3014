import { DuckDBArrayType, DuckDBListType, DuckDBMapType, DuckDBStructType, type DuckDBType } from '@duckdb/node-api'
import { quote } from './database.ts'

/** A type as the engine writes it, with other types in the places of those that hold no others. */
export function typeWith(type: DuckDBType, leaf: (type: DuckDBType) => string): string {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return `${typeWith(type.valueType, leaf)}[]`
  if (type instanceof DuckDBMapType) return `MAP(${typeWith(type.keyType, leaf)}, ${typeWith(type.valueType, leaf)})`
  if (type instanceof DuckDBStructType) {
    const entries = type.entryNames.map((name, n) => `${quote(name)} ${typeWith(type.entryTypes[n] as DuckDBType, leaf)}`)
    return `STRUCT(${entries.join(', ')})`
  }
  return leaf(type)
}
