import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'

export interface Mark {
  axis: string
  what: string
  size: number
  /** Milliseconds. */
  cost: number
}

/** One panel for each axis, both scales logarithmic, as SVG. */
export function picture(marks: readonly Mark[]): Promise<string> {
  const spec: TopLevelSpec = {
    data: { values: [...marks] },
    background: 'white',
    columns: 2,
    facet: { field: 'axis', title: null, sort: null },
    spec: {
      width: 320,
      height: 200,
      mark: { type: 'line', point: true },
      encoding: {
        x: { field: 'size', type: 'quantitative', scale: { type: 'log' }, title: 'how many' },
        y: { field: 'cost', type: 'quantitative', scale: { type: 'log' }, title: 'ms' },
        color: { field: 'what', type: 'nominal', title: null, sort: null, legend: { labelLimit: 300 } },
      },
    },
    resolve: { scale: { x: 'independent', y: 'independent', color: 'shared' } },
  }
  return new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG()
}
