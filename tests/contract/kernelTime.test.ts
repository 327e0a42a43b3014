import { describe, expect, test } from 'vitest'
import { type Place, TestKernel } from '../support/kernelHarness.ts'

/** More than any other run here takes, also on a busy machine. */
const LIMIT = { runSeconds: 2 }

const tooLong = { kind: 'timeout', message: 'The run took longer than 2 s, the limit of this server.' }

describe.each<Place>(['in process', 'Deno'])('a kernel, %s: the time of a run', (place) => {
  test('[S22] a run that takes too long fails, with what needs it; values survive and the next run works', async () => {
    await using kernel = await TestKernel.start(place, LIMIT)
    await kernel.ran('const kept = { n: 42 }')
    const endless = kernel.run('console.log("begun"); await new Promise(() => {}); const never = 1', { cellId: 'c' })
    const needy = kernel.run('never', { needs: [endless] })
    const ended = await kernel.ended(endless)
    expect(ended.error).toEqual(tooLong)
    expect(ended.stream()).toBe('begun\n')
    expect((await kernel.ended(needy)).outcome).toEqual({ kind: 'skipped' })
    expect((await kernel.ran('kept.n', { cellId: 'c' })).json).toBe(42)
    expect(kernel.reports.some((report) => report.kind === 'exited')).toBe(false)
  })

  test('[S22] its time in the queue does not count', async () => {
    await using kernel = await TestKernel.start(place, LIMIT)
    const endless = kernel.run('await new Promise(() => {})')
    const queued = kernel.run('"its turn"', { after: [endless] })
    expect((await kernel.ended(endless)).error).toEqual(tooLong)
    expect((await kernel.ended(queued)).json).toBe('its turn')
  })

  test('[S22] what code does after its time is over shows nothing', async () => {
    await using kernel = await TestKernel.start(place, LIMIT)
    const endless = kernel.run('await new Promise((r) => { globalThis.go = r }).finally(() => display("late")); 9')
    await kernel.ended(endless)
    await kernel.ran('globalThis.go(); await new Promise((r) => setTimeout(r, 1))')
    expect(kernel.outputs(endless)).toEqual([])
  })

  test('without a limit a run takes what it takes', async () => {
    await using kernel = await TestKernel.start(place)
    const endless = kernel.run('await new Promise((r) => { globalThis.go = r }); 9')
    await kernel.started(endless)
    await kernel.ran('globalThis.go()')
    expect((await kernel.ended(endless)).json).toBe(9)
  })
})

describe('a kernel in Deno: the time of code that never lets go', () => {
  test.each([
    ['an endless loop', 'for (;;) {}'],
    ['one that swallows every error', 'for (;;) { try { for (;;) {} } catch {} }'],
    ['one after an await', 'await null\nfor (;;) {}'],
  ])('[S22] %s is ended, and values survive', async (_, source) => {
    await using kernel = await TestKernel.start('Deno', LIMIT)
    await kernel.ran('const kept = 42')
    expect((await kernel.ran(source)).error).toEqual(tooLong)
    expect((await kernel.ran('kept')).json).toBe(42)
  })

  test('[S22] where the kernel has to be ended for it, the run says so, and what needs it fails with it', async () => {
    await using kernel = await TestKernel.start('Deno', LIMIT)
    const waiting = kernel.run('await new Promise(() => {})')
    const stuck = kernel.run('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)')
    const needy = kernel.run('1', { needs: [stuck] })
    const below = kernel.run('2', { needs: [needy] })
    const exit = await kernel.exited()
    expect(exit).toMatchObject({ asked: true, reason: expect.stringMatching(/took longer than 2 s.*its kernel was ended/) })
    const ends = new Map(kernel.reports.flatMap((each) => (each.kind === 'finished' ? [[each.runId, each.outcome]] : [])))
    for (const runId of [waiting, stuck])
      expect(ends.get(runId)).toMatchObject({
        error: { kind: 'timeout', message: expect.stringContaining('its kernel was ended') },
      })
    expect([ends.get(needy), ends.get(below)]).toEqual([{ kind: 'skipped' }, { kind: 'skipped' }])
    expect(kernel.reports.at(-1)).toBe(exit)
  })
})
