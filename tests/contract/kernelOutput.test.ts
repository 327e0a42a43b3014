import { describe, expect, test } from 'vitest'
import { OUTPUT_BYTES, type Place, TestKernel } from '../support/kernelHarness.ts'

describe.each<Place>(['in process', 'Deno'])('a kernel, %s: what runs say', (place) => {
  test('[S16] text goes to the run whose code prints it, across awaits and timers', async () => {
    await using kernel = await TestKernel.start(place)
    const speak = (word: string) => `
      console.log('${word} 1')
      await null
      console.log('${word} 2')
      await new Promise((resolve) => setTimeout(() => { console.log('${word} 3'); resolve(0) }, 3))
      await Promise.all([1, 2].map(async (n) => { await null; console.log('${word} 4') }))
      console.warn('${word} 5')`
    const [a, b] = [kernel.run(speak('a')), kernel.run(speak('b'))]
    const [endedA, endedB] = [await kernel.ended(a), await kernel.ended(b)]
    expect(endedA.stream()).toBe('a 1\na 2\na 3\na 4\na 4\n')
    expect(endedA.stream('stderr')).toBe('a 5\n')
    expect(endedB.stream()).toBe('b 1\nb 2\nb 3\nb 4\nb 4\n')
  })

  test('[S16] functions of another cell speak for the run that calls them', async () => {
    await using kernel = await TestKernel.start(place)
    const definer = await kernel.ran(
      'const say = async (x) => { console.log(x); await null; display(x); progress(1, 2, "half") }',
    )
    const caller = await kernel.ran('await say("hello")')
    expect(caller.stream()).toBe('hello\n')
    expect(caller.outputs.map((output) => output.kind)).toEqual(['stream', 'display'])
    expect(kernel.outputs(definer.runId)).toEqual([])
    expect(kernel.reports).toContainEqual({ kind: 'progress', runId: caller.runId, done: 1, total: 2, label: 'half' })
  })

  test('[S10] what is said or thrown after the end is dropped, and harms nobody', async () => {
    await using kernel = await TestKernel.start(place)
    const late = await kernel.ran(`const wait = new Promise((resolve) => setTimeout(() => {
      console.log('late'); display('late'); progress(1, 1)
      resolve(0)
    }, 3))`)
    await kernel.ran('await wait; await new Promise((resolve) => setTimeout(resolve, 3))')
    await kernel.settled()
    expect(kernel.outputs(late.runId)).toEqual([])
    expect(kernel.reports.some((report) => report.kind === 'progress')).toBe(false)
  })

  test('the console: levels, tables of values, groups, times and counts', async () => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran(`
      console.log('a %s %d%%', 'b', 1, { c: [2] })
      console.group('g'); console.info('in\\nside'); console.groupEnd(); console.debug('out')
      console.count(); console.count(); console.assert(1 === 1, 'never'); console.table([{ a: 1 }])
      console.time(); console.timeEnd()`)
    expect(ended.stream().replace(/\d+\.\d ms/, 'N ms')).toBe(
      'a b 1% { c: [ 2 ] }\ng\n  in\n  side\nout\ndefault: 1\ndefault: 2\n  │ a\n──┼──\n0 │ 1\ndefault: N ms\n',
    )
    const bad = await kernel.ran("console.error('x', new TypeError('t')); console.assert(false, 'no')")
    expect(bad.stream('stderr')).toBe('x TypeError: t\nAssertion failed no\n')
  })

  test('console.table draws lists of objects in columns, and prints anything else', async () => {
    await using kernel = await TestKernel.start(place)
    const list = "[{ city: 'Oslo', n: 1 }, { city: 'Lisbon', n: null }, { n: 30 }]"
    const ended = await kernel.ran(
      `console.table(${list}); console.table(7); console.table({ get a() { throw new Error('no') } })`,
    )
    const drawn = ['  │ city   │ n ', '──┼────────┼───', '0 │ Oslo   │ 1 ', '1 │ Lisbon │   ', '2 │        │ 30', '7']
    expect(ended.stream().split('\n').slice(0, 6)).toEqual(drawn)
  })

  test('what cannot be shown whole is said to be missing', async () => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran(`({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'z'.repeat(3e6) }) })`)
    const text = String(ended.outputs.map((output) => output.kind !== 'stream' && output.data['text/plain'])[0])
    expect(text.endsWith('[text/html of 2930 KB: more than can be shown]')).toBe(true)
    const image = await kernel.ran(
      `({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'a picture', 'image/png': 'A'.repeat(1_000_000) }) })`,
    )
    expect(image.outputs).toMatchObject([
      { data: { 'text/plain': 'a picture\n[image/png of 977 KB: more than can be shown]' }, truncated: { bytes: 1_000_002 } },
    ])
    const bundles = await kernel.ran(`const shown = (bundle) => display({ [Symbol.for('Jupyter.display')]: () => bundle })
      const spec = { data: { values: Array.from({ length: 200_000 }, (_, n) => ({ n })) } }
      shown({ 'application/vnd.vegalite.v6+json': spec, 'text/plain': 'a chart' })
      shown({ 'application/json': { f: () => 1 }, 'text/plain': 'code' })
      shown({ 'application/json': { n: 1 }, 'text/html': undefined, 'text/plain': 'whole' })`)
    expect(bundles.outputs.map(({ id: _, ...output }) => output)).toEqual([
      {
        kind: 'display',
        data: { 'text/plain': 'a chart\n[application/vnd.vegalite.v6+json of over 1024 KB: more than can be shown]' },
        truncated: { bytes: 1_048_576 },
      },
      { kind: 'display', data: { 'text/plain': 'code\n[application/json: not plain JSON]' } },
      { kind: 'display', data: { 'text/plain': 'whole', 'application/json': { n: 1 } } },
    ])
  })

  test('an address shows itself; what the platform marks its objects with is not shown', async () => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran("new URL('https://example.org/a?b=1')")
    expect(ended.outputs).toMatchObject([{ data: { 'text/plain': 'URL { href: "https://example.org/a?b=1" }' } }])
    const headers = await kernel.ran('new TextEncoder()')
    expect(JSON.stringify(headers.outputs)).not.toContain('webidl')
  })

  test('display() shows values in between, in order; undefined at the end shows nothing', async () => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran('display([1]); display("two"); display(undefined); undefined')
    expect(ended.outputs.map((output) => output.kind !== 'stream' && output.data['text/plain'])).toEqual([
      '[ 1 ]',
      '"two"',
      'undefined',
    ])
  })

  test('[S5] stop() ends quietly with its output, and does nothing unless its condition holds', async () => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran('stop(false, "no"); stop(1, "yes"); console.log("never")')
    expect(ended.outcome).toMatchObject({ kind: 'stopped' })
    expect(ended.outputs).toMatchObject([{ kind: 'display', data: { 'text/plain': '"yes"' } }])
    const inside = await kernel.ran('const f = async () => { await null; stop(true) }; await f()')
    expect(inside.kind).toBe('stopped')
  })

  test('progress() tells how far it is', async () => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran('progress(1, 4); progress(NaN, Infinity, "x".repeat(1000)); 1')
    const told = kernel.reports.filter((report) => report.kind === 'progress')
    expect(told[0]).toEqual({ kind: 'progress', runId: ended.runId, done: 1, total: 4 })
    expect(told[1]).toEqual({ kind: 'progress', runId: ended.runId, done: 0, total: 0, label: 'x'.repeat(200) })
  })

  test('[S19] `invalidation` aborts when the cell runs again, fails, or is taken away', async () => {
    await using kernel = await TestKernel.start(place)
    const watch = "const log = (globalThis.log ??= []); invalidation.addEventListener('abort', () => log.push('gone'))"
    const gone = async () => (await kernel.ran('globalThis.log?.length ?? 0')).json
    const first = await kernel.ran(watch, { cellId: 'a' })
    expect(await gone()).toBe(0)
    await kernel.ran(watch, { cellId: 'a' })
    expect(await gone()).toBe(1)
    await kernel.ran(`${watch}\nthrow 1`, { cellId: 'a' })
    expect(await gone()).toBe(3)
    const kept = await kernel.ran('invalidation.addEventListener("abort", () => globalThis.log.push(1))', { cellId: 'b' })
    kernel.kernel.cancel([first.runId])
    expect(await gone()).toBe(3)
    kernel.kernel.cancel([kept.runId])
    expect(await gone()).toBe(4)
    await kernel.ran('const seen = 1; invalidation.addEventListener("abort", () => globalThis.log.push(1))', { cellId: 'c' })
    kernel.kernel.forget(['seen'])
    expect(await gone()).toBe(5)
  })

  test('more output than is kept: the beginning and the end stay, and what is missing is said', async () => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran('for (let i = 0; i < 300_000; i += 1) console.log("line", i, "x".repeat(90)); "value"')
    const size = ended.outputs.reduce((sum, output) => sum + JSON.stringify(output).length, 0)
    expect(size).toBeLessThan(OUTPUT_BYTES)
    expect(ended.stream().slice(0, 100)).toMatch(/^line 0 x/)
    expect(ended.stream().slice(-200)).toMatch(/\nline 299999 x+\n$/)
    expect(ended.json).toBe('value')
    const dropped = ended.outputs.flatMap((output) => output.truncated?.bytes ?? [])
    const printed = Array.from({ length: 300_000 }, (_, i) => `line ${i} `.length + 91).reduce((a, b) => a + b)
    expect(dropped).toEqual([printed - ended.stream().length])
  })

  test('one text of 100 MB keeps its beginning and its end', async () => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran('console.log("begin" + "é".repeat(5e7) + "x".repeat(5e7) + "end")')
    expect(ended.stream().slice(0, 1_000)).toMatch(/^beginé+$/)
    expect(ended.stream().slice(-1_000)).toMatch(/^x+end\n$/)
    expect(Buffer.byteLength(JSON.stringify(ended.outputs))).toBeLessThan(OUTPUT_BYTES)
    expect(ended.outputs.at(-1)?.truncated?.bytes).toBe(1e8 + 9 - ended.stream().length)
  })

  test('displays beyond the limit are left out, and that is said', async () => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran('for (let i = 0; i < 200; i += 1) display("x".repeat(60_000)); 1')
    expect(JSON.stringify(ended.outputs).length).toBeLessThan(OUTPUT_BYTES)
    expect(ended.json).toBe(1)
    expect(ended.outputs.some((output) => (output.truncated?.bytes ?? 0) > 1e6)).toBe(true)
  })
})
