import { describe, expect, test } from 'vitest'
import { type Place, TestKernel } from '../support/kernelHarness.ts'

/** Code that has not changed is compiled once: nothing of one run may be seen in the next. */
describe.each<Place>(['in process', 'Deno'])('a kernel, %s: unchanged code runs again', (place) => {
  test('[S1] with the values of now; what the earlier run handed out keeps its own', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.ran('const n = 1', { cellId: 'n' })
    await kernel.ran('const read = () => n', { cellId: 'read' })
    await kernel.ran('const before = read', { cellId: 'keeper' })
    await kernel.ran('const n = 2', { cellId: 'n' })
    await kernel.ran('const read = () => n', { cellId: 'read' })
    expect((await kernel.ran('[before(), read(), before === read]')).json).toEqual([1, 2, false])
  })

  test('[S19] each run has a signal of its own, and aborts that of the run before', async () => {
    await using kernel = await TestKernel.start(place)
    const source = 'globalThis.signals = [...(globalThis.signals ?? []), invalidation]'
    for (let i = 0; i < 3; i += 1) await kernel.ran(source, { cellId: 'c' })
    const ended = await kernel.ran('globalThis.signals.map((signal) => signal.aborted)')
    expect(ended.json).toEqual([true, true, false])
  })

  test('what is shown and printed belongs to the run that does it', async () => {
    await using kernel = await TestKernel.start(place)
    const source = 'display(1)\nconsole.log("a")\nawait null\ninput.slider({ label: "s" })\n2'
    const first = await kernel.ran(source, { cellId: 'c' })
    const second = await kernel.ran(source, { cellId: 'c' })
    const shown = (each: typeof first) => each.outputs.map((output) => [output.kind, output.id.replace(each.runId, 'run')])
    expect(first.runId).not.toBe(second.runId)
    expect(shown(second)).toEqual(shown(first))
    expect(second.outputs.every((output) => output.id.startsWith(second.runId))).toBe(true)
  })

  test('top-level names, private ones included, begin anew', async () => {
    await using kernel = await TestKernel.start(place)
    const source =
      'let _count = 0; const list = []; class A { static made = 0; constructor() { A.made += 1 } }\n_count += 1; list.push(_count); new A(); [_count, list.length, A.made]'
    expect((await kernel.ran(source, { cellId: 'c' })).json).toEqual([1, 1, 1])
    expect((await kernel.ran(source, { cellId: 'c' })).json).toEqual([1, 1, 1])
  })

  test('[G5] a name that has come or gone in between is there or missing', async () => {
    await using kernel = await TestKernel.start(place)
    const ran = () => kernel.ran('later + 1', { cellId: 'c' })
    expect((await ran()).error).toMatchObject({ kind: 'missing', name: 'later' })
    await kernel.ran('const later = 1', { cellId: 'definer' })
    expect((await ran()).json).toBe(2)
    kernel.kernel.forget(['later'])
    expect((await ran()).error).toMatchObject({ kind: 'missing', name: 'later' })
    const shown = () => kernel.ran('typeof display', { cellId: 'd' })
    expect((await shown()).json).toBe('function')
    await kernel.ran('const display = 1', { cellId: 'definer' })
    expect((await shown()).json).toBe('number')
  })

  test('the same text in two cells: errors name the cell that failed', async () => {
    await using kernel = await TestKernel.start(place)
    for (const cellId of ['a', 'b', 'a', 'b']) {
      const ended = await kernel.ran('\n  throw new Error("here")', { cellId })
      expect(ended.error).toMatchObject({ frames: [{ cell: cellId, line: 2, column: 9 }] })
    }
  })

  test('edited and edited back: each text keeps its own lines', async () => {
    await using kernel = await TestKernel.start(place)
    for (const lines of [1, 3, 1, 2, 3, 1, 5, 6, 7, 8, 1]) {
      const ended = await kernel.ran(`${'\n'.repeat(lines)}throw new Error("here")`, { cellId: 'c' })
      expect(ended.error).toMatchObject({ frames: [{ cell: 'c', line: lines + 1, column: 7 }] })
    }
  })

  test('[S4] a run that failed says nothing about the next', async () => {
    await using kernel = await TestKernel.start(place)
    const source = 'if (fail) throw new Error("no")\nconst made = 1'
    for (const fail of [true, false, true, false]) {
      await kernel.ran(`const fail = ${fail}`, { cellId: 'fail' })
      expect((await kernel.ran(source, { cellId: 'c' })).kind).toBe(fail ? 'error' : 'ok')
      expect((await kernel.kernel.variables(['made'])).length).toBe(fail ? 0 : 1)
    }
  })
})
