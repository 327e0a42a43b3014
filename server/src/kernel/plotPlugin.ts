import { createRequire } from 'node:module'
import type { Plugin } from 'rolldown'

/**
 * Plot draws into the browser's document; here it gets one that needs no browser. That document has no canvas, on which
 * Plot paints the ramp of a continuous legend pixel by pixel: its colours become the stops of a gradient instead.
 */
export function plotWithoutBrowser(): Plugin {
  const linkedom = createRequire(import.meta.url).resolve('linkedom')
  const documentOf = `import { parseHTML as $parse } from ${JSON.stringify(linkedom)}
const $document = $parse('<!doctype html><html><body></body></html>').document
`
  const rampOf = `function $ramp() {
  const colours = []
  let colour = ''
  const context = { set fillStyle(next) { colour = String(next) }, fillRect() { colours.push(colour) } }
  const stop = (each, i) => '<stop offset="' + i / (colours.length - 1) + '" stop-color="' + each.replace(/[^\\w#(),.%+ -]/g, '') + '"/>'
  return {
    getContext: () => context,
    toDataURL() {
      const stops = colours.map(stop).filter((_, i) => i % 5 === 0).join('')
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="1" viewBox="0 0 256 1" preserveAspectRatio="none">' +
        '<linearGradient id="r">' + stops + '</linearGradient><rect width="256" height="1" fill="url(#r)"/></svg>'
      return 'data:image/svg+xml,' + encodeURIComponent(svg)
    },
  }
}
`
  const patches = [
    {
      file: '/plot/src/context.js',
      found: 'typeof window !== "undefined" ? window.document : undefined',
      put: '$document',
      before: documentOf,
    },
    { file: '/plot/src/legends/ramp.js', found: 'context.document.createElement("canvas")', put: '$ramp()', before: rampOf },
  ]
  return {
    name: 'plot-without-browser',
    transform(code, id) {
      const patch = patches.find(({ file }) => id.endsWith(file))
      if (!patch) return null
      const { file, found, put, before } = patch
      if (!code.includes(found)) throw new Error(`Plot's ${file} no longer has what we replace: ${found}`)
      // Imports come first wherever they stand.
      return `${before}${code.replace(found, put)}`
    },
  }
}
