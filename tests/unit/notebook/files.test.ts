import { describe, expect, test } from 'vitest'
import { fileOf } from '../../support/histories.ts'
import { World } from '../../support/world.ts'

const file = (id: string, table = 'cars') => fileOf(id, table)
const add = (world: World, id: string, { replace = false, mode }: { replace?: boolean; mode?: 'lazy' } = {}) =>
  world.do({ kind: 'add-file', file: file(id), replace }, mode)
const READS = 'a = table:embedded:cars'
const MAKES = 'table:embedded:cars ='

describe('files as tables of the graph', () => {
  test('[F2] one that comes is read by those that miss it, and by what hangs on them; nothing else runs', () => {
    const world = World.of([READS, 'b = a', 'c ='])
    world.do({ kind: 'run-all' })
    world.settle()
    expect(world.cell(1).result).toMatchObject({ kind: 'error' })
    add(world, 'one')
    expect(world.settle()).toEqual([1, 2])
    expect(world.cell(2).result.kind).toBe('ok')
    expect(world.cell(1).cause).toEqual({ kind: 'file' })
    expect(world.engine.notebook.files.map(({ id }) => id)).toEqual(['one'])
  })

  test('[F2] one that takes another’s place is another table: in auto mode readers run, in lazy mode they are stale', () => {
    for (const mode of ['auto', 'lazy'] as const) {
      const world = World.of([READS, 'b = a', 'c ='], { mode })
      add(world, 'one')
      world.do({ kind: 'run-all' })
      world.settle()
      expect(add(world, 'two', { replace: true }).ok).toBe(true)
      expect(world.settle()).toEqual(mode === 'auto' ? [1, 2] : [])
      expect([1, 2, 3].map((n) => world.cell(n).stale)).toEqual(mode === 'auto' ? [false, false, false] : [true, true, false])
      expect(world.engine.notebook.files.map(({ id }) => id)).toEqual(['two'])
    }
  })

  test('[S11] one that is replaced while a reader waits or runs is read anew, in lazy mode as well', () => {
    const world = World.of([READS, 'c ='], { mode: 'lazy' })
    add(world, 'one')
    world.run(1)
    add(world, 'two', { replace: true })
    expect(world.settle()).toEqual([1])
    expect(world.cell(1)).toMatchObject({ stale: false, result: { kind: 'ok' } })
    expect(JSON.stringify(world.cell(1).outputs)).toContain('two')
  })

  test('[F2] without leave to run, readers are stale', () => {
    const world = World.of([READS, 'b = a'])
    add(world, 'one', { mode: 'lazy' })
    expect(world.settle()).toEqual([])
    expect([world.cell(1).stale, world.cell(2).stale]).toEqual([true, true])
  })

  test('[F2] one that goes is missed at once', () => {
    const world = World.of([READS])
    add(world, 'one')
    world.settle()
    expect(world.cell(1).result.kind).toBe('ok')
    world.do({ kind: 'remove-file', fileId: 'one' })
    expect(world.settle()).toEqual([1])
    expect(world.cell(1).result).toMatchObject({ kind: 'error', error: { kind: 'missing' } })
    expect(world.do({ kind: 'remove-file', fileId: 'one' })).toEqual({
      ok: false,
      problem: { kind: 'not-found', what: 'file', id: 'one' },
    })
  })

  test('[F1] [G2] a cell that makes a table of a file’s name is a duplicate, until one of the two is gone', () => {
    const world = World.of([READS])
    add(world, 'one')
    world.settle()
    world.edit({
      kind: 'insert',
      language: 'typescript',
      content: { source: MAKES, analysis: { defines: ['table:embedded:cars'], uses: [], assigns: [], empty: false } },
      after: 'end',
    })
    world.settle()
    const error = { kind: 'duplicate', names: ['table:embedded:cars'], cells: [], files: ['cars.csv'] }
    expect(world.cell(2).result).toEqual({ kind: 'error', error })
    expect(world.cell(1).result).toEqual({ kind: 'blocked', because: 'failed', culprit: world.id(2) })
    world.do({ kind: 'remove-file', fileId: 'one' })
    world.settle()
    expect([1, 2].map((n) => world.cell(n).result.kind)).toEqual(['ok', 'ok'])
    expect(add(world, 'two')).toEqual({ ok: false, problem: { kind: 'table-taken', table: 'cars', by: 'cell' } })
  })

  test('[F5] a name that is taken is refused, and nothing has changed; a hundred files are enough', () => {
    const world = World.of([READS])
    add(world, 'one')
    expect(add(world, 'two')).toEqual({ ok: false, problem: { kind: 'table-taken', table: 'cars', by: 'file' } })
    expect(world.engine.notebook.files.map(({ id }) => id)).toEqual(['one'])
    for (let n = 1; n < 100; n += 1) world.do({ kind: 'add-file', file: file(`f${n}`, `t${n}`), replace: false })
    const more = world.do({ kind: 'add-file', file: file('more', 'more'), replace: false })
    expect(more).toMatchObject({ ok: false, problem: { kind: 'too-large', what: 'files' } })
  })

  test('[S17] with cut-off, a cell whose file was replaced is not taken for what it was', () => {
    const world = World.of(['x =', 'a = x table:embedded:cars'])
    world.do({ kind: 'set-notebook', cutoff: true })
    add(world, 'one')
    world.do({ kind: 'run-all' })
    world.settle()
    add(world, 'two', { replace: true, mode: 'lazy' })
    world.run(1)
    expect(world.settle()).toEqual([1, 2])
  })
})
