import type { AnalysedSource } from '@rivulet/server/notebook/commands'
import { EMBEDDED, graphName, shownName, tableOf } from '@rivulet/server/notebook/tables'
import { analyse, type SqlSettings } from '@rivulet/server/src/language/sql/sql.ts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toy, World } from '../../support/world.ts'

const sql = (source: string, settings?: SqlSettings): AnalysedSource => ({ source, analysis: analyse(source, settings) })

/** A notebook of these cells; nothing has run. */
function notebook(...contents: AnalysedSource[]) {
  const world = World.of([])
  world.edit(...contents.map((content) => ({ kind: 'insert', language: 'sql', content }) as const))
  const cells = world.engine.notebook.order
  const numberOf = (id: string) => cells.indexOf(id) + 1
  return {
    errors: () =>
      cells
        .map((id) => world.engine.notebook.cells.get(id)?.result)
        .map((result) => (result?.kind === 'error' ? result.error : undefined)),
    /** The order in which asking for a cell runs cells. */
    runs(number: number) {
      const decision = world.do({ kind: 'run', cellIds: [cells[number - 1] ?? ''] })
      return decision.ok ? decision.answer.planned.runs.map(({ cellId }) => numberOf(cellId)) : []
    },
    idOf: (number: number) => cells[number - 1],
  }
}

describe('[X4] tables in the graph', () => {
  test('who reads a table runs after who makes it, by whatever name and wherever it stands', () => {
    const { runs } = notebook(
      sql('select * from main.T join (select * from v) x using (i)'),
      sql('create view V as select * from t'),
      sql('create table t as select 1 i'),
      sql('select * from other.t'),
      sql('with t as (select 2) select * from t'),
    )
    expect(runs(3)).toEqual([3, 2, 1])
  })

  test('two cells that make one table are duplicates', () => {
    const { errors, idOf } = notebook(
      sql('create table T (i int)'),
      sql('create or replace table "t" as select 1'),
      sql('from t'),
    )
    const names = ['table:embedded:t']
    expect(errors()).toEqual([
      { kind: 'duplicate', names, cells: [idOf(2)] },
      { kind: 'duplicate', names, cells: [idOf(1)] },
      undefined,
    ])
  })

  test('a table of one name on another connection is another table', () => {
    const connection = { id: 'warehouse', dialect: 'postgresql' } as const
    const { errors, runs } = notebook(
      sql('create table t (i int)'),
      sql('create table t (i int)', { connection }),
      sql('select * from t', { connection }),
    )
    expect(errors()).toEqual([undefined, undefined, undefined])
    expect(runs(2)).toEqual([2, 3])
  })

  test('a temporary table is nobody else’s', () => {
    const { errors } = notebook(sql('create temp table t as select 1; from t'), sql('create temp table t as select 2; from t'))
    expect(errors()).toEqual([undefined, undefined])
  })

  test('a table made from a value of its own name is no cycle', () => {
    const { errors, runs } = notebook(toy('orders = 1'), sql('create table orders as select * from orders'), sql('from orders'))
    expect(errors()).toEqual([undefined, undefined, undefined])
    expect(runs(1)).toEqual([1, 2, 3])
  })

  test('tables that wait for each other are a cycle', () => {
    const { errors, idOf } = notebook(sql('create view a as from b'), sql('create view b as from a'))
    expect(errors()[0]).toEqual({
      kind: 'cycle',
      path: [
        { cell: idOf(1), name: 'table:embedded:b' },
        { cell: idOf(2), name: 'table:embedded:a' },
      ],
    })
  })
})

describe('[X1] one name space', () => {
  test('a result has a name as values have', () => {
    const { errors, idOf } = notebook(toy('totals = 1'), sql('select 1', { resultName: 'totals' }), toy('x = totals'))
    expect(errors()).toEqual([
      { kind: 'duplicate', names: ['totals'], cells: [idOf(2)] },
      { kind: 'duplicate', names: ['totals'], cells: [idOf(1)] },
      undefined,
    ])
  })

  test('[X3] a table that is a value of the notebook is read from the cell that defines it', () => {
    const { runs } = notebook(sql('from rows', { resultName: 'result' }), toy('rows = 1'), toy('x = result'))
    expect(runs(2)).toEqual([2, 1, 3])
  })
})

describe('names of tables', () => {
  test('come back as they were, and are never those of values', () => {
    const part = fc.string({ unit: 'binary', minLength: 1 })
    fc.assert(
      fc.property(part, fc.array(part, { minLength: 1, maxLength: 3 }), (connection, parts) => {
        const name = graphName({ connection, parts })
        expect(tableOf(name)).toEqual({ connection, parts })
        expect(name).not.toMatch(/\s/)
        expect(shownName(name)).toBe(parts.join('.'))
      }),
    )
    expect(graphName({ connection: EMBEDDED, parts: ['s', 't'] })).toBe('table:embedded:s.t')
    expect([tableOf('table'), shownName('table')]).toEqual([undefined, 'table'])
  })
})
