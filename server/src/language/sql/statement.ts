import { isTemporary, ownScope, tablesOfColumns } from './creation.ts'
import { Cursor, type Range, type TableName } from './cursor.ts'
import { KINDS, type StatementFacts, type StatementKind, type TableUse } from './facts.ts'
import { readObjects } from './objects.ts'
import { type Clause, type Found, QueryWalk, type Scope } from './queries.ts'
import type { Statement } from './statements.ts'
import type { Dialect } from './tokens.ts'

/** What one statement does, reads and makes. Never fails: what it does not understand has no names. */
export function readStatement(source: string, dialect: Dialect, statement: Statement): StatementFacts {
  const cursor = new Cursor(source, dialect, statement)
  return new StatementReader(cursor).read()
}

const MODIFIERS = [
  'or',
  'replace',
  'temp',
  'temporary',
  'local',
  'global',
  'unlogged',
  'recursive',
  'materialized',
  'foreign',
  'unique',
]

/** Statements within statements, as of `explain explain …`; brackets have a limit of their own. */
const MAX_DEPTH = 300

class StatementReader implements Found {
  readonly #cursor: Cursor
  readonly #queries: QueryWalk
  readonly #facts: StatementFacts = { kind: 'other', analyzes: false, uses: [], creates: [], holesAsTables: [] }
  #depth = 0

  constructor(cursor: Cursor) {
    this.#cursor = cursor
    this.#queries = new QueryWalk(cursor, this)
  }

  read(): StatementFacts {
    const all = { from: 0, to: this.#cursor.end }
    const facts = this.#facts
    facts.kind = this.#statement(all, undefined)
    return facts
  }

  reads(table: TableName): void {
    this.#use(table, 'read')
  }

  makes(table: TableName, temporary: boolean): void {
    this.#facts.creates.push({ table, kind: 'table', temporary })
  }

  holeAsTable(hole: number): void {
    this.#facts.holesAsTables.push(hole)
  }

  statement(range: Range, scope: Scope | undefined): void {
    this.#statement(range, scope)
  }

  #use(table: TableName, how: TableUse['how']): void {
    this.#facts.uses.push({ table, how })
  }

