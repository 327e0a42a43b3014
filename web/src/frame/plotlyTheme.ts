import { isRecord } from './drawing.ts'
import type { ChartTheme } from './messages.ts'

/** Colours for what a layout leaves open, as the lowest layer of Plotly's own. */
export function plotlyTemplate(layout: Record<string, unknown>, traces: readonly unknown[], theme: ChartTheme): object {
  const { font } = theme
  const margin = { l: 56, r: 24, t: layout.title || traces.some(hasNamesAbove) ? 64 : 24, b: 48 }
  // On a background of its own, Plotly's own dark ink is the readable one.
  if ('paper_bgcolor' in layout) return { layout: { font: { family: font }, margin } }
  const { ink, muted, line, surface } = theme
  const axis = { gridcolor: line, zerolinecolor: muted, linecolor: muted, tickcolor: muted, automargin: true }
  const flat = 'rgba(0,0,0,0)'
  const wall = { ...axis, backgroundcolor: flat, color: ink }
  return {
    layout: {
      margin,
      font: { family: font, color: ink },
      paper_bgcolor: flat,
      plot_bgcolor: flat,
      xaxis: axis,
      yaxis: axis,
      scene: { xaxis: wall, yaxis: wall, zaxis: wall },
      polar: { bgcolor: flat, radialaxis: axis, angularaxis: axis },
      ternary: { bgcolor: flat, aaxis: axis, baxis: axis, caxis: axis },
      geo: { bgcolor: flat, landcolor: line, lakecolor: surface, coastlinecolor: muted },
      hoverlabel: { bgcolor: surface, bordercolor: muted, font: { color: ink, family: font } },
      legend: { bgcolor: flat },
      modebar: { bgcolor: flat, color: muted, activecolor: ink },
    },
  }
}

/** Its axes stand upright and carry their names on top. */
function hasNamesAbove(trace: unknown): boolean {
  return isRecord(trace) && (trace.type === 'parcoords' || trace.type === 'parcats')
}
