import type { Completion, CompletionResult, CompletionSource } from '@codemirror/autocomplete'
import { keywordCompletionSource, type SQLDialect, type SQLNamespace, schemaCompletionSource } from '@codemirror/lang-sql'
import type { EditorState } from '@codemirror/state'
import { FUNCTIONS } from '../../sql/functions.ts'
import type { TableSchema } from '../../sql/Schemas.ts'
import type { Known } from '../languages.ts'

/** The schema whose tables need no qualifier. */
const DEFAULT_SCHEMAS = new Set(['main', 'public'])

function columnsOf({ columns }: TableSchema): Completion[] {
  return columns.map(({ name, type }) => ({ label: name, type: 'property', detail: type, boost: 1 }))
}

function describe({ kind, rows }: TableSchema): string {
  return rows === undefined ? kind : `${kind}, ${rows.toLocaleString('en')} rows`
}

function namespaceOf(tables: readonly TableSchema[]): SQLNamespace {
  const schemas: Record<string, Record<string, SQLNamespace>> = {}
  for (const table of tables) {
    const schema = schemas[table.schema] ?? {}
    schemas[table.schema] = schema
    const self: Completion = { label: table.name, type: 'type', detail: describe(table) }
    schema[table.name] = { self, children: columnsOf(table) }
  }
  return schemas
}

/** Columns of the tables that the text names anywhere: most statements want them without a qualifier. */
function mentionedColumns(state: EditorState, tables: readonly TableSchema[]): Completion[] {
  const words = new Set(
    state.doc
      .toString()
      .toLowerCase()
      .match(/[\p{L}_][\p{L}\p{N}_]*/gu),
  )
  return tables.filter(({ name }) => words.has(name.toLowerCase())).flatMap(columnsOf)
}

function withoutRepeats(options: readonly Completion[]): Completion[] {
  const seen = new Set<string>()
  return options.filter(({ label, type }) => {
    const key = `${type === 'keyword' ? 'keyword' : ''}:${label}`
    return !seen.has(key) && seen.add(key)
  })
}

const WORD = /[\p{L}\p{N}_$]+$/u

function functionsOf(connectionId: string | undefined): Completion[] {
  const names = connectionId === undefined ? FUNCTIONS.duckdb : FUNCTIONS.postgresql
  return names.map((label) => ({ label, type: 'function' }))
}

/**
 * Tables, columns and values of the notebook, functions, and the words of the language, from one source: one that has nothing to offer would be
 * asked again at every letter.
 */
export function columnsAndTables(known: Known, dialect: SQLDialect): CompletionSource {
  const keywords = keywordCompletionSource(dialect)
  const functions = functionsOf(known.connectionId)
  const called = new Set(functions.map(({ label }) => label))
  return async (context): Promise<CompletionResult | null> => {
    const word = context.matchBefore(WORD)
    const from = word?.from ?? context.pos
    const before = context.state.sliceDoc(from - 1, from)
    if (!word && before !== '.' && before !== '"' && !context.explicit) return null
    // A database that does not answer must not keep the words of the language from whoever writes.
    const [tables, values] = await Promise.all([known.tables().catch(() => []), known.values()])
    const defaultSchema = tables.find(({ schema }) => DEFAULT_SCHEMAS.has(schema))?.schema
    const schema = schemaCompletionSource({ dialect, schema: namespaceOf(tables), ...(defaultSchema && { defaultSchema }) })
    const named = await schema(context)
    if (before === '.' || before === '"') return named
    const words = ((await keywords(context))?.options ?? []).filter(({ label }) => !called.has(label))
    const there = named?.from === from ? named.options : []
    const options = withoutRepeats([...mentionedColumns(context.state, tables), ...there, ...values, ...functions, ...words])
    return { from, options, validFor: /^[\p{L}\p{N}_$]*$/u }
  }
}
