import { describe, expect, test } from 'vitest'
import { type Place, TestKernel } from '../support/kernelHarness.ts'

describe.each<Place>(['in process', 'Deno'])('a kernel, %s: cancel and interrupt', (place) => {
  test('[S13] interrupt ends what waits on something, skips what has not begun, and keeps values', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.ran('const kept = 42')
    const waiting = kernel.run('await new Promise(() => {})')
    const other = kernel.run('await new Promise((r) => setTimeout(r, 1e9)); console.log("never")')
    const queued = kernel.run('1', { needs: [waiting] })
    await kernel.started(other)
    kernel.kernel.interrupt()
    expect((await kernel.ended(waiting)).kind).toBe('interrupted')
    expect((await kernel.ended(other)).kind).toBe('interrupted')
    expect((await kernel.ended(queued)).outcome).toEqual({ kind: 'skipped' })
    expect((await kernel.ran('kept')).json).toBe(42)
  })

  test('interrupting again and again, with nothing to do, harms nothing', async () => {
    await using kernel = await TestKernel.start(place)
    for (let i = 0; i < 20; i += 1) {
      kernel.kernel.interrupt()
      const runId = kernel.run('await null; 5')
      kernel.kernel.interrupt()
      expect(['skipped', 'interrupted', 'ok']).toContain((await kernel.ended(runId)).kind)
    }
    expect((await kernel.ran('6')).json).toBe(6)
  })

  test('a run that was interrupted does not go on behind the scenes', async () => {
    await using kernel = await TestKernel.start(place)
    const runId = kernel.run(
      'globalThis.wake = undefined; await new Promise((r) => { globalThis.wake = r }); globalThis.went = "on"',
    )
    await kernel.started(runId)
    kernel.kernel.interrupt()
    await kernel.ended(runId)
    expect((await kernel.ran('globalThis.wake(); await new Promise((r) => setTimeout(r, 1)); typeof globalThis.went')).json).toBe(
      'undefined',
    )
  })

  test('cancel: a queued run is skipped with what needs it, a started one ends interrupted, others go on', async () => {
    await using kernel = await TestKernel.start(place)
    const going = kernel.run('await new Promise((r) => { globalThis.go = r }); 1')
    const started = kernel.run('await new Promise(() => {})')
    const queued = kernel.run('2', { needs: [going] })
    const below = kernel.run('3', { needs: [queued] })
    await kernel.started(started)
    kernel.kernel.cancel([queued, started, 'nobody'])
    expect((await kernel.ended(queued)).outcome).toEqual({ kind: 'skipped' })
    expect((await kernel.ended(below)).outcome).toEqual({ kind: 'skipped' })
    expect((await kernel.ended(started)).kind).toBe('interrupted')
    await kernel.ran('globalThis.go()')
    expect((await kernel.ended(going)).json).toBe(1)
    kernel.kernel.cancel([going])
    await kernel.settled()
    const ends = kernel.reports.filter((report) => report.kind === 'finished' && report.runId === going)
    expect(ends).toHaveLength(1)
  })

  test('[S11] a cancelled run shows nothing any more, whatever its code still does', async () => {
    await using kernel = await TestKernel.start(place)
    const runId = kernel.run(
      'await new Promise((r) => { globalThis.go = r }).finally(() => { console.log("late"); display(1) }); 9',
    )
    await kernel.started(runId)
    kernel.kernel.cancel([runId])
    await kernel.ended(runId)
    await kernel.ran('globalThis.go(); await new Promise((r) => setTimeout(r, 1))')
    expect(kernel.outputs(runId)).toEqual([])
  })
})

/** Places in which code can be stuck without ever letting go of the thread. */
const STUCK = {
  'before any await': 'for (;;) {}',
  'after an await': 'await null\nwhile (true);',
  'in a nested function': 'function f(n) { if (n > 0) return f(n - 1); for (let i = 0; ; i++) {} }\nf(5)',
  'in endless recursion': 'const f = () => { try { f() } catch { f() } }\nf()',
  'in a callback': '[1].forEach(() => { do {} while (true) })',
  'in a timer': 'await new Promise(() => setTimeout(() => { for (;;) {} }))',
  'in a generator': 'function* g() { for (;;) yield 1 }\nfor (const x of g()) ;',
  'in an iterator of its own': 'for (const x of { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) }) ;',
  'in a chain of promises': 'const f = () => Promise.resolve().then(f)\nawait f()',
  'in an async loop that never yields': 'for (;;) await null',
  'in a getter': 'const o = { get x() { for (;;) {} } }\no.x',
  'in a class': 'class A { static x = (() => { for (;;) {} })() }',
  'in a display function': "({ [Symbol.for('Jupyter.display')]() { for (;;) {} } })",
  'in a proxy that is shown': 'new Proxy({}, { ownKeys() { for (;;) {} } })',
  'swallowing every error': 'for (;;) { try { for (;;) {} } catch {} }',
  'in a finally block': 'try { throw 1 } finally { for (;;) {} }',
}

