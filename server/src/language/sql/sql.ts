import type { Analysis } from '../../notebook/commands.ts'
import { EMBEDDED } from '../../notebook/tables.ts'
import { memoise } from '../cache.ts'
import type { Compiled } from '../compiled.ts'
import { type Position, positionsIn } from '../position.ts'
import { isExported } from '../typescript/analyse.ts'
import { compileHoles, type Holes, namesInRemarks, readHoles } from './holes.ts'
import { lex } from './lexer.ts'
import { MESSAGES } from './messages.ts'
import { type CellNames, namesOf } from './names.ts'
import { readStatement } from './statement.ts'
import { splitStatements } from './statements.ts'
import { engineText, type StatementTemplate, templateOf } from './template.ts'
import { type Dialect, type Hole, problem, type SqlProblem } from './tokens.ts'

/** A SQL cell that was understood. */
export interface SqlCell {
  ok: true
  source: string
  dialect: Dialect
  statements: StatementTemplate[]
  holes: Holes
  names: CellNames
  positionOf(offset: number): Position
}

/** What the analysis of a SQL cell depends on besides its text. */
export interface SqlSettings {
  /** What other cells call the result. */
  resultName?: string
  /** Absent: the embedded engine. */
  connection?: { id: string; dialect: Dialect }
}

const readers: Record<Dialect, (source: string) => SqlCell | SqlProblem> = {
  duckdb: memoise((source) => read(source, 'duckdb')),
  postgresql: memoise((source) => read(source, 'postgresql')),
}

/** Everything that a text alone tells. Total; never runs anything. */
export function readSql(source: string, dialect: Dialect): SqlCell | SqlProblem {
  return readers[dialect](source)
}

function read(source: string, dialect: Dialect): SqlCell | SqlProblem {
  const lexed = lex(source, dialect)
  if (!lexed.ok) return lexed
  const split = splitStatements(lexed.tokens)
  if (!split.ok) return split
  const holes = readHoles(source, lexed.holes)
  if (!holes.ok) return holes
  const template = { text: engineText(source, dialect, lexed.tokens), holes: holes.holes }
  const statements = split.statements.map((each) => templateOf(each, readStatement(source, dialect, each), template))
  const misplaced = findMisplaced(statements, holes, lexed.holes)
  if (misplaced) return misplaced
  const names = namesOf(dialect, statements, [...holes.names.uses, ...namesInRemarks(source, lexed.remarks)])
  return { ok: true, source, dialect, statements, holes, names, positionOf: positionsIn(source) }
}

/** Values where engines take none, with what to do instead: their own errors do not say. */
function findMisplaced(statements: readonly StatementTemplate[], { holes }: Holes, places: readonly Hole[]) {
  for (const { kind, holesAsTables, pieces } of statements) {
    const table = holesAsTables.find((hole) => holes[hole]?.kind !== 'ident')
    if (table !== undefined) return problem(MESSAGES.asTable, places[table]?.start ?? 0)
    const value = kind === 'create-view' && pieces.find((piece) => piece.kind === 'value' || piece.kind === 'list')
    if (value) return problem(MESSAGES.inView, value.offset)
  }
  return undefined
}

/** A table that other cells make is used under its connection's name, a value of the notebook under its own. */
export function analyse(source: string, { resultName, connection }: SqlSettings = {}): Analysis {
  const cell = readSql(source, connection?.dialect ?? 'duckdb')
  const nothing: Analysis = { defines: [], uses: [], assigns: [], empty: false }
  if (!cell.ok) return { ...nothing, syntaxError: { message: cell.message, ...positionsIn(source)(cell.offset) } }
  if (cell.statements.length === 0) return { ...nothing, empty: true }
  const { defines, uses } = cell.names.onConnection(connection?.id ?? EMBEDDED, connection === undefined)
  const all = [...defines, ...(resultName === undefined ? [] : [resultName])]
  return {
    defines: all,
    uses: uses.filter((name) => !all.includes(name)),
    assigns: cell.holes.names.assigns
      .filter(({ name }) => isExported(name))
      .map(({ name, offset }) => ({ name, ...cell.positionOf(offset) })),
    empty: false,
  }
}

/** The code of the holes, which leaves their values for `bind`. */
export function compile(source: string, dialect: Dialect): Compiled {
  const cell = readSql(source, dialect)
  if (!cell.ok) return { ok: false, error: { message: cell.message, ...positionsIn(source)(cell.offset) } }
  return compilers[dialect](source)
}

const compilers: Record<Dialect, (source: string) => Compiled> = {
  duckdb: memoise((source) => compileCell(source, 'duckdb')),
  postgresql: memoise((source) => compileCell(source, 'postgresql')),
}

function compileCell(source: string, dialect: Dialect): Compiled {
  const cell = readSql(source, dialect)
  if (!cell.ok) throw new TypeError('Only what can be read is compiled')
  return compileHoles(cell.holes)
}
