import type { Edit } from '@rivulet/server/notebook/commands'
import { decide } from '@rivulet/server/notebook/decide'
import { foreseen } from '@rivulet/server/src/trpc/foreseen.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { healthySources, play, refresh, source, step } from '../../support/histories.ts'
import { toy, World } from '../../support/world.ts'

const seed = Number(process.env.SEED ?? 20261123)
const numRuns = Number(process.env.RUNS ?? 1_000)

/** What somebody asks about: edits of some cells, and a run of what changed or of listed cells. */
const question = fc.record({
  edits: fc.array(fc.record({ position: fc.nat(20), source }), { maxLength: 3 }),
  run: fc.option(fc.array(fc.nat(20), { minLength: 1, maxLength: 2 }), { nil: undefined }),
})

function commandFor(world: World, { edits, run }: { edits: { position: number; source: string }[]; run?: number[] | undefined }) {
  const at = (n: number) => world.engine.notebook.order[n % Math.max(1, world.engine.notebook.order.length)] ?? ''
  const made = edits
    .filter(({ position }) => at(position))
    .map(({ position, source: text }): Edit => ({ kind: 'edit', cellId: at(position), content: toy(text) }))
  return { kind: 'apply' as const, edits: made, run: run ? run.map(at).filter(Boolean) : true }
}

/** The answer of `plan`: decided, and nothing else. */
function planned(world: World, command: ReturnType<typeof commandFor>) {
  const decision = decide(world.engine, command, world.stamp())
  if (!decision.ok) throw new Error(decision.problem.kind)
  return foreseen(world.engine.notebook, decision)
}

describe('plan', () => {
  test('[S20] it says what the same request then decides, and changes nothing', () => {
    fc.assert(
      fc.property(fc.array(source, { maxLength: 6 }), fc.array(step, { maxLength: 15 }), question, (start, steps, asked) => {
        const world = play(World.of(start), steps)
        world.settle()
        const command = commandFor(world, asked)
        const before = world.engine
        const plan = planned(world, command)
        expect(world.engine).toBe(before)
        const decision = world.do(command)
        expect(decision.ok && decision.answer.planned.runs.map(({ cellId }) => cellId)).toEqual(
          plan.runs.map(({ cellId }) => cellId),
        )
        for (const { cellId, error } of plan.errors) {
          const result = world.engine.notebook.cells.get(cellId)?.result
          expect(result?.kind === 'error' && result.error).toEqual(error)
        }
        for (const { cellId, because, culprit } of plan.blocked) {
          expect(world.engine.notebook.cells.get(cellId)?.result).toEqual({ kind: 'blocked', because, culprit })
        }
      }),
      { seed, numRuns },
    )
  })

  test('[S1] nothing runs that was not planned, in another order, or twice', () => {
    fc.assert(
      fc.property(fc.array(source, { maxLength: 6 }), fc.array(step, { maxLength: 15 }), question, (start, steps, asked) => {
        const world = play(World.of(start), steps)
        world.settle()
        const command = commandFor(world, asked)
        const plan = planned(world, command).runs.map(({ cellId }) => world.engine.notebook.order.indexOf(cellId) + 1)
        world.do(command)
        const executed = world.settle()
        expect(plan.filter((position) => executed.includes(position))).toEqual(executed)
      }),
      { seed, numRuns },
    )
  })

  test('[S1] in a notebook without errors exactly what was planned runs', () => {
    fc.assert(
      fc.property(healthySources, fc.nat(), fc.boolean(), (start, n, edited) => {
        const world = refresh(World.of(start))
        const position = (n % start.length) + 1
        const edits = edited ? [{ position: position - 1, source: `${start[position - 1]} ` }] : []
        const command = commandFor(world, { edits, run: [position - 1] })
        const plan = planned(world, command).runs.map(({ cellId }) => world.engine.notebook.order.indexOf(cellId) + 1)
        world.do(command)
        expect(world.settle()).toEqual(plan)
      }),
      { seed, numRuns },
    )
  })
})
