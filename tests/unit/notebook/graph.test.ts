import { describe, expect, test } from 'vitest'
import { World } from '../../support/world.ts'

describe('the graph', () => {
  test('[G1] cells run in the order of their names; page order breaks ties', () => {
    const world = World.of(['c = a b', 'b = a', 'a =', 'z ='])
    world.do({ kind: 'run-all' })
    expect(world.settle()).toEqual([3, 2, 1, 4])
  })

  test('[G2] every definer of a name is in error, until one remains', () => {
    const world = World.of(['x =', 'x =', 'y = x'])
    expect(world.cell(1).result).toEqual({ kind: 'error', error: { kind: 'duplicate', names: ['x'], cells: [world.id(2)] } })
    expect(world.cell(3).result).toEqual({ kind: 'blocked', because: 'failed', culprit: world.id(1) })
    world.type(2, 'z =')
    expect(world.settle()).toEqual([1, 3])
    expect(world.cell(2)).toMatchObject({ result: { kind: 'none' }, stale: true })
  })

  test('[G2] [S21] of a thousand cells that define one name each is in error, in page order, and nobody waits for that', () => {
    const from = performance.now()
    const world = World.of(Array.from({ length: 1_000 }, () => 'x ='))
    const others = (...positions: number[]) => positions.map((position) => world.id(position))
    const listed = Array.from({ length: 20 }, (_, n) => n + 1)
    expect(world.cell(1_000).result).toMatchObject({ error: { kind: 'duplicate', cells: others(...listed) } })
    const [first, second] = others(1, 2)
    world.edit({ kind: 'move', cellId: world.id(1_000), after: null })
    world.type(3, 'y =')
    expect(world.cell(1_000).result).toMatchObject({
      error: { cells: [world.id(1), first, ...others(...listed.slice(3), 21, 22)].slice(0, 20) },
    })
    expect(second).toBe(world.id(3))
    expect(world.cell(3).result).toEqual({ kind: 'none' })
    // It was more than half a minute.
    expect(performance.now() - from).toBeLessThan(10_000)
  })

  test('[G3] [S21] of a long cycle every cell lists the beginning of the path from itself, so that a thousand cells stay small', () => {
    const length = 1_000
    const world = World.of(Array.from({ length }, (_, n) => `x${n} = x${(n + 1) % length}`))
    for (const place of [1, 990]) {
      const path = Array.from({ length: 20 }, (_, n) => ({
        cell: world.id(((place - 1 + n) % length) + 1),
        name: `x${(place + n) % length}`,
      }))
      expect(world.cell(place).result).toEqual({ kind: 'error', error: { kind: 'cycle', path, more: length - 20 } })
    }
    expect(JSON.stringify([...world.engine.notebook.cells.values()]).length).toBeLessThan(2_000_000)
    world.type(1, 'x0 =')
    expect(world.cell(2).result.kind).toBe('none')
  })

  test('[G2] emptying, deleting or disabling a definer ends the duplicate', () => {
    for (const end of ['empty', 'delete', 'disable'] as const) {
      const world = World.of(['x =', 'x ='])
      if (end === 'empty') world.type(2, '')
      if (end === 'delete') world.edit({ kind: 'delete', cellId: world.id(2) })
      if (end === 'disable') world.edit({ kind: 'set', cellId: world.id(2), disabled: true })
      world.settle()
      expect(world.cell(1).result.kind, end).toBe('ok')
    }
  })

  test('[G3] a cycle puts every cell on it in error, with the path', () => {
    const world = World.of(['a = b', 'b = c', 'c = a', 'd = c'])
    expect(world.cell(1).result).toEqual({
      kind: 'error',
      error: {
        kind: 'cycle',
        path: [
          { cell: world.id(1), name: 'b' },
          { cell: world.id(2), name: 'c' },
          { cell: world.id(3), name: 'a' },
        ],
      },
    })
    expect(world.cell(4).result).toMatchObject({ kind: 'blocked', because: 'failed' })
    world.type(3, 'c =')
    world.run(3)
    world.settle()
    expect([1, 2, 3, 4].map((n) => world.cell(n).result.kind)).toEqual(['ok', 'ok', 'ok', 'ok'])
  })

  test('[G4] blocked cells point at the first cause', () => {
    const world = World.of(['a = throw', 'b = a', 'c = b'])
    world.do({ kind: 'run-all' })
    world.settle()
    expect(world.cell(3).result).toEqual({ kind: 'blocked', because: 'failed', culprit: world.id(1) })
  })

  test('[G5] a missing name heals when somebody defines it', () => {
    const world = World.of(['b = a'])
    world.run(1)
    world.settle()
    expect(world.cell(1).result).toMatchObject({ kind: 'error', error: { kind: 'missing', name: 'a' } })
    world.edit({
      kind: 'insert',
      language: 'typescript',
      content: { source: 'a =', analysis: { defines: ['a'], uses: [], assigns: [], empty: false } },
      after: 'end',
    })
    world.run(2)
    expect(world.settle()).toEqual([2, 1])
    expect(world.cell(1).result.kind).toBe('ok')
  })

  test('[G6] assigning to a foreign name is refused', () => {
    const world = World.of(['x =', 'x := 2'])
    expect(world.cell(2).result).toMatchObject({
      kind: 'error',
      error: { kind: 'external-assignment', names: ['x'], line: 1, column: 1 },
    })
    expect(world.cell(1).result.kind).toBe('none')
  })

  test('[G10] an empty cell is never stale, never in error, and releases its names', () => {
    const world = World.of(['x =', 'y = x'])
    world.do({ kind: 'run-all' })
    world.settle()
    world.type(1, '')
    expect(world.cell(1)).toMatchObject({ stale: false, result: { kind: 'none' } })
    world.run(1)
    expect(world.settle()).toEqual([2])
    expect(world.cell(2).result).toMatchObject({ kind: 'error', error: { kind: 'missing', name: 'x' } })
  })

  test('[G11] a syntax error defines nothing; others still run; what was shown stays until the run', () => {
    const world = World.of(['x =', 'y ='])
    world.do({ kind: 'run-all' })
    world.settle()
    world.type(1, 'x = ?')
    expect(world.cell(1)).toMatchObject({ defines: [], result: { kind: 'error', error: { kind: 'syntax', line: 1, column: 5 } } })
    expect(world.cell(1).outputs).toHaveLength(1)
    world.do({ kind: 'run-all' })
    expect(world.settle()).toEqual([2])
    expect(world.cell(1).outputs).toHaveLength(0)
  })
})
