import type { Dialect } from './tokens.ts'
import { Unfit } from './unfit.ts'

/** PostgreSQL cuts longer ones off without a word; DuckDB has no limit of its own. */
const MAX_BYTES: Record<Dialect, number> = { duckdb: 1_024, postgresql: 63 }
const MAX_PARTS = 3

/** `"name"`, or `"schema"."name"` for a list of names. Throws `Unfit` for what cannot be a name. */
export function quoteIdentifier(value: unknown, dialect: Dialect): string {
  if (!Array.isArray(value)) return quotePart(value, dialect)
  if (value.length < 1 || value.length > MAX_PARTS)
    throw new Unfit('', `is a list of ${value.length}: a name has one to three parts`)
  return value.map((part: unknown, n) => quotePart(part, dialect, `[${n}]`)).join('.')
}

function quotePart(value: unknown, dialect: Dialect, path = ''): string {
  if (typeof value !== 'string') throw new Unfit(path, 'is no string, and so no name')
  if (value === '') throw new Unfit(path, 'is empty: a name needs a letter')
  if (value.includes('\0') || !value.isWellFormed()) throw new Unfit(path, 'has a character that no name can have')
  const bytes = new TextEncoder().encode(value).length
  if (bytes > MAX_BYTES[dialect])
    throw new Unfit(path, `has ${bytes} bytes: a name can have ${MAX_BYTES[dialect].toLocaleString('en')}`)
  return `"${value.replaceAll('"', '""')}"`
}
