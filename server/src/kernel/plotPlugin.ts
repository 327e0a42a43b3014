import { createRequire } from 'node:module'
import type { Plugin } from 'rolldown'
import { POINTER_PATCHES } from './plotPointer.ts'

/** Four bytes each, and four thirds of that as text: within what an output may hold. */
const RASTER_PIXELS = 100_000
/** Of the file, and of its fourth version with masks for colours and alpha. */
const BITMAP_HEADER = 122

/**
 * Plot draws into the browser's document; here it gets one that needs no browser. That document has no canvas, on which
 * Plot paints pixel by pixel: the colours of a continuous legend become the stops of a gradient instead, a raster an image.
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
  // A bitmap with alpha, its rows from the top: no library, and every browser reads it. Coarser where it would be too much for an output.
  const pixelsOf = `function $pixels() {
  let image
  const context = {
    createImageData: (width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) }),
    putImageData(next) { image = next },
  }
  return {
    getContext: () => context,
    toDataURL() {
      let step = 1
      while (Math.ceil(image.width / step) * Math.ceil(image.height / step) > ${RASTER_PIXELS}) step += 1
      const [width, height] = [Math.ceil(image.width / step), Math.ceil(image.height / step)]
      const bytes = new Uint8Array(${BITMAP_HEADER} + width * height * 4)
      const view = new DataView(bytes.buffer)
      bytes.set([66, 77])
      for (const [at, value] of [
        [2, bytes.length], [10, ${BITMAP_HEADER}], [14, ${BITMAP_HEADER} - 14], [18, width], [26, 1 | (32 << 16)], [30, 3], [34, width * height * 4],
        [54, 0xff], [58, 0xff00], [62, 0xff0000], [66, 0xff000000], [70, 0x73524742],
      ]) view.setUint32(at, value, true)
      view.setInt32(22, -height, true)
      for (let y = 0, to = ${BITMAP_HEADER}; y < height; y++) {
        for (let x = 0; x < width; x++, to += 4) {
          const from = (y * step * image.width + x * step) * 4
          bytes.set(image.data.subarray(from, from + 4), to)
        }
      }
      let text = ''
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
      return 'data:image/bmp;base64,' + btoa(text)
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
    { file: '/plot/src/marks/raster.js', found: 'document.createElement("canvas")', put: '$pixels()', before: pixelsOf },
    ...POINTER_PATCHES,
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
