import type { Report } from '@rivulet/server/notebook/reports'
import { describe, expect, test } from 'vitest'
import { type Place, TestKernel } from '../support/kernelHarness.ts'

const kinds = (reports: readonly Report[]) => reports.filter((report) => report.kind !== 'kernel').map((report) => report.kind)

describe.each<Place>(['in process', 'Deno'])('a kernel, %s: runs', (place) => {
  test('accepts runs before it is ready, and reports nothing before the call has returned', async () => {
    await using kernel = await TestKernel.start(place)
    const first = kernel.run('1')
    const second = kernel.run('2')
    expect(kernel.reports).toEqual([])
    expect((await kernel.ended(first)).json).toBe(1)
    expect((await kernel.ended(second)).json).toBe(2)
    const before = kernel.reports.length
    kernel.run('3')
    kernel.kernel.cancel(['nobody'])
    kernel.kernel.interrupt()
    expect(kernel.reports).toHaveLength(before)
  })

  test('says how it is: starting, then ready', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.until((reports) => reports.find((report) => report.kind === 'kernel' && report.state.status === 'ready'))
    const states = kernel.reports.flatMap((report) => (report.kind === 'kernel' ? [report.state.status] : []))
    // One that was ready before anybody asked for it never says that it starts.
    expect([['starting', 'ready'], ['ready']]).toContainEqual(states)
  })

  test('[S9] a run is started, shows its outputs, and ends exactly once, in that order', async () => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran('console.log("a")\ndisplay(1)\nawait null\nconsole.log("b")\n2')
    await kernel.settled()
    const own = kernel.reports.filter((report) => 'runId' in report && report.runId === ended.runId)
    const [first, ...rest] = kinds(own)
    expect(first).toBe('started')
    expect(rest.slice(0, -1).every((kind) => kind === 'output')).toBe(true)
    expect(rest.at(-1)).toBe('finished')
    expect(kinds(own).filter((kind) => kind === 'finished')).toHaveLength(1)
    expect(ended.outputs.map((output) => (output.kind === 'stream' ? output.text : output.data['application/json']))).toEqual([
      'a\n',
      1,
      'b\n',
      2,
    ])
    expect(new Set(ended.outputs.map((output) => output.id)).size).toBe(4)
  })

  test('values of a run are there for the next one, of any kind', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.ran(
      'const n = 1; let f = (x: number) => x + n; class A { v = 5 }; enum E { One = 1 }; var [p, { q }] = [1, { q: 2 }]',
    )
    expect((await kernel.ran('[n, f(1), new A().v, E.One, p, q]')).json).toEqual([1, 2, 5, 1, 1, 2])
  })

  test('a cell may define names that mean something to the language', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.ran('function then(resolve: unknown) { return typeof resolve }\nconst toJSON = 1, constructor = 2, Map = 3')
    expect((await kernel.ran('[then(1), toJSON, constructor, Map]')).json).toEqual(['number', 1, 2, 3])
    expect((await kernel.ran('typeof Map', { binds: [] })).json).toBe('function')
  })

  test('[G5] a name that is not handed to the run is missing, even if it is in memory', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.ran('const secret = 1')
    const ended = await kernel.ran('1\n  secret', { binds: [] })
    expect(ended.error).toEqual({ kind: 'missing', name: 'secret', line: 2, column: 3 })
  })

  test('[G7] names that are not to be handed on stay in their cell', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.ran('const _private = 1; const open = _private + 1')
    expect((await kernel.ran('open')).json).toBe(2)
    expect((await kernel.ran('_private', { binds: ['_private'] })).error).toMatchObject({ kind: 'missing', name: '_private' })
  })

  test('[S4] a cell that throws or stops half-way hands nothing on, and what it had handed on is gone', async () => {
    await using kernel = await TestKernel.start(place)
    for (const end of ['throw new Error("no")', 'stop(true)', 'await Promise.reject(1)']) {
      await kernel.ran('const a = 1, b = 2', { cellId: 'c' })
      expect((await kernel.ran('a + b')).json).toBe(3)
      await kernel.ran(`const a = 5\n${end}\nconst b = 6`, { cellId: 'c' })
      expect(await kernel.kernel.variables(['a', 'b'])).toEqual([])
      expect((await kernel.ran('a')).error).toMatchObject({ kind: 'missing', name: 'a' })
    }
  })

  test('[S15] top-level await is awaited; a promise that is not awaited is handed on as one', async () => {
    await using kernel = await TestKernel.start(place)
    const first = kernel.run(
      'const a = await new Promise((resolve) => setTimeout(() => resolve(7), 5)); const later = Promise.resolve(8)',
    )
    const second = kernel.run('[a, later instanceof Promise, await later]', { needs: [first] })
    expect((await kernel.ended(second)).json).toEqual([7, true, 8])
    const loop = await kernel.ran(
      'const got = []\nfor await (const x of (async function* () { yield 1; yield 2 })()) got.push(x)\ngot',
    )
    expect(loop.json).toEqual([1, 2])
  })

  test('[S1] a run waits for what it needs, and is skipped when that ends badly', async () => {
    await using kernel = await TestKernel.start(place)
    const slow = kernel.request('await new Promise((r) => setTimeout(r, 5)); const a = 1')
    const bad = kernel.request('throw new Error("no")')
    const good = kernel.request('a + 1', { needs: [slow.runId] })
    const skipped = kernel.request('"never"', { needs: [slow.runId, bad.runId] })
    const below = kernel.request('"never"', { needs: [skipped.runId] })
    kernel.kernel.run([good, below, skipped, bad, slow])
    expect((await kernel.ended(good.runId)).json).toBe(2)
    expect((await kernel.ended(skipped.runId)).outcome).toEqual({ kind: 'skipped' })
    expect((await kernel.ended(below.runId)).outcome).toEqual({ kind: 'skipped' })
    expect((await kernel.ran('"late"', { needs: [bad.runId] })).kind).toBe('skipped')
    expect((await kernel.ran('"late"', { needs: [good.runId, 'unknown'] })).kind).toBe('ok')
  })

  test('a run that comes `after` another starts when that has ended, however', async () => {
    await using kernel = await TestKernel.start(place)
    const bad = kernel.request('await new Promise((r) => setTimeout(r, 5)); console.log("first"); throw 1')
    const next = kernel.request('console.log("second")', { after: [bad.runId] })
    kernel.kernel.run([next, bad])
    expect((await kernel.ended(next.runId)).kind).toBe('ok')
    const ends = kernel.reports.flatMap((report) => (report.kind === 'finished' ? [report.runId] : []))
    expect(ends).toEqual([bad.runId, next.runId])
  })

  test('[G11] what does not parse ends as a syntax error with its place, and what needs it is skipped', async () => {
    await using kernel = await TestKernel.start(place)
    const broken = kernel.run('const a = 1\nconst = 2')
    const below = kernel.run('a', { needs: [broken] })
    expect((await kernel.ended(broken)).error).toMatchObject({ kind: 'syntax', line: 2 })
    expect((await kernel.ended(below)).kind).toBe('skipped')
  })

  test('[S7] forgotten names are gone', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.ran('const a = 1, b = 2')
    kernel.kernel.forget(['a', 'nobody'])
    expect((await kernel.kernel.variables(['a', 'b'])).map((each) => each.name)).toEqual(['b'])
    expect((await kernel.ran('a')).error).toMatchObject({ kind: 'missing', name: 'a' })
    expect((await kernel.ran('b')).json).toBe(2)
  })

  test('variables: name, type, a short preview, and the value where it is small and plain', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.ran(
      'const n = 1, s = "x".repeat(500), list = [1, 2], m = new Map([[1, 2]]), f = () => 1, big = new Array(1e6).fill(0)',
    )
    const found = await kernel.kernel.variables(['n', 's', 'list', 'm', 'f', 'big', 'nobody'])
    expect(found.map(({ name, type }) => [name, type])).toEqual([
      ['n', 'number'],
      ['s', 'string'],
      ['list', 'Array(2)'],
      ['m', 'Map(1)'],
      ['f', 'function'],
      ['big', 'Array(1000000)'],
    ])
    expect(found.every(({ preview }) => preview.length <= 200)).toBe(true)
    expect(found[2]).toEqual({ name: 'list', type: 'Array(2)', preview: '[ 1, 2 ]', json: [1, 2] })
    expect(found[5]).not.toHaveProperty('json')
  })

  test('[S21] a chain of 5,000 runs', async () => {
    await using kernel = await TestKernel.start(place)
    const chain = [kernel.request('const even = 0')]
    for (let i = 1; i < 5_000; i += 1) {
      const source = i % 2 === 0 ? 'const even = odd + 1' : 'const odd = even + 1'
      chain.push(kernel.request(source, { needs: [chain[i - 1]?.runId ?? ''] }))
    }
    kernel.kernel.run(chain)
    expect((await kernel.ended(chain.at(-1)?.runId ?? '')).kind).toBe('ok')
    expect((await kernel.ran('odd')).json).toBe(4_999)
  })

  test('[S21] one bad run skips 5,000 that need it, and a chain of as many', async () => {
    await using kernel = await TestKernel.start(place)
    const bad = kernel.request('throw 1')
    const chain = [kernel.request('0', { needs: [bad.runId] })]
    for (let i = 1; i < 5_000; i += 1) chain.push(kernel.request('0', { needs: [chain[i - 1]?.runId ?? '', bad.runId] }))
    kernel.kernel.run([bad, ...chain])
    await kernel.ended(chain.at(-1)?.runId ?? '')
    const ends = kernel.reports.flatMap((report) => (report.kind === 'finished' ? [report.outcome.kind] : []))
    expect(ends).toHaveLength(5_001)
    expect(new Set(ends.slice(1))).toEqual(new Set(['skipped']))
  })

  test('[X2] Markdown fills its holes, and one that fails says so in its place', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.ran('const total = 3')
    const hole = (expression: string) => `\${${expression}}`
    const source = `# ${hole('total')} of ${hole('total * 2')}\n\n${hole('nobody')} ${hole('bad')} \`${hole('code')}\``
    const ended = await kernel.ran(source, {
      language: 'markdown',
      unavailable: { bad: 'bad failed' },
    })
    expect(ended.kind).toBe('ok')
    expect(ended.text).toBe(`# 3 of 6\n\n⚠ nobody: nobody is not defined ⚠ bad: bad failed \`${hole('code')}\``)
    expect(ended.value?.['text/markdown']).toContain('# 3 of 6')
  })

  test('dispose can be called twice, and nothing is reported after it', async () => {
    const kernel = await TestKernel.start(place)
    await kernel.ran('1')
    const asked = kernel.kernel.variables(['x'])
    const refused = expect(asked).rejects.toThrow('The kernel is gone')
    kernel.run('2')
    const { length } = kernel.reports
    await Promise.all([kernel.kernel.dispose(), kernel.kernel.dispose()])
    await kernel.kernel.dispose()
    await refused
    kernel.run('3')
    await expect(kernel.kernel.variables([])).rejects.toThrow('The kernel is gone')
    expect(kernel.reports).toHaveLength(length)
  })
})