  #query(from: number, { to }: Range, scope: Scope | undefined, clause: Clause = 'start', expectsTable = false): void {
    this.#queries.walk({ from, to }, scope, clause, expectsTable)
  }

  #statement(range: Range, scope: Scope | undefined): StatementKind {
    this.#depth += 1
    const kind = this.#depth > MAX_DEPTH ? 'other' : this.#dispatch(range, scope)
    this.#depth -= 1
    return kind
  }

  #dispatch(range: Range, scope: Scope | undefined): StatementKind {
    const cursor = this.#cursor
    const { from, to } = range
    const word = cursor.word(from)
    if (word === 'with') {
      const common = this.#queries.common(from, to, scope)
      if (common) return this.#statement({ from: common.next, to }, common.scope)
    }
    const kind = KINDS.get(word || (cursor.is(from, '(') ? '(' : '')) ?? (word === 'create' ? 'create-other' : 'other')
    switch (kind) {
      case 'select':
        this.#query(from, range, scope)
        return kind
      case 'explain':
        return this.#explain(range)
      case 'create-other':
        return this.#create(range)
      case 'insert':
        this.#insert(range, scope)
        return kind
      case 'update':
        this.#update(range, scope)
        return kind
      case 'delete':
        this.#target(cursor.skip(from + 1, 'from'), range, scope)
        return kind
      case 'merge':
        this.#merge(range, scope)
        return kind
      case 'copy':
        this.#copy(range)
        return kind
      case 'prepare':
        this.#prepared(range)
        return kind
      case 'drop':
      case 'alter':
      case 'truncate':
      case 'maintenance':
      case 'permission': {
        const { uses, creates } = readObjects(kind, cursor, range)
        this.#facts.uses.push(...uses)
        this.#facts.creates.push(...creates)
        return kind
      }
      default:
        return kind
    }
  }

  /** `explain [analyze] [verbose] [(options)] statement`. */
  #explain({ from, to }: Range): StatementKind {
    const cursor = this.#cursor
    let at = cursor.skip(from + 1, 'analyze', 'verbose', 'query', 'plan')
    const options = cursor.is(at, '(') ? cursor.tokens.slice(at, cursor.behind(at, to)) : []
    if (cursor.is(at, '(') && KINDS.get(cursor.word(at + 1)) !== 'select') at = cursor.behind(at, to)
    const words = [...cursor.tokens.slice(from, at), ...options]
    this.#facts.analyzes = words.some(({ text }) => text === 'analyze')
    this.#facts.explained = this.#statement({ from: at, to }, undefined)
    return 'explain'
  }

  /** `insert [or replace] into t [as a] [(columns)] query …`. */
  #insert(range: Range, scope: Scope | undefined): void {
    const cursor = this.#cursor
    const target = cursor.name(cursor.skip(range.from + 1, 'or', 'replace', 'ignore', 'into'))
    if (!target) return
    this.#use(target.name, 'write')
    let at = target.next
    if (cursor.word(at) === 'as') at += 2
    if (cursor.is(at, '(') && !this.#holdsQuery(at)) at = cursor.behind(at, range.to)
    at = cursor.skip(at, 'by', 'name', 'position', 'overriding', 'system', 'user', 'value')
    this.#query(at, range, scope)
  }

  #holdsQuery(parenthesis: number): boolean {
    let at = parenthesis
    while (this.#cursor.is(at, '(')) at += 1
    return QUERY_WORDS.has(this.#cursor.word(at))
  }

  /** `update t set …`, where a `from` may follow. */
  #update(range: Range, scope: Scope | undefined): void {
    this.#target(range.from + 1, range, scope)
  }

  /** The table that is changed, and the clauses behind it; `using` is what `from` is elsewhere. */
  #target(at: number, range: Range, scope: Scope | undefined): void {
    const cursor = this.#cursor
    const target = cursor.name(cursor.skip(at, 'only'))
    if (!target) return
    this.#use(target.name, 'write')
    const using = cursor.word(range.from) === 'delete' ? this.#cursor.find('using', target.next, range.to) : undefined
    if (using === undefined) this.#query(target.next, range, scope, 'other')
    else this.#query(using + 1, range, scope, 'from', true)
  }

  /** `merge into t using source on … when …`. */
  #merge(range: Range, scope: Scope | undefined): void {
    const cursor = this.#cursor
    const target = cursor.name(cursor.skip(range.from + 1, 'into', 'only'))
    if (!target) return
    this.#use(target.name, 'write')
    const using = this.#cursor.find('using', target.next, range.to)
    if (using === undefined) return
    let actions = using
    while (actions < range.to && !(cursor.word(actions) === 'when' && ['matched', 'not'].includes(cursor.word(actions + 1))))
      actions += 1
    this.#query(using + 1, { from: using, to: actions }, scope, 'from', true)
    this.#query(actions, range, scope, 'other')
  }

  #copy(range: Range): void {
    const cursor = this.#cursor
    const at = range.from + 1
    if (cursor.is(at, '(')) {
      this.#statement({ from: at + 1, to: cursor.behind(at, range.to) - 1 }, undefined)
      return
    }
    const target = cursor.word(at) === 'from' ? undefined : cursor.name(at)
    if (!target) return
    const next = cursor.is(target.next, '(') ? cursor.behind(target.next, range.to) : target.next
    this.#use(target.name, cursor.word(next) === 'to' ? 'read' : 'write')
  }

  /** `prepare p as statement`, `declare c cursor for query`. */
  #prepared({ from, to }: Range): void {
    let at = from
    while (at < to && !['as', 'for'].includes(this.#cursor.word(at))) at += 1
    this.#statement({ from: at + 1, to }, undefined)
  }

  /** `create [or replace] [temp] table|view [if not exists] name …`. */
  #create(range: Range): StatementKind {
    const cursor = this.#cursor
    const object = cursor.skip(range.from + 1, ...MODIFIERS)
    const kind = cursor.word(object)
    if (kind === 'index' || kind === 'trigger') {
      const on = this.#cursor.find('on', object, range.to)
      const target = on === undefined ? undefined : cursor.name(cursor.skip(on + 1, 'only'))
      if (target) this.#use(target.name, 'write')
    }
    if (kind === 'macro' || (kind === 'function' && cursor.dialect === 'duckdb')) this.#macro(object, range)
    if (kind !== 'table' && kind !== 'view') return 'create-other'
    const created = cursor.name(cursor.skipPhrase(object + 1, 'if not exists'))
    if (created) this.#created(kind, created, { from: object, to: range.to })
    return kind === 'table' ? 'create-table' : 'create-view'
  }

  #created(kind: 'table' | 'view', { name, next }: { name: TableName; next: number }, { from: object, to }: Range): void {
    const cursor = this.#cursor
    const modifiers = cursor.tokens.slice(0, object).map(({ text }) => text)
    const scope = modifiers.includes('recursive') ? ownScope(name) : undefined
    const query = this.#cursor.find('as', next, to)
    if (kind === 'table') for (const other of tablesOfColumns(cursor, next, query ?? to)) this.#use(other, 'reference')
    if (query !== undefined) this.#statement({ from: query + 1, to }, scope)
    this.#facts.creates.push({ table: name, kind, temporary: isTemporary(name, modifiers) })
  }

  #macro(object: number, range: Range): void {
    const query = this.#cursor.find('as', object, range.to)
    if (query !== undefined) this.#query(this.#cursor.skip(query + 1, 'table'), range, undefined)
  }
}

const QUERY_WORDS = new Set(['select', 'with', 'from', 'values', 'table'])
