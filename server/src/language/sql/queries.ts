import { readCommonTables } from './commonTables.ts'
import type { Cursor, Range, TableName } from './cursor.ts'

/** Common table expressions, which hide tables of the same name, innermost first. */
export interface Scope {
  /** In their order; only those before `below` are visible. */
  readonly names: ReadonlyMap<string, number>
  readonly below: number
  readonly outer: Scope | undefined
}

/** What a walk comes across. */
export interface Found {
  reads(table: TableName): void
  /** `select … into`. */
  makes(table: TableName, temporary: boolean): void
  /** A hole stands where only a table can. */
  holeAsTable(hole: number): void
  /** A statement within `with`. */
  statement(range: Range, scope: Scope | undefined): void
}

/** What a comma, a `from` or a `join` means depends on it. */
export type Clause = 'start' | 'select' | 'from' | 'pivot' | 'other' | 'expression'

const ENDS_FROM = new Set('where group having order limit offset fetch window qualify returning for'.split(' '))
const SET_OPERATIONS = new Set(['union', 'intersect', 'except'])
const TABLE_COMMANDS = new Set('table pivot pivot_wider pivot_longer unpivot summarize describe desc'.split(' '))
const QUERIES = new Set(['select', 'with', 'from', 'values', 'table'])
/** `show` with these lists something. */
const LISTS = new Set('tables all databases schemas views columns variables'.split(' '))
const FUNCTIONS_WITH_FROM = new Set(['trim', 'ltrim', 'rtrim', 'btrim', 'extract', 'substring', 'overlay'])
/** No table is called so without quotation marks. */
const RESERVED = new Set(
  (
    'select from where group order having limit union intersect except on using join inner left right full cross natural asof positional ' +
    'semi anti as set window qualify fetch offset returning with'
  ).split(' '),
)

/** Finds the tables that queries read: a walk over clauses and brackets, without a grammar, so that every text has an answer. */
export class QueryWalk {
  readonly #cursor: Cursor
  readonly #found: Found

  constructor(cursor: Cursor, found: Found) {
    this.#cursor = cursor
    this.#found = found
  }

