import { describe, expect, it } from 'vitest'
import { chartName, chartTable, expectedHeight } from '../../../web/src/features/output/chart.ts'
import { chooseRepresentation } from '../../../web/src/features/output/choose.ts'
import { type FramePlace, LiveFrames } from '../../../web/src/features/output/liveFrames.ts'

describe('choosing a chart', () => {
  it.each([
    ['application/vnd.vegalite.v6+json', 'vega-lite'],
    ['application/vnd.vegalite.v5+json', 'vega-lite'],
    ['application/vnd.vega.v6+json', 'vega'],
    ['application/vnd.plotly.v1+json', 'plotly'],
  ])('%s is drawn by %s, before any markup beside it', (type, library) => {
    const spec = { mark: 'bar' }
    const bundle = { [type]: spec, 'text/html': '<b>big</b>', 'text/plain': 'words' }
    expect(chooseRepresentation(bundle)).toEqual({ kind: 'chart', library, spec, text: 'words' })
  })

  it('leaves what is no specification to the next representation', () => {
    expect(chooseRepresentation({ 'application/vnd.vegalite.v6+json': 'bar', 'text/plain': 'words' }).kind).toBe('text')
    expect(chooseRepresentation({ 'application/vnd.plotly.v1+json': [1], 'text/plain': 'words' }).kind).toBe('text')
  })
})

describe('a chart', () => {
  it('is called what it says itself', () => {
    expect(chartName('vega-lite', { title: { text: ['Two', 'lines'] }, description: 'More' })).toBe('Chart: Two lines. More')
    expect(chartName('vega-lite', { description: 'Only this' })).toBe('Chart: Only this')
    expect(chartName('plotly', { layout: { title: { text: 'Traces' } } })).toBe('Chart: Traces')
    expect(chartName('plotly', { layout: null })).toBe('Chart')
    expect(chartName('vega', { title: 'x'.repeat(1_000) })).toHaveLength(207)
  })

  it('has room kept for it, and never more than is sensible', () => {
    expect(expectedHeight('vega-lite', { height: 100 })).toBeLessThan(expectedHeight('vega-lite', {}))
    expect(expectedHeight('plotly', { layout: { height: 700 } })).toBe(702)
    expect(expectedHeight('plotly', { layout: { height: 1e9 } })).toBeLessThan(5_000)
    expect(expectedHeight('vega-lite', { height: 'container' })).toBe(expectedHeight('vega-lite', {}))
  })

  it('shows its data as a table', () => {
    expect(chartTable('vega-lite', { data: { values: [{ a: 1 }, { b: 'x' }] } })).toEqual({
      columns: [{ name: 'a' }, { name: 'b' }],
      rows: [{ a: 1 }, { b: 'x' }],
      total: 2,
    })
    expect(chartTable('vega-lite', { data: { name: 'd' }, datasets: { d: [5] } })?.rows).toEqual([{ data: 5 }])
    const traces = [
      { name: 'one', x: ['p', 'q'], y: [1, 2] },
      { type: 'pie', labels: ['r'], values: [3] },
    ]
    expect(chartTable('plotly', { data: traces })?.rows).toEqual([
      { trace: 'one', x: 'p', y: 1 },
      { trace: 'one', x: 'q', y: 2 },
      { trace: 'trace 1', labels: 'r', values: 3 },
    ])
    expect(chartTable('vega-lite', { data: { url: 'https://example.org' } })).toBeUndefined()
    expect(chartTable('plotly', { data: 'nothing' })).toBeUndefined()
  })
})

describe('live frames', () => {
  const places = (count: number) => {
    const live = new Set<number>()
    const made = Array.from({ length: count }, (_, n): FramePlace => {
      return { near: false, setLive: (yes) => (yes ? live.add(n) : live.delete(n)) }
    })
    return { live, made }
  }

  it('beyond the most, the one that came near the longest ago goes, unless it is still near', () => {
    const frames = new LiveFrames(2)
    const { live, made } = places(4)
    const [first, second, third, fourth] = made as [FramePlace, FramePlace, FramePlace, FramePlace]
    frames.approach(first)
    frames.approach(second)
    frames.depart(second)
    expect([...live]).toEqual([0, 1])
    frames.approach(third)
    expect([...live]).toEqual([0, 2])
    frames.approach(fourth)
    expect([...live], 'all of them near').toEqual([0, 2, 3])
    frames.depart(first)
    expect([...live]).toEqual([2, 3])
    frames.approach(first)
    expect([...live], 'and comes back').toEqual([2, 3, 0])
  })
})
