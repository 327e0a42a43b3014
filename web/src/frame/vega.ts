import embed, { type VisualizationSpec } from 'vega-embed'
import { expressionInterpreter } from 'vega-interpreter'
import { type Draw, isRecord, type Place } from './drawing.ts'
import { themeConfig } from './vegaTheme.ts'

/** From here on one element a mark is too much for a page. */
const SVG_MARKS = 3_000

/** Expressions are interpreted and never become code. */
export function drawVega(mode: 'vega-lite' | 'vega'): Draw {
  return async (spec, place) => {
    const { theme } = place
    // `usermeta` would override what is decided here; the schema's address only serves editors.
    const { usermeta: _usermeta, $schema: _schema, ...rest } = spec
    // Whether it is a specification is for the library to find out: what it throws is shown.
    const { finalize } = await embed(place.element, rest as VisualizationSpec, {
      mode,
      ast: true,
      expr: expressionInterpreter,
      actions: false,
      defaultStyle: false,
      renderer: countRows(spec) > SVG_MARKS ? 'canvas' : 'svg',
      loader: closedLoader(place),
      logger: silentLogger(),
      config: themeConfig(spec, place),
      tooltip: { theme: theme.dark ? 'dark' : 'light' },
      ...(theme.still && { patch: withoutTimers }),
    })
    return { end: finalize, fitted: mode === 'vega-lite' }
  }
}

function countRows({ data, datasets }: Record<string, unknown>): number {
  const lists = [isRecord(data) ? data.values : undefined, ...(isRecord(datasets) ? Object.values(datasets) : [])]
  return Math.max(0, ...lists.map((list) => (Array.isArray(list) ? list.length : 0)))
}

/** Loads nothing and follows no link; images may be in the specification itself. */
function closedLoader({ refuse }: Place) {
  const refused = (url: string) => {
    refuse(url)
    return Promise.reject(new Error(`Charts load nothing: ${url}`))
  }
  return {
    load: refused,
    http: refused,
    file: refused,
    sanitize: (url: string, { context }: { context?: string }) => {
      if (context === 'image') return /^data:image\//i.test(url) ? Promise.resolve({ href: url }) : refused(url)
      return Promise.reject(new Error('Links in charts are not followed'))
    },
  }
}

/** What Vega warns of is for its authors; errors are thrown and shown. */
function silentLogger() {
  const silent = {
    level: () => silent,
    error: () => silent,
    warn: () => silent,
    info: () => silent,
    debug: () => silent,
  }
  return silent
}

/** For whoever asked for no motion, animations stand still. */
function withoutTimers<T extends { config?: object }>(spec: T): T {
  return { ...spec, config: { ...spec.config, events: { timer: false } } }
}
