import { type Draw, type Drawing, isRecord, type Place } from './drawing.ts'
import type { ChartTheme, DrawRequest, FrameReply, Library } from './messages.ts'

/**
 * The inside of the chart frame: a document without an origin, with a policy that lets nothing in or out. It gets a
 * specification by message, draws it with code of ours, and says only how tall it is.
 */

const DRAW: Record<Library, () => Promise<Draw>> = {
  'vega-lite': () => import('./vega.ts').then(({ drawVega }) => drawVega('vega-lite')),
  vega: () => import('./vega.ts').then(({ drawVega }) => drawVega('vega')),
  plotly: () => import('./plotly.ts').then(({ drawPlotly }) => drawPlotly),
}

const RESIZE_MS = 150
const MESSAGE_LENGTH = 2_000
const REFUSED_SHOWN = 3

const root = document.getElementById('root') as HTMLElement
let latest: DrawRequest | undefined
let shown: { drawing: Drawing; element: HTMLElement } | undefined
let refused = new Set<string>()

function report(): void {
  const reply: FrameReply = { height: Math.ceil(root.getBoundingClientRect().height) }
  parent.postMessage(reply, '*')
}

function applyTheme({ dark, ink, muted, bad, font }: ChartTheme): void {
  const { style } = document.documentElement
  style.colorScheme = dark ? 'dark' : 'light'
  style.setProperty('--muted', muted)
  style.setProperty('--bad', bad)
  document.body.style.color = ink
  document.body.style.fontFamily = font
}

/** Draws beside what is there and then takes its place: nothing collapses, piles up or flickers in between. */
async function draw(request: DrawRequest): Promise<void> {
  latest = request
  const element = document.createElement('div')
  element.className = 'place waiting'
  root.append(element)
  const urls = new Set<string>()
  refused = urls
  // The library's own, so that what is said below the chart disturbs no measure of it.
  const canvas = document.createElement('div')
  element.append(canvas)
  const drawing = await attempt(request, {
    element: canvas,
    width: root.clientWidth,
    theme: request.theme,
    refuse: (url) => {
      urls.add(url)
      if (shown?.element === element) showRefused()
    },
  })
  if (latest !== request) {
    drawing.end()
    element.remove()
    return
  }
  shown?.drawing.end()
  shown = { drawing, element }
  applyTheme(request.theme)
  element.classList.remove('waiting')
  root.replaceChildren(element)
  showRefused()
  // At once: a frame off the screen is told of no change in size.
  report()
}

async function attempt({ library, spec }: DrawRequest, place: Place): Promise<Drawing> {
  try {
    if (!isRecord(spec)) throw new Error('its specification is no object')
    const drawer = await DRAW[library]()
    return await drawer(spec, place)
  } catch (error) {
    const problem = document.createElement('pre')
    problem.className = 'problem'
    problem.textContent = `This chart cannot be drawn: ${messageOf(error).slice(0, MESSAGE_LENGTH)}`
    place.element.replaceChildren(problem)
    return { end: () => undefined }
  }
}

/** A library that stumbles over what it was given throws a type error of its own, which alone says little. */
function messageOf(error: unknown): string {
  if (error instanceof TypeError) return `its specification is not understood (${error.message})`
  return error instanceof Error ? error.message : String(error)
}

/** A chart that lacks something says so. */
function showRefused(): void {
  if (refused.size === 0 || !shown) return
  const note = shown.element.querySelector('.refused') ?? document.createElement('p')
  const urls = [...refused].slice(0, REFUSED_SHOWN).map((url) => (url.length > 100 ? `${url.slice(0, 100)}…` : url))
  const more = refused.size > urls.length ? ` and ${refused.size - urls.length} more` : ''
  note.className = 'refused'
  note.textContent = `Not loaded: ${urls.join(', ')}${more}. A chart is drawn from its own specification alone: put the data into it.`
  shown.element.append(note)
}

function redrawAtNewWidth(): void {
  let width = innerWidth
  let timer: ReturnType<typeof setTimeout> | undefined
  addEventListener('resize', () => {
    if (innerWidth === width) return
    width = innerWidth
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (latest && shown?.drawing.fitted) void draw(latest)
    }, RESIZE_MS)
  })
}

addEventListener('message', (event: MessageEvent<DrawRequest>) => {
  if (event.source !== parent) return
  // The first words on a new background must be readable before the chart is there.
  if (!shown) applyTheme(event.data.theme)
  void draw(event.data)
})
addEventListener('securitypolicyviolation', ({ blockedURI }) => {
  if (!/^https?:/.test(blockedURI)) return
  refused.add(blockedURI)
  showRefused()
})
// A link would lead the frame away, to a page that is not shown here.
addEventListener('click', (event) => event.target instanceof Element && event.target.closest('a') && event.preventDefault(), true)
redrawAtNewWidth()
new ResizeObserver(() => shown && report()).observe(root)
