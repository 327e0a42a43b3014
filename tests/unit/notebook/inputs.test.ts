import { INPUT_MIME } from '@rivulet/server/notebook/inputs'
import { describe, expect, test } from 'vitest'
import { World } from '../../support/world.ts'

describe('[S18] inputs', () => {
  const slider = (value: number) => ({ id: 'i1', kind: 'slider', min: 0, max: 10, step: 1, version: 1, value })
  /** Cell 1 makes a slider that is read as `a`; what the toy kernel cannot do is reported for it. */
  function withSlider(mode: 'auto' | 'lazy' = 'auto'): World {
    const world = World.of(['a n =', 'b = a', 'c = b', 'd ='], { mode })
    world.do({ kind: 'run-all' })
    world.settle()
    world.run(1)
    const kernelRun = [...world.engine.runs.keys()][0] ?? ''
    world.report([
      { kind: 'started', runId: kernelRun },
      {
        kind: 'output',
        runId: kernelRun,
        output: { id: 'o', kind: 'display', data: { 'text/plain': '5', [INPUT_MIME]: slider(5) } },
      },
      { kind: 'finished', runId: kernelRun, outcome: { kind: 'ok', durationMs: 1 } },
    ])
    world.kernel.perform({ kind: 'kernel.cancel', runIds: [kernelRun] })
    world.settle()
    return world
  }
  const move = (world: World, value: unknown) => world.do({ kind: 'set-input', cellId: world.id(1), inputId: 'i1', value })

  test('what reads from the cell runs, with its descendants; the input’s own cell and others do not', () => {
    const world = withSlider()
    move(world, 7)
    expect(world.cell(2).cause).toEqual({ kind: 'input', cell: world.id(1) })
    expect(world.settle()).toEqual([2, 3])
    expect(world.cell(1).outputs).toMatchObject([{ data: { [INPUT_MIME]: { value: 7 } } }])
  })

  test('in lazy mode what reads it becomes stale', () => {
    const world = withSlider('lazy')
    world.do({ kind: 'run-stale' })
    world.settle()
    move(world, 7)
    expect(world.settle()).toEqual([])
    expect([1, 2, 3, 4].map((n) => world.cell(n).stale)).toEqual([false, true, true, false])
  })

  test('moves that come faster than runs make one run of the latest', () => {
    const world = withSlider()
    for (const value of [1, 2, 3]) move(world, value)
    expect(world.settle()).toEqual([2, 3])
    move(world, 3)
    expect(world.settle()).toEqual([])
  })

  test('unchanged code keeps the value; an edit resets it', () => {
    const world = withSlider()
    move(world, 7)
    world.settle()
    const asked = () => {
      const decision = world.do({ kind: 'run', cellIds: [world.id(1)] })
      const run = decision.ok && decision.effects.find((effect) => effect.kind === 'kernel.run')
      return run && run.kind === 'kernel.run' ? run.requests[0]?.inputs : undefined
    }
    expect(asked()).toEqual({ i1: 7 })
    world.type(1, 'a n = z')
    expect(asked()).toEqual({})
  })

  test('what does not fit is refused', () => {
    const world = withSlider()
    expect(move(world, 11)).toMatchObject({
      problem: { kind: 'invalid-input', issues: [{ path: 'value', message: 'at most 10' }] },
    })
    expect(move(world, 'x')).toMatchObject({ problem: { kind: 'invalid-input' } })
    expect(world.do({ kind: 'set-input', cellId: world.id(1), inputId: 'nobody', value: 1 })).toMatchObject({
      problem: { kind: 'not-found', what: 'input' },
    })
  })
})
