import { describe, expect, test } from 'vitest'
import { fresh, play, refresh, type Step } from '../../support/histories.ts'
import { World } from '../../support/world.ts'

/** Histories that random search found once, each of which came out wrong. */

describe('in auto mode what stands is a function of the code', () => {
  const CASES: [string, string[], Step[]][] = [
    [
      '[P1] [S7] a cell that has never run waits for one that is deleted',
      ['=', 'a = table:embedded:t', '= a b'],
      [
        { do: 'insert', position: 0, source: 'b =' },
        { do: 'file', id: 'one' },
        { do: 'steps', count: 1 },
        { do: 'delete', position: 1 },
      ],
    ],
    [
      '[P5] [G2] a duplicate heals, runs, and goes before its reader has run',
      ['= c', 'c =', '=', 'c =', '='],
      [
        { do: 'type', position: 3, source: '=' },
        { do: 'steps', count: 1 },
        { do: 'delete', position: 1 },
      ],
    ],
    [
      '[P5] [S4] what a cell handed on once is another’s when it loses its code',
      ['b =', 'b ='],
      [
        { do: 'disable', position: 1 },
        { do: 'run', position: 0 },
        { do: 'settle' },
        { do: 'type', position: 0, source: 'a = ?' },
        { do: 'disable', position: 1 },
      ],
    ],
  ]
  test.each(CASES)('%s', (_, sources, steps) => {
    const world = refresh(play(World.of(sources), steps))
    expect(world.standing()).toEqual(fresh(world).standing())
  })
})

describe('lazy mode and “run stale” give what auto mode gives', () => {
  const CASES: [string, string[], Step[]][] = [
    [
      '[P4] [S7] who waits for a cell that is deleted runs without it',
      ['= c', '=', 'c =', '='],
      [
        { do: 'run', position: 0 },
        { do: 'steps', count: 1 },
        { do: 'delete', position: 2 },
      ],
    ],
    [
      '[P4] [S7] who waits for a name that is written away runs without it',
      ['e = d', 'd ='],
      [
        { do: 'run', position: 0 },
        { do: 'type', position: 1, source: '= e' },
        { do: 'run', position: 1 },
      ],
    ],
    [
      '[P6] who has run without a name has nothing to do with the cell that had it',
      ['b =', '=', '='],
      [
        { do: 'type', position: 1, source: '= b' },
        { do: 'run', position: 0 },
        { do: 'steps', count: 1 },
        { do: 'type', position: 0, source: '=' },
        { do: 'run', position: 1 },
      ],
    ],
    [
      '[P4] [S1] an ancestor that waits as of before an edit is planned anew',
      ['=', '=', 'table:embedded:t = d', '=', '= table:embedded:t'],
      [
        { do: 'run', position: 2 },
        { do: 'insert', position: 4, source: 'd =' },
        { do: 'run', position: 4 },
      ],
    ],
    [
      '[P4] [S12] what becomes stale between a cell that runs and one that waits runs, too',
      ['e =', '=', '', 'table:embedded:t = e', '= table:embedded:t'],
      [
        { do: 'run', position: 4 },
        { do: 'steps', count: 2 },
        { do: 'run', position: 0 },
      ],
    ],
  ]
  test.each(CASES)('%s', (_, sources, steps) => {
    const lazy = play(World.of(sources, { mode: 'lazy' }), steps)
    lazy.settle()
    lazy.do({ kind: 'run-stale' })
    lazy.settle()
    expect(lazy.standing()).toEqual(refresh(play(World.of(sources), steps)).standing())
  })
})
