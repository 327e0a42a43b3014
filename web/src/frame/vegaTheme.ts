import type { Config } from 'vega-embed'
import { isRecord, type Place } from './drawing.ts'

/** Axes and their labels beside a drawing that fits the frame. */
const BESIDE = 110
const NARROWEST = 140
const WIDEST = 520
const HEIGHT = 260
/** Less than this has no room for a legend beside the drawing. */
const NARROW = 480

/** Colours and sizes for what a specification leaves open; what it says itself goes before. */
export function themeConfig(spec: Record<string, unknown>, { theme, width }: Place): Config {
  const { font } = theme
  const room = Math.max(NARROWEST, Math.min(WIDEST, width - BESIDE))
  const single = 'mark' in spec || 'layer' in spec
  const legend = width < NARROW ? { orient: 'bottom' as const, columns: 3 } : {}
  const size = { ...(single && { view: { continuousWidth: room, continuousHeight: HEIGHT } }), legend }
  // On a background of its own, Vega's own dark ink is the readable one.
  if (hasBackground(spec)) return { font, ...size }
  const { ink, muted, line } = theme
  return {
    font,
    background: 'transparent',
    ...size,
    view: { stroke: line, ...size.view },
    axis: { domainColor: muted, tickColor: muted, gridColor: line, labelColor: ink, titleColor: ink },
    legend: { ...legend, labelColor: ink, titleColor: ink },
    header: { labelColor: ink, titleColor: ink },
    title: { color: ink, subtitleColor: muted },
    text: { color: ink },
    rule: { color: ink },
    tick: { color: ink },
    boxplot: { median: { color: theme.surface } },
    style: { 'guide-label': { fill: ink }, 'guide-title': { fill: ink }, text: { fill: ink } },
  }
}

function hasBackground({ background, config }: Record<string, unknown>): boolean {
  const own = background ?? (isRecord(config) ? config.background : undefined)
  return typeof own === 'string' && own !== 'transparent' && own !== 'none'
}
