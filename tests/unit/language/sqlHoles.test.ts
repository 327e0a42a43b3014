// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells are strings.
import type { Position } from '@rivulet/server/src/language/position.ts'
import { analyse, compile, readSql } from '@rivulet/server/src/language/sql/sql.ts'
import { describe, expect, test } from 'vitest'

// biome-ignore lint/security/noGlobalEval: runs compiled cells as the kernel does.
const indirectEval = globalThis.eval

interface Runtime {
  value?: unknown
  halt(): void
  resumed<T>(value: T): T
}

/** The values that a cell's holes leave, evaluated as the kernel does. */
async function evaluate(source: string, given: Record<string, unknown> = {}): Promise<unknown> {
  const compiled = compile(source, 'duckdb')
  if (!compiled.ok) throw new SyntaxError(compiled.error.message)
  const names = Object.keys(given).filter((name) => compiled.uses.includes(name))
  const head = `'use strict';(function(){return async($rivulet,$rivuletFlag${names.map((name) => `,${name}`).join('')})=>{`
  const cell = indirectEval(`${head}\n${compiled.body}\n}})()\n//# sourceURL=rivulet:sql`) as (
    ...values: unknown[]
  ) => Promise<void>
  const runtime: Runtime = { halt: () => {}, resumed: (value) => value }
  await cell(runtime, new Int32Array(1), ...names.map((name) => given[name]))
  return runtime.value
}

const given = { a: 1, b: 'two', xs: [3, 4], f: (x: unknown) => [x] }

describe('[X3] the values of holes', () => {
  test.each<[string, unknown[]]>([
    ['select 1', []],
    ['select ${a}, ${b}', [1, 'two']],
    ['select ${a}; select ${b}', [1, 'two']],
    ['select ${ { q: `}${a}` }.q }', ['}1']],
    ['select ${xs.map((x) => { return x * 2 })}', [[6, 8]]],
    ['select ${await Promise.resolve(a)}, ${Promise.resolve(b)}', [1, 'two']],
    ['select ${a as number}, ${(b satisfies string)!}', [1, 'two']],
    ['select ${a // one }\n}', [1]],
    ['select ${(class { static accessor x = 7 }).x}', [7]],
    ['select ${(a, b)}', ['two']],
    ['select ${ident(b)}, ${list(xs)}, ${ident((a, b))}', ['two', [3, 4], 'two']],
    ['select ${list(f(a),)}, ${ident(`t_${a}`)}', [[1], 't_1']],
    ['select ${a}, ${ a }, ${ident(a)}, ${list(a)}', [1]],
    ['select ${f(a)}, ${f(a)}', [[1]]],
    ['select ${null}, ${undefined}', [null, undefined]],
    ["select 'it''s', ${a} -- ${b}", [1]],
    ['\u2028select\r\n${a}', [1]],
  ])('%j', async (source, values) => {
    expect(await evaluate(source, given)).toEqual(values)
  })
})

test('[X3] `ident` and `list` are names like others where they do not stand for the whole hole', async () => {
  const own = { list: (x: unknown[]) => ({ x }), ident: { y: 5 }, xs: [1] }
  expect(await evaluate('select ${ident.y}, ${ident}, ${list(xs).x.length + 1}', own)).toEqual([5, own.ident, 2])
})

describe('[X3] analysis', () => {
  const uses = (source: string) => analyse(source).uses.filter((name) => !name.startsWith('table:'))

  test.each([
    ['select ${a + b}, ${a}, ${_private}, ${Math.max(c)}', ['a', 'b', 'Math', 'c']],
    ['select ${(x) => x + y}', ['y']],
    ['select ${ident(n)}, ${list(ns)}', ['n', 'ns']],
    ['select ${list(list)}', ['list']],
    ['select ${x as typeof y}', ['x']],
    ['select 1 -- ${remark}\n /* ${other + `}`} ${broken broken} */', ['remark', 'other']],
    ['select * from orders', ['orders']],
  ])('%j uses %j', (source, names) => {
    expect(uses(source)).toEqual(names)
  })

  test('[G6] assignments have their place in the cell', () => {
    expect(analyse('select ${x = 1},\r\n\n  ${ident((y++, z.w = 1))}, ${[_p] = []}').assigns).toEqual([
      { name: 'x', line: 1, column: 10 },
      { name: 'y', line: 3, column: 12 },
    ])
  })

  test.each(['', ' \n\t', '-- ${x}', '/* ${x} */ ;; -- y'])('[G10] %j is empty', (source) => {
    expect(analyse(source, { resultName: 'r' })).toEqual({ defines: [], uses: [], assigns: [], empty: true })
  })

  test('the name of the result is defined', () => {
    expect(analyse('select ${a} from r', { resultName: 'r' })).toEqual({
      defines: ['r'],
      uses: ['a', 'table:embedded:r'],
      assigns: [],
      empty: false,
    })
  })

  test.each([
    ['select ${}', '1:8 The braces are empty'],
    ['select ${ }', '1:8 The braces are empty'],
    ['select 1,\n  ${a b}', '2:7 `b` does not fit here'],
    ['select ${a}, ${a) + (b}', '1:16 One expression is expected here'],
    ['select ${a; b}', '1:11 `;` does not fit here'],
    ['select ${f(a}, ${b}', '1:13 The expression ends too early'],
    ['select ${const x = 1}', '1:10 `const` is a reserved word and cannot be a name'],
    ['select ${<b>x</b>}', '1:10 JSX is not available in cells: use the html`…` template tag'],
    ['select ${$rivulet.halt()}', '1:10 Names that begin with `$rivulet` belong to the notebook itself'],
    ['select ${ident()}', '1:10 `ident` takes exactly one value'],
    ['select ${list(...xs)}', '1:10 `list` takes exactly one value'],
    ['select ${list(a, b)}', '1:10 `list` takes exactly one value'],
    ["select 'a ${x}'", "1:11 A value cannot stand inside a string: end the string and join the two, as in 'a' || ${x}"],
    [
      'select * from a join ${x} using (i)',
      '1:22 A value cannot stand for a table: write the name of a value of the notebook without `${}`, or a table name as ${ident(x)}',
    ],
    [
      'create view v as select ${x}',
      '1:25 A view cannot hold a value, as it is computed whenever it is read: create a table instead',
    ],
    [`select ${'${a}, '.repeat(1_001)}1`, '1:6008 A SQL cell can have 1,000 holes'],
    ['a;'.repeat(5_001), '1:10001 A cell can have 5,000 statements: split this one up'],
  ])('[G11] %j: %s', (source, expected) => {
    const { syntaxError, ...names } = analyse(source, { resultName: 'r' })
    expect(`${syntaxError?.line}:${syntaxError?.column} ${syntaxError?.message}`).toBe(expected)
    expect(names).toEqual({ defines: [], uses: [], assigns: [], empty: false })
    const compiled = compile(source, 'duckdb')
    expect(compiled.ok ? compiled : compiled.error).toEqual(syntaxError)
  })

  test.each([
    'select * from ${ident(t)}, ${ident(s)}.a',
    'create view v as select * from ${ident(t)}',
    'select extract(year from ${d}), trim(from ${t}), substring(${t} from ${n}), a is distinct from ${x}',
    'select * from f(${x}), unnest(${xs}) u, (values (${y})) v limit ${n}',
    'select * from a where i in (${list(xs)}) order by ${ident(c)} desc',
    'insert into t values (${x}) on conflict do nothing',
  ])('but %j is fine', (source) => {
    expect(analyse(source).syntaxError).toBeUndefined()
  })
})

