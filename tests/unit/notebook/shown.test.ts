import { evolveAll } from '@rivulet/server/notebook/evolve'
import { LIMITS, type Output } from '@rivulet/server/notebook/model'
import { shownOutputs } from '@rivulet/server/notebook/shown'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { World } from '../../support/world.ts'

const MIB = 2 ** 20

/** The run of the n-th cell that is under way puts these out. */
function puts(world: World, position: number, ...texts: string[]): void {
  const runId = world.engine.internals.get(world.id(position))?.kernelRun ?? ''
  const output = (text: string, n: number): Output => ({ id: `${runId}:${n}`, kind: 'stream', name: 'stdout', text })
  world.report(texts.map((text, n) => ({ kind: 'output', runId, output: output(text, n) })))
}

function begins(world: World, position: number, ...texts: string[]): void {
  world.run(position)
  world.begin()
  puts(world, position, ...texts)
}

function runs(world: World, position: number, ...texts: string[]): void {
  begins(world, position, ...texts)
  world.step()
}

function isStopped(world: World): void {
  world.do({ kind: 'interrupt' })
  world.step()
}

const shown = (world: World, position: number) =>
  shownOutputs(world.cell(position)).outputs.map((output) => (output.kind === 'stream' ? output.text : output.kind))

test('[S23] what a cell showed stays behind what its run puts out, place by place, until the run has ended', () => {
  const world = World.of(['a = '])
  runs(world, 1, 'one', 'two', 'three')
  expect(world.cell(1)).not.toHaveProperty('earlier')
  begins(world, 1)
  expect(world.cell(1)).toMatchObject({
    outputs: [],
    earlier: [{ text: 'one' }, { text: 'two' }, { text: 'three' }, { kind: 'value' }],
  })
  puts(world, 1, 'ONE')
  expect([shown(world, 1), shownOutputs(world.cell(1)).fresh]).toEqual([['ONE', 'two', 'three', 'value'], 1])
  world.step()
  expect([shown(world, 1), world.cell(1).earlier]).toEqual([['ONE', 'value'], undefined])
})

test('[S23] one that is stopped does not take it away, however many are; the next that ends by itself does', () => {
  const world = World.of(['a = '])
  runs(world, 1, 'one', 'two', 'three')
  for (const text of ['ONE', 'Eins']) {
    begins(world, 1, text)
    isStopped(world)
    expect(world.cell(1)).toMatchObject({ result: { kind: 'interrupted' }, outputs: [{ text }] })
    expect(shown(world, 1)).toEqual([text, 'two', 'three', 'value'])
  }
  begins(world, 1)
  expect(shown(world, 1)).toEqual(['Eins', 'two', 'three', 'value'])
  world.step()
  expect([shown(world, 1), world.cell(1).earlier]).toEqual([['value'], undefined])
})

test.each([
  ['fails', 'a = throw'],
  ['ends itself', 'a = stop'],
])('[S23] a run that %s shows only what it has put out', (_, source) => {
  const world = World.of(['a = '])
  runs(world, 1, 'one', 'two')
  world.type(1, source)
  runs(world, 1, 'ONE')
  expect([shown(world, 1), world.cell(1).earlier]).toEqual([['ONE'], undefined])
})

test('[S23] a cell that may not run, or is emptied, shows nothing of before', () => {
  const blocked = World.of(['a = ', 'b = a'])
  runs(blocked, 1)
  blocked.settle()
  begins(blocked, 2)
  isStopped(blocked)
  expect(shown(blocked, 2)).toEqual(['value'])
  blocked.type(1, 'a = throw')
  runs(blocked, 1)
  blocked.settle()
  expect(blocked.cell(2)).toMatchObject({ result: { kind: 'blocked' }, outputs: [] })
  expect(blocked.cell(2)).not.toHaveProperty('earlier')
  const emptied = World.of(['a = '])
  runs(emptied, 1)
  begins(emptied, 1)
  isStopped(emptied)
  emptied.type(1, '')
  expect(emptied.cell(1)).not.toHaveProperty('earlier')
})

test('[C10] what stands from before counts, and makes room for what is new: that of its own cell first', () => {
  const world = World.of(Array.from({ length: 14 }, (_, n) => `${n}`))
  for (let position = 1; position <= 12; position++) runs(world, position, 'x'.repeat(5 * MIB))
  const full = world.engine.outputsLength
  for (const position of [1, 2, 3]) {
    begins(world, position, 'y')
    isStopped(world)
  }
  expect(world.engine.outputsLength).toBeGreaterThan(full)
  begins(world, 4, 'z'.repeat(5 * MIB))
  expect(shown(world, 4)).toEqual(['z'.repeat(5 * MIB)])
  expect([1, 2, 3, 4].map((position) => world.cell(position).earlier !== undefined)).toEqual([true, true, true, false])
  puts(world, 4, 'z'.repeat(5 * MIB - 1_000))
  expect([1, 2, 3].map((position) => world.cell(position).earlier !== undefined)).toEqual([false, true, true])
  expect(world.engine.outputsLength).toBeLessThanOrEqual(LIMITS.outputsLength)
  world.step()
})

test('[S24] the latest lines of a run stand until it ends, and are none of its outputs', () => {
  const world = World.of(['a = '])
  begins(world, 1, 'one')
  const runId = world.engine.internals.get(world.id(1))?.kernelRun ?? ''
  for (const text of ['line 1', 'line 2']) world.report([{ kind: 'tail', runId, text }])
  expect(world.cell(1)).toMatchObject({ tail: 'line 2', outputs: [{ text: 'one' }] })
  world.step()
  expect(world.cell(1)).not.toHaveProperty('tail')
  world.report([{ kind: 'tail', runId, text: 'too late' }])
  expect(world.cell(1)).not.toHaveProperty('tail')
})

test('[P10] [C10] whatever runs, is stopped, blocked or edited: followers have the same, and what counts is what is there', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('begin' as const),
      at: fc.integer({ min: 1, max: 3 }),
      texts: fc.array(fc.string(), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constantFrom('stop' as const, 'settle' as const, 'die' as const) }),
    fc.record({
      kind: fc.constant('type' as const),
      at: fc.integer({ min: 1, max: 3 }),
      source: fc.constantFrom('', 'a = ?', 'a = ', 'b = a', 'c = throw'),
    }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const world = World.of(['a = ', 'b = a', 'c = b'])
      for (const one of steps) {
        if (one.kind === 'begin') begins(world, one.at, ...one.texts)
        else if (one.kind === 'type') world.type(one.at, one.source)
        else if (one.kind === 'stop') isStopped(world)
        else if (one.kind === 'die') world.report(world.kernel.die())
        else world.settle()
      }
      const followed = world.messages.reduce((state, { changes, rev }) => evolveAll(state, changes, rev), world.first)
      expect(followed).toEqual(world.engine.notebook)
      const cells = [...world.engine.notebook.cells.values()]
      const length = (outputs: readonly Output[] = []) =>
        outputs.reduce(
          (sum, output) => sum + 128 + (output.kind === 'stream' ? output.text : JSON.stringify(output.data)).length,
          0,
        )
      expect(world.engine.outputsLength).toBe(cells.reduce((sum, cell) => sum + length(cell.outputs) + length(cell.earlier), 0))
      for (const cell of cells)
        if (cell.earlier)
          expect([cell.status, cell.result.kind]).toSatisfy(([status, kind]) => status !== 'idle' || kind === 'interrupted')
    }),
    { numRuns: 300 },
  )
})
