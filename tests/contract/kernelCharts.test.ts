import { describe, expect, test } from 'vitest'
import { type Place, TestKernel } from '../support/kernelHarness.ts'

const VEGA_LITE = 'application/vnd.vegalite.v6+json'
const PLOTLY = 'application/vnd.plotly.v1+json'

describe.each<Place>(['in process', 'Deno'])('a kernel, %s: charts as values', (place) => {
  test('vegaLite() shows a specification with its data, and words for where it cannot be drawn', async () => {
    await using kernel = await TestKernel.start(place)
    const shown = await kernel.ran(`
      const values = [{ month: 'Jan', n: 1 }, { month: 'Feb', n: 2 }]
      vegaLite({ title: { text: ['Sales', 'by month'] }, data: { values }, mark: { type: 'bar' } })`)
    expect(shown.value).toEqual({
      [VEGA_LITE]: {
        title: { text: ['Sales', 'by month'] },
        data: {
          values: [
            { month: 'Jan', n: 1 },
            { month: 'Feb', n: 2 },
          ],
        },
        mark: { type: 'bar' },
      },
      'text/plain': 'Vega-Lite chart (bar): Sales by month',
    })
  })

  test('what data of a chart is often made of becomes JSON that charts read', async () => {
    await using kernel = await TestKernel.start(place)
    const shown = await kernel.ran(`
      const row = { at: new Date(0), n: 12n, gone: undefined, gap: NaN, never: new Date(NaN) }
      display(vegaLite({ data: { values: Object.assign([row], { columns: ['at'] }) }, mark: 'point' }))
      plotly([{ y: Float64Array.of(1, 2.5) }, { type: 'bar', y: [, 3] }], { title: { text: 'Two' } }, { scrollZoom: true })`)
    expect(shown.outputs[0]).toMatchObject({
      data: { [VEGA_LITE]: { data: { values: [{ at: '1970-01-01T00:00:00.000Z', n: 12, gap: null, never: null }] } } },
    })
    expect(shown.value).toEqual({
      [PLOTLY]: {
        data: [{ y: [1, 2.5] }, { type: 'bar', y: [null, 3] }],
        layout: { title: { text: 'Two' } },
        config: { scrollZoom: true },
      },
      'text/plain': 'Plotly chart (scatter, bar): Two',
    })
  })

  test('a chart is a copy: what becomes of its data later does not change it', async () => {
    await using kernel = await TestKernel.start(place)
    const shown = await kernel.ran(`
      const data = { values: [1] }
      const chart = vegaLite({ data, mark: 'point' })
      data.values.push(2)
      chart`)
    expect(shown.value?.[VEGA_LITE]).toEqual({ data: { values: [1] }, mark: 'point' })
  })

  test.each([
    ['vegaLite("bar")', 'TypeError', /takes a specification such as .*, not a string/],
    ['vegaLite([1])', 'TypeError', /not a list/],
    ['vegaLite(new Map())', 'TypeError', /not an object of a class/],
    ['vegaLite({ $schema: "https://vega.github.io/schema/vega/v6.json" })', 'TypeError', /says that this one is Vega/],
    ['vegaLite({ data: { values: [{ f() {} }] } })', 'TypeError', /spec\.data\.values\[0\]\.f is a function/],
    ['vegaLite({ data: { "my set": new Set() } })', 'TypeError', /spec\.data\["my set"\] is a Set/],
    ['vegaLite({ get mark() { throw 1 } })', 'TypeError', /spec\.mark is a getter/],
    ['const loop = {}; loop.loop = loop; vegaLite(loop)', 'TypeError', /contains itself/],
    ['vegaLite({ data: { values: Array(1e6).fill(1) } })', 'RangeError', /more than \d+ KB: aggregate or sample/],
    ['vegaLite({ data: { values: Array(70_000).fill(0.123456789) } })', 'RangeError', /is \d+ KB of \d+ KB: aggregate/],
    ['plotly({ data: [] })', 'TypeError', /takes a list of traces, not an object: plotly\(\[\{/],
    ['plotly(new Map())', 'TypeError', /not an object of a class/],
    ['plotly([1])', 'TypeError', /item 0 is a number/],
    ['plotly([], "layout")', 'TypeError', /layout of plotly\(\) is an object, not a string/],
  ])('%s says what is wrong', async (source, name, message) => {
    await using kernel = await TestKernel.start(place)
    const ended = await kernel.ran(source)
    expect(ended.error).toMatchObject({ name })
    expect(ended.message).toMatch(message)
  })

  test('the largest chart that is taken is shown whole', async () => {
    await using kernel = await TestKernel.start(place)
    const shown = await kernel.ran('vegaLite({ data: { values: Array(60_000).fill(0.123456789) }, mark: "tick" })')
    expect(shown.value).toMatchObject({ [VEGA_LITE]: { mark: 'tick' }, 'text/plain': 'Vega-Lite chart (tick)' })
  })

  test('an object of a package that says how it looks is shown as that', async () => {
    await using kernel = await TestKernel.start(place)
    const shown = await kernel.ran(`({ [Symbol.for('Jupyter.display')]: () => ({ '${PLOTLY}': { data: [], layout: {} } }) })`)
    expect(shown.value?.[PLOTLY]).toEqual({ data: [], layout: {} })
    expect(typeof shown.text).toBe('string')
  })

  test('[G5] a definition of the same name hides it, and Markdown writes its words', async () => {
    await using kernel = await TestKernel.start(place)
    await kernel.ran('const plotly = 5')
    expect((await kernel.ran('plotly')).json).toBe(5)
    const prose = await kernel.ran(`Look: \${vegaLite({ mark: "bar", title: "Sales" })}`, { language: 'markdown' })
    expect(prose.value?.['text/markdown']).toBe('Look: Vega\\-Lite chart \\(bar\\)\\: Sales')
  })

  test('Plot draws without a browser, the ramp of a continuous legend included', async () => {
    await using kernel = await TestKernel.start(place)
    const shown = await kernel.ran(
      'Plot.plot({ color: { legend: true, scheme: "reds" }, marks: [Plot.dot([1, 5], { x: (d) => d, fill: (d) => d })] })',
    )
    const markup = String(shown.value?.['text/html'])
    const [, ramp = ''] = /<image [^>]*href="data:image\/svg\+xml,([^"]+)"/.exec(markup) ?? []
    const stops = [...decodeURIComponent(ramp).matchAll(/stop-color="([^"]+)"/g)].map(([, colour]) => colour)
    expect(stops).toHaveLength(52)
    expect([stops[0], stops.at(-1)]).toEqual(['rgb(255, 245, 240)', 'rgb(103, 0, 13)'])
    expect(markup.match(/<circle /g)).toHaveLength(2)
  })

  test('Plot’s raster is a bitmap, coarser where it would be too large', async () => {
    await using kernel = await TestKernel.start(place)
    const drawn = async (options: string) => {
      const { value } = await kernel.ran(
        `Plot.raster({ x1: 0, y1: 0, x2: 1, y2: 1, ${options}, fill: (x) => (x < 0.5 ? 'rgb(1, 2, 3)' : 'rgb(250, 0, 9)') }).plot()`,
      )
      const [, bitmap = ''] = /<image [^>]*href="data:image\/bmp;base64,([^"]+)"/.exec(String(value?.['image/svg+xml'])) ?? []
      return Buffer.from(bitmap, 'base64')
    }
    const small = await drawn('width: 4, height: 2')
    expect([small.toString('latin1', 0, 2), small.readUInt32LE(2), small.readInt32LE(18), small.readInt32LE(22)]).toEqual([
      'BM',
      small.length,
      4,
      -2,
    ])
    const row = small.subarray(small.readUInt32LE(10)).subarray(0, 16)
    expect([...row]).toEqual([1, 2, 3, 255, 1, 2, 3, 255, 250, 0, 9, 255, 250, 0, 9, 255])
    const large = await drawn('width: 1000, height: 400')
    expect([large.readInt32LE(18), large.readInt32LE(22)]).toEqual([500, -200])
  })

  test('what follows Plot’s pointer is drawn beforehand, hidden, and not for more points than a pointer tells apart', async () => {
    await using kernel = await TestKernel.start(place)
    const drawn = async (source: string) => String((await kernel.ran(source)).value?.['image/svg+xml'])
    const few = await drawn('Plot.dot([[1, 2], [3, 4], [5, NaN]], { tip: true }).plot()')
    expect(few.match(/data-at="[-\d.]+ [-\d.]+"/g)).toHaveLength(2)
    expect(few.match(/display="none"/g)).toHaveLength(2)
    expect(few).toContain('data-tip="{')
    expect(few.match(/<circle /g)).toHaveLength(2)
    const many = await drawn('Plot.lineY(Array.from({ length: 2_000 }, (_, n) => n % 7), { tip: "x" }).plot()')
    const places = many.match(/data-at/g) ?? []
    expect(places.length).toBeGreaterThan(200)
    expect(places.length).toBeLessThanOrEqual(500)
    expect(await drawn('Plot.dot([[1, 2]]).plot()')).not.toMatch(/data-(at|tip|pointer)/)
  })

  test('a chart that nearly fills an output has less that follows the pointer, and is shown', async () => {
    await using kernel = await TestKernel.start(place)
    const { value } = await kernel.ran(`
      const points = Array.from({ length: 9_000 }, (_, n) => [n, Math.sin(n)])
      Plot.dot(points, { tip: true, title: (d) => String(d[1]) }).plot()`)
    const markup = String(value?.['image/svg+xml'])
    expect(markup.match(/<circle /g)).toHaveLength(9_000)
    expect(markup.match(/data-at/g)?.length).toBeLessThan(400)
  })
})
