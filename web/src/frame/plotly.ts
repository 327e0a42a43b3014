import plotlyUrl from 'plotly.js-strict-dist-min/plotly-strict.min.js?url'
import { type Draw, isRecord } from './drawing.ts'
import { plotlyTemplate } from './plotlyTheme.ts'

/** As much of Plotly as is used here. */
interface Plotly {
  newPlot(element: HTMLElement, data: unknown, layout: object, config: object): Promise<unknown>
  purge(element: HTMLElement): void
}

declare global {
  var Plotly: Plotly | undefined
}

const HEIGHT = 400

let loading: Promise<Plotly> | undefined

/** As a file of its own that nothing has to parse twice: it is made to be loaded by a script element. */
function load(): Promise<Plotly> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script')
    const failed = () => {
      loading = undefined
      reject(new Error('the code that draws it could not be loaded. Run the cell again.'))
    }
    script.src = plotlyUrl
    script.onload = () => (globalThis.Plotly ? resolve(globalThis.Plotly) : failed())
    script.onerror = failed
    document.head.append(script)
  })
  return loading
}

export const drawPlotly: Draw = async ({ data, layout: given, config }, { element, theme }) => {
  if (!Array.isArray(data)) throw new Error('a figure is { data: [traces], layout }')
  refuseMaps(data)
  const plotly = await load()
  const layout = isRecord(given) ? given : {}
  const themed = {
    height: HEIGHT,
    ...layout,
    template: layout.template ?? plotlyTemplate(layout, data, theme),
    ...(theme.still && { transition: { duration: 0 } }),
  }
  // It measures its element whenever that changes, and would forget the height it was given.
  if (typeof themed.height === 'number') element.style.height = `${themed.height}px`
  await plotly.newPlot(element, data, themed, {
    responsive: true,
    displaylogo: false,
    ...(isRecord(config) ? config : {}),
    // A frame without an origin can neither save a file nor open a page, and the console is the reader's.
    modeBarButtonsToRemove: ['toImage', ...removed(config)],
    plotlyServerURL: '',
    logging: 0,
    notifyOnLogging: 0,
  })
  return { end: () => plotly.purge(element) }
}

function removed(config: unknown): unknown[] {
  const list = isRecord(config) ? config.modeBarButtonsToRemove : undefined
  return Array.isArray(list) ? list : []
}

const MAPS = /^(choropleth|scattergeo|(scatter|choropleth|density)map(box)?)$/

/** Outlines and tiles come from other hosts; left alone, Plotly would throw where nobody can catch it. */
function refuseMaps(traces: readonly unknown[]): void {
  const map = traces.find((trace) => isRecord(trace) && MAPS.test(String(trace.type)))
  if (isRecord(map)) throw new Error(`"${map.type}" needs a map from another host, and charts load nothing from elsewhere.`)
}
