/** Response headers: what a page of ours may do, and what a page with a user's HTML may do. */

const join = (directives: Record<string, string>) =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`.trim())
    .join('; ')

const APP = {
  'default-src': "'none'",
  'script-src': "'self'",
  // CodeMirror and React set styles at run time.
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'frame-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
  'require-trusted-types-for': "'script'",
  // Ours makes addresses of workers, from this origin only.
  'trusted-types': 'dompurify rivulet-worker',
}

/** In development Vite adds inline scripts and its own socket; Trusted Types would stop its overlay. */
const DEV = {
  ...APP,
  'script-src': "'self' 'unsafe-inline'",
  'connect-src': "'self' ws: wss:",
  'require-trusted-types-for': '',
  'trusted-types': '',
}

/** A page without an origin: scripts of a user's HTML run, and reach nothing. */
const SANDBOX = {
  sandbox: 'allow-scripts',
  'default-src': "'none'",
  'script-src': "'unsafe-inline'",
  'style-src': "'unsafe-inline'",
  'img-src': 'data: blob:',
  'font-src': 'data:',
  'form-action': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'self'",
}

/** A page without an origin that draws charts: only code of ours runs, whatever a user's specification says, and reaches nothing. */
const CHARTS = { ...SANDBOX, 'script-src': "'self'" }

/** Of every answer, also of the API's: it is what it says it is, and its address is told to nobody. */
export const ANY_HEADERS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

const COMMON = {
  ...ANY_HEADERS,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
}

export function pageHeaders(development: boolean): Record<string, string> {
  const policy = Object.fromEntries(Object.entries(development ? DEV : APP).filter(([, value]) => value !== ''))
  return { ...COMMON, 'cross-origin-resource-policy': 'same-origin', 'content-security-policy': join(policy) }
}

/** Pages that are shown in frames, by the name of their file. */
export const FRAME_HEADERS: ReadonlyMap<string, Record<string, string>> = new Map([
  ['sandbox.html', { ...COMMON, 'content-security-policy': join(SANDBOX) }],
  ['frame.html', { ...COMMON, 'content-security-policy': join(CHARTS) }],
])

/** Chart code is loaded by frames that have no origin; the files are public. */
export const ASSET_HEADERS: Record<string, string> = {
  ...COMMON,
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
}

/**
 * In development, what the chart frame loads. It has no origin, so these answer everybody, as the built files do; the
 * sources of the app, and whatever else Vite would read from this disk, answer the app alone.
 */
const CHART_CODE = [
  /^\/(src\/frame|node_modules\/\.vite\/deps)\/[\w.-]+\.(ts|js)$/,
  /^\/@fs\/[\w./@+-]+\/plotly\.js-strict-dist-min\/plotly-strict\.min\.js$/,
]

export function developmentHeaders(url: string): Record<string, string> {
  // The query says nothing about which file is read.
  const path = url.split('?')[0] ?? ''
  return FRAME_HEADERS.get(path.slice(1)) ?? (CHART_CODE.some((code) => code.test(path)) ? ASSET_HEADERS : pageHeaders(true))
}