describe('what fails in a hole has its place in the cell', () => {
  test.each<[string, Position]>([
    ['select ${nothing.x}', { line: 1, column: 10 }],
    ["select 'é',\r\n  ${a}, ${ident(\n  nothing.x)}", { line: 3, column: 3 }],
    ['select ${a},\n -- ${b}\n ${(() => {\n  return nothing.x })()}', { line: 4, column: 10 }],
  ])('%j', async (source, place) => {
    const compiled = compile(source, 'duckdb')
    if (!compiled.ok) throw new Error(compiled.error.message)
    const failure = await evaluate(source, { ...given, nothing: undefined }).catch((error: Error) => error)
    const frames = failure instanceof Error ? [...String(failure.stack).matchAll(/rivulet:sql:(\d+):(\d+)/g)] : []
    const [, line, column] = frames[0] ?? []
    const at = compiled.positionOf({ line: Number(line) - 1, column: Number(column) })
    expect(at?.line).toBe(place.line)
    expect(at?.column).toBeGreaterThanOrEqual(place.column)
  })
})

describe('[X4] tables are names of the graph', () => {
  test.each<[string, string[], string[]]>([
    ['create table t as select * from a', ['t'], ['a', 'table:a']],
    ['create table T as select * from t', ['t'], ['t']],
    ['create table t (i int); insert into t select * from a; select * from t', ['t'], ['a', 'table:a']],
    ['create temp table t as from a; from t', [], ['a', 'table:a']],
    ['create table t (i int); drop table t', [], []],
    ['drop table if exists t; create table t as from a', ['t'], ['a', 'table:a']],
    ['create or replace view v as from t join u using (i)', ['v'], ['t', 'table:t', 'u', 'table:u']],
    ['create view s.v as from s.t', ['s.v'], ['table:s.t']],
    ['create table main.t as from main.a', ['t'], ['table:a']],
    ['insert into t values (1)', [], ['table:t']],
    ['create table t (i int references u)', ['t'], ['table:u']],
    ['drop table t', [], ['table:t']],
    ['alter table t rename to u', ['u'], ['table:t']],
    ['from Orders, "Orders", orders', [], ['Orders', 'orders', 'table:orders']],
    ['from "my table", "a.b"', [], ['table:my%20table', 'table:a%2Eb']],
    ['from _private', [], ['table:_private']],
    ['with t as (from a) from t', [], ['a', 'table:a']],
    ['from range(3), read_csv($$x$$)', [], []],
    ["select 'from x' -- from y", [], []],
    ['seleKt * fron x whare', [], []],
    ['select from where from from', [], []],
  ])('%j', (source, defines, uses) => {
    const onEmbedded = (name: string) => name.replace(/^table:/, 'table:embedded:')
    const analysis = analyse(source)
    expect(analysis.defines).toEqual(defines.map((name) => `table:embedded:${name}`))
    expect(analysis.uses.toSorted()).toEqual(uses.map(onEmbedded).toSorted())
  })

  test('of their connection, where values of the notebook are no tables', () => {
    const connection = { id: 'warehouse', dialect: 'postgresql' } as const
    expect(analyse('create table Sales as select * from "Orders", public.ORDERS', { connection, resultName: 'orders' })).toEqual({
      defines: ['table:warehouse:sales', 'orders'],
      uses: ['table:warehouse:Orders', 'table:warehouse:orders'],
      assigns: [],
      empty: false,
    })
  })

  test('what every statement does is told to whoever runs it', () => {
    const cell = readSql('explain analyze delete from t; -- done\n', 'duckdb')
    expect(cell.ok && cell.statements).toMatchObject([{ kind: 'explain', explained: 'delete', analyzes: true }])
  })
})
