import { LIMITS, type Output } from '@rivulet/server/notebook/model'
import { expect, test } from 'vitest'
import { World } from '../../support/world.ts'

const MIB = 2 ** 20
/** What an output counts beside its text. */
const FRAME = 128
const CELLS = 14

/** The run of the n-th cell begins, puts these out, and ends. */
function puts(world: World, position: number, ...texts: string[]): Output[] {
  world.run(position)
  world.begin()
  const runId = world.engine.internals.get(world.id(position))?.kernelRun ?? ''
  for (const [n, text] of texts.entries())
    world.report([{ kind: 'output', runId, output: { id: `${runId}:${n}`, kind: 'stream', name: 'stdout', text } }])
  world.step()
  return world.cell(position).outputs
}

/** Twelve cells that show 5 MiB each; the toy kernel's own values are there as well. */
function almostFull(): World {
  const world = World.of(Array.from({ length: CELLS }, (_, n) => `${n}`))
  for (let position = 1; position <= 12; position++) puts(world, position, 'x'.repeat(5 * MIB))
  return world
}

const note = { kind: 'stream', name: 'stderr', text: expect.stringContaining('show 64 MB together') }

test('[C10] what a notebook has no room for is not kept, nor what follows; the run says so once and ends as it would', () => {
  const world = almostFull()
  const room = LIMITS.outputsLength - world.engine.outputsLength
  expect(puts(world, 13, 'a', 'b'.repeat(room), 'c'.repeat(5 * MIB), 'd')).toMatchObject([{ text: 'a' }, note])
  expect(world.cell(13).result).toMatchObject({ kind: 'ok' })
  expect(world.engine.outputsLength).toBeLessThan(LIMITS.outputsLength)
  // It says so in one message: what is dropped afterwards is none.
  const said = world.messages.flatMap(({ changes }) => changes).filter((change) => change.type === 'output.appended')
  expect(said.slice(-2)).toMatchObject([{ output: { text: 'a' } }, { output: note }])
})

test('[C10] as much as fits is kept to the last character', () => {
  const world = almostFull()
  const room = LIMITS.outputsLength - world.engine.outputsLength
  expect(puts(world, 13, 'b'.repeat(room - FRAME))).toMatchObject([{ text: expect.stringMatching(/^b/) }, note])
})

test('[C10] there is room again as soon as another cell shows less or is deleted', () => {
  const world = almostFull()
  expect(puts(world, 13, 'b'.repeat(5 * MIB))).toMatchObject([note])
  puts(world, 1, 'less')
  expect(puts(world, 13, 'b'.repeat(5 * MIB))).toMatchObject([{ text: expect.stringMatching(/^b/) }, { kind: 'value' }])
  expect(puts(world, 14, 'c'.repeat(5 * MIB))).toMatchObject([note])
  world.edit({ kind: 'delete', cellId: world.id(2) })
  expect(puts(world, 13, 'c'.repeat(5 * MIB))).toMatchObject([{ text: expect.stringMatching(/^c/) }, { kind: 'value' }])
})
