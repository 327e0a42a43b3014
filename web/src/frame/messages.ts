/** What the page and the chart frame say to each other. */

export const LIBRARIES = ['vega-lite', 'vega', 'plotly'] as const
export type Library = (typeof LIBRARIES)[number]

/** Colours as the libraries read them, which know no custom properties. */
export interface ChartTheme {
  dark: boolean
  ink: string
  muted: string
  line: string
  surface: string
  bad: string
  font: string
  /** Whoever looks asked for no motion. */
  still: boolean
}

export interface DrawRequest {
  library: Library
  /** Somebody's: it may be anything. */
  spec: unknown
  theme: ChartTheme
}

/** All that the frame ever says. */
export interface FrameReply {
  height: number
}