  /** A query, or any part of one. */
  walk(range: Range, scope: Scope | undefined, clause: Clause = 'start', expectsTable = false): void {
    new Level(this, { cursor: this.#cursor, found: this.#found, range, scope }).run(clause, expectsTable)
  }

  /** The names that a `with` makes, and where what it belongs to begins. Nothing is walked twice. */
  common(at: number, to: number, outer: Scope | undefined): { next: number; scope: Scope } | undefined {
    const { tables, recursive, next } = readCommonTables(this.#cursor, at, to)
    if (tables.length === 0) return undefined
    const names = new Map(tables.map(({ name }, n) => [name, n]))
    const all: Scope = { names, below: tables.length, outer }
    for (const [n, { body }] of tables.entries()) this.#found.statement(body, recursive ? all : { names, below: n, outer })
    return { next, scope: all }
  }
}

interface LevelOptions {
  cursor: Cursor
  found: Found
  range: Range
  scope: Scope | undefined
}

/** What stands between two brackets, or in a whole statement. */
class Level {
  readonly #walk: QueryWalk
  readonly #cursor: Cursor
  readonly #found: Found
  readonly #range: Range
  #scope: Scope | undefined
  #clause: Clause = 'start'
  #expectsTable = false

  constructor(walk: QueryWalk, { cursor, found, range, scope }: LevelOptions) {
    this.#walk = walk
    this.#cursor = cursor
    this.#found = found
    this.#range = range
    this.#scope = scope
  }

  run(clause: Clause, expectsTable: boolean): void {
    this.#clause = clause
    this.#expectsTable = expectsTable
    let at = this.#range.from
    while (at < this.#range.to) at = this.#step(at)
  }

  /** Takes up what stands there; answers where to go on. */
  #step(at: number): number {
    const cursor = this.#cursor
    const { kind = 'word', text = '' } = cursor.tokens[at] ?? {}
    if (text === '(') return this.#parentheses(at)
    if (this.#expectsTable) return this.#table(at)
    if (text === '[' || text === '{') return this.#inside(at, 'expression')
    if (text === ',') this.#expectsTable = this.#clause === 'from'
    else if (kind === 'word') return this.#word(at, cursor.word(at))
    return at + 1
  }

  #parentheses(at: number): number {
    const first = this.#cursor.word(at + 1)
    const table = this.#expectsTable
    this.#expectsTable = false
    if (this.#clause === 'start') this.#clause = 'other'
    if (table && (TABLE_COMMANDS.has(first) || first === 'show')) return this.#inside(at, 'start')
    if (this.#beginsQuery(at, first)) return this.#inside(at, 'start')
    return this.#inside(at, table ? 'from' : 'expression', table)
  }

  #beginsQuery(at: number, first: string): boolean {
    if (!QUERIES.has(first)) return false
    if (first === 'from') return !FUNCTIONS_WITH_FROM.has(this.#cursor.word(at - 1))
    return first !== 'values' || this.#cursor.is(at + 2, '(')
  }

  #inside(at: number, clause: Clause, expectsTable = false): number {
    const next = Math.min(this.#cursor.behind(at, this.#range.to), this.#range.to + 1)
    this.#walk.walk({ from: at + 1, to: next - 1 }, this.#scope, clause, expectsTable)
    return next
  }

  #word(at: number, word: string): number {
    const clause = this.#clause
    if (SET_OPERATIONS.has(word)) this.#clause = 'start'
    else if (clause === 'expression') return at + 1
    else if (word === 'from') this.#from(at)
    else if (word === 'join') this.#join()
    else if (clause === 'start') return this.#begin(at, word)
    else if (word === 'select') this.#clause = 'select'
    else if (word === 'into' && clause === 'select') return this.#into(at)
    else if (clause === 'from' && this.#endsFrom(at, word)) this.#clause = 'other'
    return at + 1
  }

  /** The first word of a query. */
  #begin(at: number, word: string): number {
    if (word === 'with') {
      const common = this.#walk.common(at, this.#range.to, this.#scope)
      this.#scope = common?.scope ?? this.#scope
      return common?.next ?? at + 1
    }
    if (word === 'select') this.#clause = 'select'
    else if (TABLE_COMMANDS.has(word)) this.#command(at, word)
    else if (word === 'show') this.#show(at)
    else if (word === 'values') this.#clause = 'other'
    // `union all by name` and the like stay where they are.
    return at + 1
  }

  /** What follows is a table, or for some of them a query. */
  #command(at: number, word: string): void {
    const next = this.#cursor.word(at + 1)
    if (QUERIES.has(next) && word !== 'table') return
    this.#clause = word.includes('pivot') ? 'pivot' : 'other'
    this.#expectsTable = true
  }

  #show(at: number): void {
    this.#clause = 'other'
    this.#expectsTable = this.#cursor.dialect === 'duckdb' && !LISTS.has(this.#cursor.word(at + 1))
  }

  #from(at: number): void {
    const before = this.#cursor.word(at - 1)
    if (before === 'distinct' && ['is', 'not'].includes(this.#cursor.word(at - 2))) return
    if (before === 'as' && this.#clause === 'select') return
    this.#clause = 'from'
    this.#expectsTable = true
  }

  #join(): void {
    if (this.#clause !== 'pivot') this.#clause = 'from'
    this.#expectsTable = true
  }

  #endsFrom(at: number, word: string): boolean {
    const before = this.#cursor.word(at - 1)
    return ENDS_FROM.has(word) || (word === 'conflict' && before === 'on') || (word === 'sample' && before === 'using')
  }

  #into(at: number): number {
    const cursor = this.#cursor
    const kept = cursor.skip(at + 1, 'local', 'global', 'unlogged')
    const start = cursor.skip(kept, 'temp', 'temporary')
    const table = cursor.name(cursor.skip(start, 'table'))
    if (table) this.#found.makes(table.name, start > kept)
    return table?.next ?? start
  }

  /** Where a table is expected and no bracket stands. */
  #table(at: number): number {
    const cursor = this.#cursor
    const token = cursor.tokens[at]
    const word = cursor.word(at)
    if (word === 'lateral' || word === 'only') return at + 1
    if (word === 'rows' && cursor.word(at + 1) === 'from') {
      this.#expectsTable = false
      return at + 2
    }
    if (token?.hole !== undefined) this.#found.holeAsTable(token.hole)
    const table = RESERVED.has(word) ? undefined : cursor.name(at)
    if (table && cursor.is(table.next, ':')) return table.next + 1
    this.#expectsTable = false
    if (!table) return word ? at : at + 1
    if (!cursor.is(table.next, '(')) this.#read(table.name)
    return table.next
  }

  #read(name: TableName): void {
    const own = name.folded.length === 1 ? name.folded[0] : undefined
    for (let scope = this.#scope; scope && own !== undefined; scope = scope.outer)
      if ((scope.names.get(own) ?? scope.below) < scope.below) return
    this.#found.reads(name)
  }
}