describe('a kernel in Deno: code that never lets go', () => {
  test.each(Object.entries(STUCK))('[S13] interrupt ends an endless loop %s; values survive', async (_, source) => {
    await using kernel = await TestKernel.start('Deno')
    await kernel.ran('const kept = { n: 42 }')
    const runId = kernel.run(source)
    const queued = kernel.run('1')
    await kernel.started(runId)
    kernel.kernel.interrupt()
    expect((await kernel.ended(runId)).kind).toBe('interrupted')
    expect(['skipped', 'ok', 'interrupted']).toContain((await kernel.ended(queued)).kind)
    expect((await kernel.ran('kept.n')).json).toBe(42)
  })

  test('[S13] timers of a run that was interrupted do not go off; those of others do', async () => {
    await using kernel = await TestKernel.start('Deno')
    const other = kernel.run('setTimeout((sum) => { globalThis.sum = sum }, 60, 1 + 2)')
    await kernel.ended(other)
    const runId = kernel.run(
      'setTimeout(() => { for (;;) {} }, 50); setInterval(() => { for (;;) {} }, 50); await new Promise(() => {})',
    )
    await kernel.started(runId)
    kernel.kernel.interrupt()
    expect((await kernel.ended(runId)).kind).toBe('interrupted')
    const waits =
      'let turns = 0; const id = setInterval(() => { turns += 1 }, 20); await new Promise((go) => setTimeout(go, 150))'
    expect((await kernel.ran(`${waits}; clearInterval(id); [globalThis.sum, turns > 1]`)).json).toEqual([3, true])
  })

  test('cancel ends an endless loop, and only that run', async () => {
    await using kernel = await TestKernel.start('Deno')
    const other = kernel.run('await new Promise((r) => { globalThis.go = r }); "other"')
    await kernel.started(other)
    const stuck = kernel.run('for (;;) {}')
    await kernel.started(stuck)
    kernel.kernel.cancel([stuck])
    expect((await kernel.ended(stuck)).kind).toBe('interrupted')
    await kernel.ran('globalThis.go()')
    expect((await kernel.ended(other)).json).toBe('other')
  })

  test('an interrupt is obeyed even when a cancel and another run came just before it', async () => {
    await using kernel = await TestKernel.start('Deno')
    await kernel.ran('const kept = 1')
    for (let i = 0; i < 10; i += 1) {
      const first = kernel.run('for (;;) {}')
      await kernel.started(first)
      kernel.kernel.interrupt()
      const second = kernel.run('for (;;) {}')
      kernel.kernel.cancel([first])
      kernel.kernel.interrupt()
      await kernel.ended(second)
    }
    expect((await kernel.ran('kept')).json).toBe(1)
  })

  test('asked before it is ready, it obeys all the same: by the flag, or with its life', async () => {
    await using kernel = await TestKernel.start('Deno')
    const skipped = kernel.run('for (;;) {}')
    kernel.kernel.interrupt()
    expect(['skipped', 'interrupted']).toContain((await kernel.ended(skipped)).kind)
    await using other = await TestKernel.start('Deno')
    const stuck = other.run('new Function("for (;;) {}")()')
    other.kernel.interrupt()
    const end = await other.until((reports) =>
      reports.find((report) => report.kind === 'exited' || (report.kind === 'finished' && report.runId === stuck)),
    )
    expect(end).toMatchObject(end.kind === 'exited' ? { asked: true } : { outcome: { kind: 'skipped' } })
  })

  test('what was printed before the loop has arrived while it still runs', async () => {
    await using kernel = await TestKernel.start('Deno')
    const runId = kernel.run('console.log("before"); for (;;) {}')
    await kernel.until(() => kernel.outputs(runId).length > 0)
    expect(kernel.outputs(runId)).toMatchObject([{ kind: 'stream', text: 'before\n' }])
  })

  test('a run that ended in the same moment has ended, though the next never lets go', async () => {
    await using kernel = await TestKernel.start('Deno')
    const sources = [
      'const first = 1',
      'await null; const second = 2',
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
    ]
    const requests = sources.map((source) => kernel.request(source))
    kernel.kernel.run(requests)
    expect((await kernel.ended(requests[0]?.runId ?? '')).kind).toBe('ok')
    await kernel.started(requests[2]?.runId ?? '')
  })

  /** Native code sees no flag: these can only be ended with their kernel. */
  test.each([
    ['a catastrophic regular expression', '/^(a+)+$/.test("a".repeat(60) + "b")'],
    ['a search without end', '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)'],
    ['waiting on shared memory', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
    ['a huge number', '(7n ** 30000000n).toString().length'],
    ['code that is not the notebook’s', 'new Function("for (;;) {}")()'],
  ])('[S13] interrupt ends the kernel when it is stuck in %s, and says so', async (_, source) => {
    await using kernel = await TestKernel.start('Deno')
    const runId = kernel.run(source)
    await kernel.started(runId)
    kernel.kernel.interrupt()
    const exit = await kernel.exited()
    expect(exit).toMatchObject({ asked: true, reason: expect.stringContaining('did not stop when asked') })
    await kernel.kernel.dispose()
    expect(kernel.reports.filter((report) => report.kind === 'exited')).toHaveLength(1)
  })
})
