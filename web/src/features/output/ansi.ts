export interface Style {
  fg?: string
  bg?: string
  bold?: boolean
  dim?: boolean
  italic?: boolean
  underline?: boolean
  strike?: boolean
  /** Ink and paper change places. */
  inverse?: boolean
}

export interface Span {
  text: string
  style: Style
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const SEQUENCE = /\x1b(?:\[([0-9;:]*)([A-Za-z])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g

/** The beginning of a text that ends here, but in the middle of no sequence and of no character. */
export function cutPlace(text: string, at: number): number {
  const begun = text.lastIndexOf('\x1b', at - 1)
  const sequence = begun < 0 ? undefined : new RegExp(SEQUENCE.source, 'y')
  if (sequence) {
    sequence.lastIndex = begun
    if (sequence.test(text) && sequence.lastIndex > at) return begun
  }
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at - 1 : at
}

function palette(index: number): string {
  if (index < 16) return `var(--ansi-${index})`
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return `rgb(${grey} ${grey} ${grey})`
  }
  const level = (n: number) => (n === 0 ? 0 : 55 + n * 40)
  const cube = index - 16
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`
}

/** `38;5;n` and `38;2;r;g;b`; answers how many codes were taken. */
function extended(codes: number[], at: number): { colour?: string; taken: number } {
  if (codes[at] === 5) return { colour: palette(codes[at + 1] ?? 0), taken: 2 }
  if (codes[at] === 2) return { colour: `rgb(${codes.slice(at + 1, at + 4).join(' ')})`, taken: 4 }
  return { taken: 0 }
}

function applied(style: Style, code: number): Style {
  if (code === 0) return {}
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 3) return { ...style, italic: true }
  if (code === 4) return { ...style, underline: true }
  if (code === 7) return { ...style, inverse: true }
  if (code === 9) return { ...style, strike: true }
  if (code === 22) return { ...style, bold: false, dim: false }
  if (code === 23) return { ...style, italic: false }
  if (code === 24) return { ...style, underline: false }
  if (code === 27) return { ...style, inverse: false }
  if (code === 29) return { ...style, strike: false }
  if (code === 39) return { ...style, fg: undefined }
  if (code === 49) return { ...style, bg: undefined }
  if (code >= 30 && code <= 37) return { ...style, fg: palette(code - 30) }
  if (code >= 40 && code <= 47) return { ...style, bg: palette(code - 40) }
  if (code >= 90 && code <= 97) return { ...style, fg: palette(code - 82) }
  if (code >= 100 && code <= 107) return { ...style, bg: palette(code - 92) }
  return style
}

function restyled(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number)
  let next = style
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0
    if (code !== 38 && code !== 48) {
      next = applied(next, code)
      continue
    }
    const { colour, taken } = extended(codes, at + 1)
    next = code === 38 ? { ...next, fg: colour } : { ...next, bg: colour }
    at += taken
  }
  return next
}

/** A lone carriage return starts its line over, as progress bars do. */
function overwritten(text: string): string {
  if (!text.includes('\r')) return text
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.slice(line.replace(/\r+$/, '').lastIndexOf('\r') + 1))
    .join('\n')
}

/** Terminal text as styled spans; sequences that are not about style are left out. */
export function parseAnsi(raw: string): Span[] {
  const text = overwritten(raw)
  const spans: Span[] = []
  let style: Style = {}
  let from = 0
  const push = (to: number) => to > from && spans.push({ text: text.slice(from, to), style })
  for (const match of text.matchAll(SEQUENCE)) {
    push(match.index)
    from = match.index + match[0].length
    if (match[2] === 'm') style = restyled(style, match[1] || '0')
  }
  push(text.length)
  return spans
}
