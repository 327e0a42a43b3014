import { lex } from '../../../language/sql/lexer.ts'
import { readSql } from '../../../language/sql/sql.ts'
import type { StatementTemplate } from '../../../language/sql/template.ts'
import type { Token } from '../../../language/sql/tokens.ts'
import type { QueryStatement } from '../engine.ts'
import { DatabaseError } from '../engine.ts'
import type { WireStatement } from './inside/protocol.ts'
import { hiddenFunction, ORDINARY_PRAGMAS, REFUSED, SENTENCES } from './refusals.ts'
import { declaredType } from './values.ts'

/** What a text means as far as the gate is concerned. */
interface Reading {
  facts: StatementTemplate
  tokens: readonly Token[]
}

/**
 * Statements as the engine's process takes them. Throws `DatabaseError` for what SQL cells may not do: the engine's settings are
 * the wall, this says why, and keeps out what would only spoil the engine.
 * @param schema of results, which no statement may name
 */
export function admitAll(statements: readonly QueryStatement[], schema: string): WireStatement[] {
  const read = statements.map((statement, n) => readOne(statement, n, schema))
  const last = read.findLastIndex((reading) => rowsOf(reading) !== 'none')
  return statements.map(({ text, parameters }, n) => {
    const reading = read[n] as Reading
    const unbound = parameters.length > 0 ? { unbound: withoutParameters(text, reading.tokens, parameters) } : {}
    return { text, parameters, rows: n === last ? rowsOf(reading) : 'none', ...unbound }
  })
}

function readOne({ text }: QueryStatement, statement: number, schema: string): Reading {
  const refuse = (message: string, at = 0): never => {
    const offset = Buffer.byteLength(text.slice(0, at))
    throw new DatabaseError(message, { statement, offset, code: 'Permission' })
  }
  const source = lexable(text)
  const cell = readSql(source, 'duckdb')
  if (!cell.ok) return refuse(cell.message, cell.offset)
  const lexed = lex(source, 'duckdb')
  const [facts, ...more] = cell.statements
  if (!lexed.ok || !facts) return refuse('There is no statement here.')
  if (more.length > 0) return refuse('These are several statements in one.')
  const { tokens } = lexed
  const refused = refusalOf(facts, tokens)
  if (refused) return refuse(refused)
  for (const [n, token] of tokens.entries()) {
    const message = hiddenFunction(source, tokens, n)
    if (message) return refuse(message, token.start)
  }
  const inside = text.toLowerCase().indexOf(schema)
  if (inside >= 0) return refuse(SENTENCES.results, inside)
  return { facts, tokens }
}

/** Parameters read as numbers of the same length: the lexer knows none. Nor are there holes any more: what looks like one is in a name or a remark. */
function lexable(text: string): string {
  return text.replace(/\$(?=[\d{])/g, '0')
}

function refusalOf({ kind, explained }: StatementTemplate, tokens: readonly Token[]): string | undefined {
  const word = (n: number) => tokens[n]?.text ?? ''
  switch (kind) {
    case 'explain':
      return explained && explained !== 'select' ? explainedRefusal(explained) : undefined
    case 'pragma':
      return ORDINARY_PRAGMAS.has(word(1)) ? undefined : REFUSED.pragma
    case 'create-other':
      return createRefusal(tokens)
    case 'drop':
      return DROPPED.has(word(1)) ? undefined : SENTENCES.object
    case 'alter':
      return word(1) === 'table' || word(1) === 'view' ? undefined : SENTENCES.object
    default:
      return REFUSED[kind]
  }
}

const CHANGES = new Set(['insert', 'update', 'delete', 'merge', 'truncate', 'create-table', 'create-view'])
const DROPPED = new Set(['table', 'view', 'index', 'macro', 'function', 'sequence', 'type', 'temp', 'temporary'])

function explainedRefusal(explained: NonNullable<StatementTemplate['explained']>): string | undefined {
  return CHANGES.has(explained) ? undefined : (REFUSED[explained] ?? SENTENCES.explain)
}

const OBJECTS = new Set(['macro', 'function', 'sequence', 'type'])

/** What is not temporary would be there for other cells, which could not know where it came from. */
function createRefusal(tokens: readonly Token[]): string | undefined {
  const words = tokens.slice(0, 6).map(({ text }) => text)
  const object = words.findIndex((word) => OBJECTS.has(word) || word === 'index' || word === 'secret' || word === 'schema')
  const name = words[object] ?? ''
  if (name === 'index') return undefined
  if (!OBJECTS.has(name)) return SENTENCES.object
  const isTemporary = words.slice(0, object).some((word) => word === 'temp' || word === 'temporary')
  return isTemporary
    ? undefined
    : `Other cells could not see where it comes from: write \`create temp ${name}\`, for this cell alone.`
}

/** In brackets only; there are no others that `create table … as` does not take. */
const QUERIES = new Set(['show', 'describe', 'desc', 'summarize'])

function rowsOf({ facts, tokens }: Reading): WireStatement['rows'] {
  switch (facts.kind) {
    case 'select':
      return QUERIES.has(tokens[0]?.text ?? '') ? 'query' : 'table'
    case 'explain':
    case 'pragma':
      return 'answer'
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return tokens.some(({ text }) => text === 'returning') ? 'answer' : 'none'
    // What is not understood is left to the engine, which says what is wrong with it.
    case 'other':
      return 'table'
    default:
      return 'none'
  }
}

/** For the names of columns only: with parameters the engine tells none before they are bound. */
function withoutParameters(text: string, tokens: readonly Token[], parameters: QueryStatement['parameters']): string {
  let at = 0
  let unbound = ''
  for (const { start, end } of tokens) {
    const number = /^\$(\d+)$/.exec(text.slice(start, end))?.[1]
    const parameter = number === undefined ? undefined : parameters[Number(number) - 1]
    if (!parameter) continue
    unbound += `${text.slice(at, start)}cast(null as ${declaredType(parameter.type)})`
    at = end
  }
  return unbound + text.slice(at)
}
