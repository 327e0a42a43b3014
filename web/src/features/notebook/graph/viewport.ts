/** Which part of a drawing is seen: its corner in the view, and its scale. */
export interface Viewport {
  x: number
  y: number
  scale: number
}

export interface Size {
  width: number
  height: number
}

export const SCALES = { least: 0.05, most: 2, step: 1.3 }
/** Below it the names cannot be read. */
const READABLE = 0.6
const MARGIN = 16
/** So much of the drawing stays in view, wherever it is pushed. */
const KEPT = 48

const between = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most)

/** All of it, in the middle, never larger than life. */
export function fitted(view: Size, drawing: Size): Viewport {
  const scale = Math.min(
    1,
    (view.width - 2 * MARGIN) / Math.max(1, drawing.width),
    (view.height - 2 * MARGIN) / Math.max(1, drawing.height),
  )
  return centred(view, { x: drawing.width / 2, y: drawing.height / 2 }, Math.max(SCALES.least, scale))
}

/** With this point of the drawing in the middle of the view. */
export function centred(view: Size, point: { x: number; y: number }, scale: number): Viewport {
  return { scale, x: view.width / 2 - point.x * scale, y: view.height / 2 - point.y * scale }
}

/** At first: all of it, as long as that can be read; else around this point. */
export function opened(view: Size, drawing: Size, around: { x: number; y: number }): Viewport {
  const all = fitted(view, drawing)
  return all.scale >= READABLE ? all : filled(centred(view, around, READABLE + 0.2), view, drawing)
}

/** Without an empty margin where the drawing could be. */
function filled(viewport: Viewport, view: Size, drawing: Size): Viewport {
  const along = (offset: number, room: number, length: number) =>
    length + 2 * MARGIN <= room ? (room - length) / 2 : between(offset, room - length - MARGIN, MARGIN)
  return {
    ...viewport,
    x: along(viewport.x, view.width, drawing.width * viewport.scale),
    y: along(viewport.y, view.height, drawing.height * viewport.scale),
  }
}

/** Larger or smaller, with the point of the view under the pointer where it is. */
export function zoomed(viewport: Viewport, by: number, at: { x: number; y: number }): Viewport {
  const scale = between(viewport.scale * by, SCALES.least, SCALES.most)
  const ratio = scale / viewport.scale
  return { scale, x: at.x - (at.x - viewport.x) * ratio, y: at.y - (at.y - viewport.y) * ratio }
}

/** Not pushed out of sight. */
export function kept(viewport: Viewport, view: Size, drawing: Size): Viewport {
  const { scale } = viewport
  return {
    scale,
    x: between(viewport.x, KEPT - drawing.width * scale, view.width - KEPT),
    y: between(viewport.y, KEPT - drawing.height * scale, view.height - KEPT),
  }
}

/** Pushed just as far as needed for this rectangle of the drawing to be seen. */
export function showing(viewport: Viewport, view: Size, box: { x: number; y: number } & Size): Viewport {
  const push = (offset: number, start: number, length: number, room: number) => {
    const from = offset + start * viewport.scale
    const to = from + length * viewport.scale
    if (from < MARGIN) return offset + MARGIN - from
    return to > room - MARGIN ? offset - (to - room + MARGIN) : offset
  }
  return {
    ...viewport,
    x: push(viewport.x, box.x, box.width, view.width),
    y: push(viewport.y, box.y, box.height, view.height),
  }
}
