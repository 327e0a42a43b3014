import { openEngine } from '@rivulet/server/notebook/engine'
import { LIMITS } from '@rivulet/server/notebook/model'
import { describeProblem } from '@rivulet/server/notebook/problems'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { play, source, step } from '../../support/histories.ts'
import { toy, toyAnalyse, World } from '../../support/world.ts'

const MIB = 2 ** 20
/** Two bytes a letter: what counts is bytes. */
const text = (bytes: number) => 'é'.repeat(Math.floor(bytes / 2)) + 'e'.repeat(bytes % 2)
const problem = (actual: number) => ({ kind: 'too-large', what: 'text', limit: LIMITS.notebookBytes, actual }) as const
const insert = (content: string) => ({ kind: 'insert', language: 'markdown', content: toy(content), after: 'end' }) as const

/** Sixteen cells that leave a notebook so much room. */
const almostFull = (room: number) => World.of(Array.from({ length: 16 }, (_, n) => text(n === 0 ? MIB - room : MIB)))

/** As data of before the limit: every cell is three times as long. */
function overFull(): World {
  const world = almostFull(0)
  const { notebook } = world.engine
  const longer = [...notebook.cells].map(([id, cell]) => [id, { ...cell, source: text(3 * MIB) }] as const)
  world.engine = openEngine({ ...notebook, cells: new Map(longer) }, () => toyAnalyse(''), new Map())
  return world
}

test('[C9] what would make a notebook longer than it may be is refused as a whole, whichever edit it is', () => {
  const world = almostFull(10)
  const refused = { ok: false, problem: problem(LIMITS.notebookBytes + 1) }
  expect(world.edit(insert(text(11)))).toEqual(refused)
  expect(world.type(1, text(MIB + 1))).toEqual(refused)
  expect(world.edit(insert(text(5)), insert(text(6)))).toEqual(refused)
  const gone = {
    cellId: world.id(2),
    kind: 'restore',
    language: 'markdown',
    content: toy(text(MIB)),
    after: null,
    version: 7,
  } as const
  world.edit({ kind: 'delete', cellId: gone.cellId })
  world.edit(insert(text(MIB + 1)))
  expect(world.edit(gone)).toMatchObject({ ok: false, problem: { what: 'text' } })
  expect(world.type(1, text(MIB - 1)).ok).toBe(true)
  expect(world.engine.sourceBytes).toBe(LIMITS.notebookBytes)
  expect(world.engine.notebook.order).toHaveLength(16)
})

test('[C9] what one edit of a transaction takes away makes room for the others, in whatever order', () => {
  const world = almostFull(0)
  expect(world.edit(insert(text(MIB)), { kind: 'delete', cellId: world.id(1) }).ok).toBe(true)
  expect(world.engine.sourceBytes).toBe(LIMITS.notebookBytes)
})

test('[C9] a notebook that is too long already may be made shorter, ordered and set, and no longer', () => {
  const world = overFull()
  expect(world.type(1, text(3 * MIB + 1))).toEqual({ ok: false, problem: problem(48 * MIB + 1) })
  expect(world.edit(insert('')).ok).toBe(true)
  expect(world.type(1, `x${text(3 * MIB - 1)}`).ok).toBe(true)
  expect(
    world.edit({ kind: 'move', cellId: world.id(1), after: 'end' }, { kind: 'set', cellId: world.id(2), hidden: true }).ok,
  ).toBe(true)
  expect(world.type(1, text(2 * MIB)).ok).toBe(true)
  expect(world.edit({ kind: 'delete', cellId: world.id(3) }).ok).toBe(true)
  expect(world.engine.sourceBytes).toBe(44 * MIB)
})

test('[C9] [C10] how long a notebook is, is known after whatever was done', () => {
  fc.assert(
    fc.property(fc.array(source, { maxLength: 6 }), fc.array(step, { maxLength: 25 }), (start, steps) => {
      const { engine } = play(World.of(start), steps)
      const sum = [...engine.notebook.cells.values()].reduce((bytes, cell) => bytes + Buffer.byteLength(cell.source), 0)
      expect(engine.sourceBytes).toBe(sum)
      const anew = openEngine(structuredClone(engine.notebook), () => toyAnalyse(''), new Map())
      expect(engine.outputsLength).toBe(anew.outputsLength)
    }),
  )
})

test('[C9] people are told what is too long, and what to do', () => {
  expect(describeProblem(problem(LIMITS.notebookBytes + MIB / 2))).toBe(
    'The cells of a notebook hold at most 16 MB of text together; these would hold 16.5 MB. Shorten or delete cells, or go on in another notebook.',
  )
})
